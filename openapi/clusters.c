/* A pool as an <endpoint>: <m:cluster> around its addresses. */
#include "openapi/openapi_priv.h"

static void add_probe(struct translation *t, struct element *cluster, struct where where)
{
	const struct settings *s = openapi_settings();
	struct element *probe = our_word(t, "probe", where);

	put_number(t, probe, "interval", s->health_interval);
	put_number(t, probe, "timeout", s->health_timeout);
	element_add(cluster, probe);
}

static void add_again(struct translation *t, struct element *cluster,
		      const struct pool *p)
{
	struct element *retry = our_word(t, "retry", p->where);

	put_number(t, retry, "most", (uint64_t)p->again);
	put(t, retry, "statuses", p->statuses);
	element_add(cluster, retry);
}

static void add_limits(struct translation *t, struct element *cluster,
		       const struct pool *p)
{
	struct element *limits = our_word(t, "limits", p->where);

	put_number(t, limits, "requests", p->requests);
	put_number(t, limits, "connections", p->connections);
	put_number(t, limits, "pending", p->pending);
	element_add(cluster, limits);
}

static void add_address(struct translation *t, struct element *cluster,
			const struct pool *p, unsigned i)
{
	struct element *endpoint = synapse_word(t, "endpoint", p->url_at[i]);
	struct element *address = synapse_word(t, "address", p->url_at[i]);
	const struct str trust = trust_for(t, p->urls[i]);

	put(t, endpoint, "name", print_text(t, STR_FMT "/%u", STR_ARG(p->name), i + 1));
	put(t, address, "uri", p->urls[i]);
	if (trust.len) {
		struct element *tls = our_word(t, "tls", p->url_at[i]);

		put(t, tls, "trust", trust);
		element_add(address, tls);
	}
	element_add(endpoint, address);
	element_add(cluster, endpoint);
}

void translate_pool(struct translation *t, struct pool *p, struct str name)
{
	struct element *endpoint = synapse_word(t, "endpoint", p->where);
	struct element *cluster = our_word(t, "cluster", p->where);

	p->name = name;
	put(t, endpoint, "name", name);
	put(t, cluster, "pick", p->failover ? STR("priority") : STR("turns"));
	if (openapi_settings()->strict)
		put(t, cluster, "advance", STR("never"));
	if (p->timeout)
		put_number(t, cluster, "timeout", p->timeout);
	if (p->count > 1)
		add_probe(t, cluster, p->where);
	if (p->again > 0)
		add_again(t, cluster, p);
	if (p->limited)
		add_limits(t, cluster, p);
	for (unsigned i = 0; i < p->count; i++)
		add_address(t, cluster, p, i);
	element_add(endpoint, cluster);
	emit(t, endpoint);
}
