/* The tables of <m:cluster>. */
#include "endpoint/cluster.h"

enum { DAY = 24 * 3600 * 1000, MOST_CHILDREN = 256 };

static const char *const picks[] = { "priority", "turns", NULL };
static const char *const advances[] = { "unsent", "never", NULL };

/* clang-format off */
static const struct field probe_fields[] = {
	{ ATTR_UINT(struct probe_rule, interval, "interval"), .fallback = "10000",
	  .least = 10, .most = DAY, .doc = "From one connection to the next, in ms." },
	{ ATTR_UINT(struct probe_rule, timeout, "timeout"), .fallback = "1000",
	  .least = 1, .most = DAY, .doc = "Until it must have been taken, in ms." },
	{ ATTR_UINT(struct probe_rule, rise, "rise"), .fallback = "2", .least = 1,
	  .most = 1000, .doc = "Good ones in a row until it is up." },
	{ ATTR_UINT(struct probe_rule, fall, "fall"), .fallback = "2", .least = 1,
	  .most = 1000, .doc = "Bad ones in a row until it is down." },
	{ NULL },
};

static const struct field again_fields[] = {
	{ ATTR_UINT(struct again_rule, most, "most"), .required = true, .most = 100,
	  .doc = "How often one message may be sent again." },
	{ ATTR_CODES(struct again_rule, statuses, "statuses"), .required = true,
	  .doc = "After these statuses; the last answer is passed on as it is." },
	{ NULL },
};

static const struct field limits_fields[] = {
	{ ATTR_UINT(struct limits_rule, requests, "requests"), .fallback = "1024",
	  .least = 1, .most = UINT32_MAX, .doc = "Under way at once." },
	{ ATTR_UINT(struct limits_rule, connections, "connections"), .fallback = "1024",
	  .least = 1, .most = UINT32_MAX, .doc = "Likewise, with those of `pending`." },
	{ ATTR_UINT(struct limits_rule, pending, "pending"), .fallback = "1024",
	  .least = 1, .most = UINT32_MAX, .doc = "More than connections." },
	{ NULL },
};
/* clang-format on */

static const struct schema probe_schema = {
	.element = "m:probe",
	.doc = "Connects to each address again and again, to see who is up.",
	.size = sizeof(struct probe_rule),
	.fields = probe_fields,
};

static const struct schema again_schema = {
	.element = "m:retry",
	.doc = "After which statuses it is sent again, to the same address.",
	.size = sizeof(struct again_rule),
	.fields = again_fields,
};

static const struct schema limits_schema = {
	.element = "m:limits",
	.doc = "How many requests at once; more are refused.",
	.size = sizeof(struct limits_rule),
	.fields = limits_fields,
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_CHOICE(struct cluster, pick, "pick"), .fallback = "priority",
	  .choices = picks, .doc = "priority: the first that is up; turns: each in turn." },
	{ ATTR_CHOICE(struct cluster, advance, "advance"), .fallback = "unsent",
	  .choices = advances,
	  .doc = "unsent: when no connection could be made, the next is tried, and the "
		 "failed one is down; never: the failure is final." },
	{ ATTR_UINT(struct cluster, timeout, "timeout"), .fallback = "60000",
	  .most = DAY, .doc = "For all attempts together, in ms; 0: none." },
	{ CHILD_ONE(struct cluster, probing, "probe", struct probe_rule), .ours = true,
	  .schema = &probe_schema, .doc = "How to find out who is up." },
	{ CHILD_ONE(struct cluster, again, "retry", struct again_rule), .ours = true,
	  .schema = &again_schema, .doc = "Statuses after which it is sent again." },
	{ CHILD_ONE(struct cluster, limits, "limits", struct limits_rule), .ours = true,
	  .schema = &limits_schema, .doc = "How many requests at once." },
	{ CHILD_ENDPOINTS(struct cluster, group.children, "endpoint"),
	  .doc = "The addresses, in order." },
	{ NULL },
};
/* clang-format on */

const struct schema cluster_schema = {
	.element = "m:cluster",
	.doc = "Addresses of one service: the first that is up, or each in turn.",
	.size = sizeof(struct cluster),
	.fields = fields,
};

/* Who would share the probe: the same address at the same place of the same cluster. */
static struct probe *probe_for(const struct cluster *c, unsigned i, struct binder *b)
{
	const struct contact *contact = &c->contacts[i];
	struct endpoint_house *house = b->endpoints;
	const struct probe_policy policy = {
		.interval = c->probing->interval,
		.timeout = c->probing->timeout,
		.rise = (unsigned)c->probing->rise,
		.fall = (unsigned)c->probing->fall,
	};
	const char *identity = arena_printf(
		b->arena, "tcp\n" STR_FMT "\n" STR_FMT "\n%u " STR_FMT,
		STR_ARG(house->unit), STR_ARG(c->group.base.name), i,
		STR_ARG(contact->url));

	return house->add_probe
		       ? house->add_probe(b, str_of(identity), &policy, &contact->node)
		       : NULL;
}

/* A probe speaks no TLS: it only connects. */
static struct str contact_url(struct str url, struct arena *a)
{
	const struct str https = STR("https://");
	struct str host;

	if (!str_starts(url, https))
		return url;
	host = str_from(url, https.len);
	host = str_first(host, str_find(host, '/'));
	return str_of(arena_printf(a, "http://" STR_FMT "%s", STR_ARG(host),
				   str_find(host, ':') < host.len ? "" : ":443"));
}

bool cluster_check(struct cluster *c, const struct element *e, struct binder *b)
{
	const unsigned count = c->group.children.count;

	if (!count || count > MOST_CHILDREN)
		return report_error(b->report, e->where,
				    "<m:cluster> needs from 1 to %d children <endpoint>",
				    MOST_CHILDREN);
	c->contacts = arena_alloc(b->arena, count * sizeof(*c->contacts));
	c->under_way = arena_new(b->arena, _Atomic uint64_t);
	for (unsigned i = 0; i < count; i++) {
		const struct endpoint *child = endpoint_of(c->group.children.at[i]);

		if (child->kind != KIND_ADDRESS && child->kind != KIND_HTTP)
			return report_error(b->report, child->node.where,
					    "<m:cluster> takes endpoints of <address> or "
					    "<http> only");
		c->contacts[i] = (struct contact){
			.node = { &contact_type, child->node.where, NEEDS_NOTHING },
			.url = contact_url(((const struct leaf *)child)->target,
					   b->arena),
			.timeout = c->probing ? c->probing->timeout : 0,
		};
		if (c->probing)
			c->contacts[i].probe = probe_for(c, i, b);
	}
	return true;
}
