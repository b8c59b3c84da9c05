/* What all kinds of endpoints share: who they are, and whether they may be tried. */
#include "endpoint/cluster.h"

enum { MOST_REFERENCES = 16 }; /* endpoints may name each other in a circle */

bool endpoint_is_leaf(const struct endpoint *e)
{
	return e->kind <= KIND_DEFAULT;
}

bool endpoint_is_group(const struct endpoint *e)
{
	return e->kind >= KIND_FAILOVER && e->kind <= KIND_RECIPIENTS;
}

const struct endpoint *endpoint_of(const struct node *n)
{
	static const struct node_type *const types[] = {
		&address_endpoint_type,     &http_endpoint_type,
		&default_endpoint_type,     &failover_endpoint_type,
		&loadbalance_endpoint_type, &recipients_endpoint_type,
		&indirect_endpoint_type,    &cluster_endpoint_type,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (n->type == types[i])
			return (const struct endpoint *)n;
	return NULL;
}

struct str endpoint_name(const struct endpoint *e)
{
	return e->name.len ? e->name : STR("AnonymousEndpoint");
}

bool is_documented(const struct endpoint *e)
{
	return e->settings->compat == COMPAT_DOCUMENTED;
}

const struct endpoint *endpoint_behind(const struct endpoint *e, struct exchange *x)
{
	struct str key;

	for (unsigned i = 0; e && e->kind == KIND_INDIRECT; i++) {
		const struct node *n = exchange_find(x, ((const struct indirect *)e)->key,
						     &key);

		e = n && i < MOST_REFERENCES ? endpoint_of(n) : NULL;
	}
	return e;
}

static const struct endpoint *child_of(const struct group *g, unsigned i)
{
	return g->children.at[i];
}

static bool is_ready(const struct endpoint *e, struct exchange *x, unsigned depth);

static bool has_ready_child(const struct group *g, struct exchange *x, unsigned depth)
{
	for (unsigned i = 0; i < g->children.count; i++)
		if (is_ready(child_of(g, i), x, depth))
			return true;
	if (g->base.kind == KIND_LOADBALANCE)
		log_line(LOG_WARN, "org.apache.synapse.endpoints.LoadbalanceEndpoint",
			 "Load-balance " STR_FMT
			 " has no endpoints at ready state to process message",
			 STR_ARG(g->base.label));
	return false;
}

static bool is_ready_behind(const struct endpoint *e, struct exchange *x, unsigned depth)
{
	const struct indirect *indirect = (const struct indirect *)e;
	struct str key;
	const struct node *n = exchange_find(x, indirect->key, &key);

	if (n)
		return is_ready(endpoint_of(n), x, depth);
	if (indirect->key->dynamic)
		return true; /* the fault says whose key it was */
	log_line(LOG_INFO, "org.apache.synapse.endpoints.IndirectEndpoint",
		 "Could not find endpoint with key " STR_FMT
		 ". Could not verify Endpoint ready to send status.",
		 STR_ARG(key));
	return false;
}

static bool is_ready(const struct endpoint *e, struct exchange *x, unsigned depth)
{
	if (!e || depth == MOST_REFERENCES)
		return false;
	if (e->kind == KIND_INDIRECT)
		return is_ready_behind(e, x, depth + 1);
	if (!health_is_ready(e->health, (int64_t)x->engine->timers.now))
		return false;
	return endpoint_is_leaf(e) ||
	       has_ready_child((const struct group *)e, x, depth + 1);
}

bool endpoint_is_ready(const struct node *endpoint, struct exchange *x)
{
	return is_ready(endpoint_of(endpoint), x, 0);
}

static int64_t wait_for(const struct endpoint *e, struct exchange *x, unsigned depth)
{
	const struct group *g;
	int64_t least = -1;

	e = e ? endpoint_behind(e, x) : NULL;
	if (!e || depth == MOST_REFERENCES)
		return -1;
	if (endpoint_is_leaf(e))
		return health_wait(e->health, (int64_t)x->engine->timers.now);
	if (!health_is_ready(e->health, 0))
		return -1; /* switched off */
	g = (const struct group *)e;
	for (unsigned i = 0; i < g->children.count; i++) {
		const int64_t wait = wait_for(child_of(g, i), x, depth + 1);

		if (wait >= 0 && (least < 0 || wait < least))
			least = wait;
	}
	return least;
}

int64_t endpoint_wait(const struct endpoint *e, struct exchange *x)
{
	return wait_for(e, x, 0);
}

/* The budget of one child: enough to use up its retries, and one more (F4). */
static unsigned leaf_attempts(const struct leaf *leaf)
{
	const struct health_policy *p = &leaf->base.policy;
	const int limit = p->in_group ? p->recursive_limit : p->limit;
	const int retries = p->retries > limit ? p->retries : limit;

	if (leaf->attempts)
		return (unsigned)leaf->attempts->most;
	return 1 + (unsigned)(retries > 0 ? retries : 0);
}

static unsigned attempts_of(const struct endpoint *e, struct exchange *x, unsigned depth)
{
	const struct group *g;
	unsigned sum = 0;

	e = e ? endpoint_behind(e, x) : NULL;
	if (!e || depth == MOST_REFERENCES)
		return 1;
	if (endpoint_is_leaf(e))
		return leaf_attempts((const struct leaf *)e);
	g = (const struct group *)e;
	for (unsigned i = 0; i < g->children.count; i++)
		sum += attempts_of(child_of(g, i), x, depth + 1);
	return sum;
}

unsigned endpoint_most_attempts(const struct endpoint *e, struct exchange *x)
{
	return attempts_of(e, x, 0);
}

static enum flow set_property(const struct property_rule *p, struct exchange *x)
{
	static const enum scope scopes[] = { SCOPE_DEFAULT, SCOPE_DEFAULT, SCOPE_AXIS2,
					     SCOPE_CLIENT, SCOPE_TRANSPORT };
	const enum scope scope = scopes[p->scope];
	struct message *m = &x->message;
	struct value v = value_str(p->value);
	struct fault why = { 0 };
	struct str text;

	if (p->expression && !expr_eval(p->expression, m, &v, &why))
		return exchange_fault_with(x, &why);
	if (scope != SCOPE_TRANSPORT) {
		message_set_property(m, scope, p->name, v);
		return FLOW_DONE;
	}
	text = v.kind == VALUE_NULL ? STR("") : value_text(v, m->arena);
	if (header_name_is_valid(p->name) && header_value_is_valid(text))
		headers_set(&m->headers, p->name, text);
	else
		headers_remove(&m->headers, p->name);
	return FLOW_DONE;
}

enum flow endpoint_set_properties(const struct endpoint *e, struct exchange *x)
{
	for (unsigned i = 0; i < e->properties.count; i++)
		if (set_property(e->properties.at[i], x) == FLOW_FAULT)
			return FLOW_FAULT;
	return FLOW_DONE;
}

static bool is_round(const struct frame *f)
{
	return f->node->type == &failover_endpoint_type ||
	       f->node->type == &loadbalance_endpoint_type;
}

struct round *group_below(const struct exchange *x)
{
	const struct frame *f = x->top->below;

	while (f && f->node->type == &indirect_endpoint_type)
		f = f->below;
	return f && is_round(f) ? f->state : NULL;
}

uint64_t group_deadline(const struct exchange *x)
{
	uint64_t least = 0;

	for (const struct frame *f = x->top; f && endpoint_of(f->node); f = f->below) {
		const struct round *r = is_round(f) ? f->state : NULL;

		if (r && r->give_up_at && (!least || r->give_up_at < least))
			least = r->give_up_at;
	}
	return least;
}

enum flow endpoint_handle(const struct endpoint *e, const struct ref *handler,
			  struct exchange *x)
{
	struct str key;
	const struct node *sequence = exchange_find(x, handler, &key);

	if (!sequence) {
		log_line(LOG_WARN, "org.apache.synapse.endpoints.AbstractEndpoint",
			 "onError handler sequence : " STR_FMT " for : " STR_FMT
			 " cannot be found",
			 STR_ARG(key), STR_ARG(endpoint_name(e)));
		return FLOW_FAULT;
	}
	return exchange_handle(x, sequence, key);
}
