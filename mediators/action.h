/* An action of an app: its parts, and how its request is written and its reply read. */
#ifndef MEDIATORS_ACTION_H
#define MEDIATORS_ACTION_H

#include "callable.h"

struct action_at {
	struct str env, url;
	struct str header_text;
	const struct json *headers;
	const struct node *endpoint;
};

struct action {
	struct node node;
	struct str name, app, method, resource, success;
	uint64_t timeout; /* ms */
	struct items at;  /* of struct action_at */
	struct str section_text;
	const struct json *sections, *defaults; /* defaults: of their fields */
	struct codes no_retry, abort_on;        /* see struct fallback_option */
	const struct expr *headers, *data;
	struct node reply; /* runs when the reply is whole */
};

extern const struct node_type action_reply_type;

/* NULL: it has no address there. */
const struct action_at *action_at_env(const struct action *action, struct str env);
/* Is there one for this env by its name? */
bool action_names_env(const struct action *action, struct str env);

/* Makes $Variable, $Constant and $Auth mean its app's. False: it has faulted. */
bool action_show_data(const struct action *action, struct exchange *x);

/* { name: default } of the fields that its sections declare. */
const struct json *action_defaults(const struct action *action, struct arena *a);

/* Makes the message the request. False: it has faulted. */
bool action_write_request(const struct action *action, const struct action_at *at,
			  const struct json *input, struct exchange *x);

#endif
