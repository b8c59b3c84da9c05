/* The tables that bind what stands in an <endpoint>, and their rules. */
#ifndef ENDPOINT_DEFINITION_H
#define ENDPOINT_DEFINITION_H

#include "endpoint/cluster.h"

/* <endpoint> itself; what stands in it decides of which kind it is. */
struct endpoint_element {
	struct str name, key_expression_text, template, uri;
	struct ref *key, *on_error;
	const struct expr *key_expression;
	struct items properties, parameters;
	struct leaf *address, *http, *default_;
	struct group *failover, *loadbalance, *recipients;
	struct cluster *cluster;
};

extern const struct schema leaf_schemas[]; /* by kind: address, http, default */
extern const struct schema failover_schema, loadbalance_schema, recipients_schema;

/* The template's <endpoint> with the instance's parameters put in; the arena's. */
const struct element *endpoint_instance(const struct element *instance,
					const struct element *template, struct arena *a);

/* Rules between the fields of a leaf; puts what was bound into its final form. */
bool leaf_check(void *self, const struct element *e, struct binder *b);
bool group_check(struct group *g, enum kind kind, const struct element *e,
		 struct str name, struct binder *b);
/* The policy of the state machine from what was bound and the global settings. */
struct health_policy leaf_policy(const struct leaf *leaf,
				 const struct endpoint_settings *s, bool in_group);

#endif
