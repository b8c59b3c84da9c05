/* Endpoints as operators see them: listed, and switched off and on (endpoints.md §4.7).
 */
#include "endpoint/cluster.h"

enum { MAX_DEPTH = 32 };

static const char *const kinds[] = {
	[KIND_ADDRESS] = "address",         [KIND_HTTP] = "http",
	[KIND_DEFAULT] = "default",         [KIND_FAILOVER] = "failover",
	[KIND_LOADBALANCE] = "loadbalance", [KIND_RECIPIENTS] = "recipientlist",
	[KIND_INDIRECT] = "indirect",       [KIND_CLUSTER] = "cluster",
};

const struct element *endpoint_element(const struct node *endpoint)
{
	const struct endpoint *e = endpoint_of(endpoint);

	return e ? e->element : NULL;
}

struct walk {
	void (*fn)(void *ctx, const struct endpoint_view *v);
	void *ctx;
};

static const struct probe *probe_of(const struct endpoint *e, unsigned child)
{
	return e->kind == KIND_CLUSTER
		       ? ((const struct cluster *)e)->contacts[child].probe
		       : NULL;
}

static void look(const struct walk *w, const struct node *n, const struct probe *probe,
		 unsigned depth)
{
	const struct endpoint *e = endpoint_of(n);

	if (!e || depth == MAX_DEPTH)
		return;

	const struct endpoint_view view = {
		.name = e->name,
		.kind = str_of(kinds[e->kind]),
		.address = endpoint_is_leaf(e) ? ((const struct leaf *)e)->target
					       : STR(""),
		.where = n->where,
		.health = e->health,
		.probe = probe,
		.node = n,
	};

	w->fn(w->ctx, &view);
	if (!endpoint_is_group(e))
		return;

	const struct items *children = &((const struct group *)e)->children;

	for (unsigned i = 0; i < children->count; i++)
		look(w, children->at[i], probe_of(e, i), depth + 1);
}

void endpoint_each(const struct node *endpoint,
		   void (*fn)(void *ctx, const struct endpoint_view *v), void *ctx)
{
	const struct walk w = { fn, ctx };

	look(&w, endpoint, NULL, 0);
}

bool endpoint_switch(const struct node *endpoint, bool on, uint64_t now)
{
	const struct endpoint *e = endpoint_of(endpoint);
	const struct str address = e && endpoint_is_leaf(e)
					   ? ((const struct leaf *)e)->with_address
					   : STR(" ");

	if (!e || !e->health)
		return false;
	health_switch(e->health, &e->policy, on, (int64_t)now);
	log_line(LOG_INFO, "org.apache.synapse.endpoints.EndpointContext",
		 "Manually %s endpoint : " STR_FMT STR_FMT,
		 on ? "activating" : "switching off", STR_ARG(endpoint_name(e)),
		 STR_ARG(address));
	return true;
}
