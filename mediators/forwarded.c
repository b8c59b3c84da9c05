/*
 * # m:forwarded
 *
 * Tells the backend what a proxy tells: X-Forwarded-For with the client's address at its
 * end, X-Forwarded-Proto, and X-Request-Id, if the request brings none. What clients say
 * in headers that only a router may set (x-envoy-…, x-wso2-cluster-header) is taken off.
 *
 *	<m:forwarded xmlns:m="urn:myelin"/>
 */
#include "base/crypto.h"
#include "common.h"
#include "mediators.h"

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "m:forwarded",
	.doc = "Tells the backend what a proxy tells.",
	.size = sizeof(struct node),
	.fields = fields,
};

static struct str with_client(const struct message *m)
{
	const struct str before = headers_get(&m->headers, STR("X-Forwarded-For"));

	return before.len ? str_of(arena_printf(m->arena, STR_FMT ", " STR_FMT,
						STR_ARG(before),
						STR_ARG(m->incoming->remote)))
			  : m->incoming->remote;
}

static enum flow tell(const struct node *n, struct exchange *x, void *state)
{
	struct message *m = &x->message;
	struct headers *h = &m->headers;

	(void)n;
	(void)state;
	mediator_drop_router_headers(h);
	if (m->incoming->remote.len)
		headers_set(h, STR("X-Forwarded-For"), with_client(m));
	if (!headers_get(h, STR("X-Forwarded-Proto")).len)
		headers_set(h, STR("X-Forwarded-Proto"), m->incoming->transport);
	if (!headers_get(h, STR("X-Request-Id")).len) {
		char *id = arena_alloc(m->arena, 37);

		uuid_make(id);
		headers_set(h, STR("X-Request-Id"), str_of(id));
	}
	return FLOW_DONE;
}

const struct node_type forwarded_mediator = {
	.name = "m:forwarded",
	.brief = "Tells the backend what a proxy tells.",
	.schema = &schema,
	.run = tell,
};
