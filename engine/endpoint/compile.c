/* From <endpoint> to a node: of which kind it is, and whose health it has (§2.1, §2.2).
 */
#include "endpoint/definition.h"

enum { MOST_WITHIN = 8 };

struct parameter_rule {
	struct str name, value;
};

static const char *const scope_words[] = { "default",      "synapse",   "axis2",
					   "axis2-client", "transport", NULL };

static const struct field property_fields[] = {
	{ ATTR_STR(struct property_rule, name, "name"), .required = true,
	  .doc = "Its name." },
	{ ATTR_STR(struct property_rule, value, "value"), .doc = "A text." },
	{ ATTR_EXPR(struct property_rule, expression, "expression"),
	  .doc = "Evaluated on each message." },
	{ ATTR_CHOICE(struct property_rule, scope, "scope"), .fallback = "default",
	  .choices = scope_words, .doc = "Where it is set." },
	{ ATTR_IGNORED("type") },
	{ NULL },
};

static bool check_property(void *self, const struct element *e, struct binder *b)
{
	const struct property_rule *p = self;

	return p->value.len || p->expression ||
	       report_error(b->report, e->where,
			    "<property> needs an attribute 'value' or 'expression'");
}

static const struct schema property_schema = {
	.element = "property",
	.doc = "Set on each message that goes through.",
	.size = sizeof(struct property_rule),
	.fields = property_fields,
	.check = check_property,
};

static const struct field parameter_fields[] = {
	{ ATTR_STR(struct parameter_rule, name, "name"), .required = true,
	  .doc = "Without the $." },
	{ ATTR_STR(struct parameter_rule, value, "value"), .required = true,
	  .doc = "What is put in." },
	{ NULL },
};

static const struct schema parameter_schema = {
	.element = "parameter",
	.doc = "A value for the template.",
	.size = sizeof(struct parameter_rule),
	.fields = parameter_fields,
};

static const struct field endpoint_fields[] = {
	{ ATTR_STR(struct endpoint_element, name, "name"), .doc = "Its name." },
	{ ATTR_REF(struct endpoint_element, key, "key"), .refers = REF_ENDPOINT,
	  .doc = "Stands for the endpoint of that name." },
	{ ATTR_EXPR(struct endpoint_element, key_expression, "key-expression"),
	  .doc = "Stands for the endpoint whose name this gives." },
	{ ATTR_REF(struct endpoint_element, on_error, "onError"), .refers = REF_SEQUENCE,
	  .doc = "The sequence that runs when it has failed." },
	{ ATTR_STR(struct endpoint_element, uri, "uri"),
	  .doc = "What its template calls $uri." },
	{ ATTR_STR(struct endpoint_element, template, "template"),
	  .doc = "Made of that <template>; uri and <parameter>s are put into it." },
	{ CHILD_LIST(struct endpoint_element, properties, "property"),
	  .schema = &property_schema, .doc = "Set on each message that goes through." },
	{ CHILD_ONE(struct endpoint_element, address, "address", struct leaf),
	  .schema = &leaf_schemas[KIND_ADDRESS], .doc = "An address." },
	{ CHILD_ONE(struct endpoint_element, http, "http", struct leaf),
	  .schema = &leaf_schemas[KIND_HTTP], .doc = "An HTTP service." },
	{ CHILD_ONE(struct endpoint_element, default_, "default", struct leaf),
	  .schema = &leaf_schemas[KIND_DEFAULT], .doc = "The message's To." },
	{ CHILD_ONE(struct endpoint_element, loadbalance, "loadbalance", struct group),
	  .schema = &loadbalance_schema, .doc = "Taking turns." },
	{ CHILD_ONE(struct endpoint_element, failover, "failover", struct group),
	  .schema = &failover_schema, .doc = "The first that is ready." },
	{ CHILD_ONE(struct endpoint_element, recipients, "recipientlist", struct group),
	  .schema = &recipients_schema, .doc = "All of them." },
	{ CHILD_ONE(struct endpoint_element, cluster, "cluster", struct cluster),
	  .ours = true, .schema = &cluster_schema,
	  .doc = "One service, several addresses." },
	{ CHILD_LIST(struct endpoint_element, parameters, "parameter"),
	  .schema = &parameter_schema, .doc = "What its template calls by that name." },
	{ NULL },
};

const struct schema endpoint_schema = {
	.element = "endpoint",
	.doc = "A way out.",
	.size = sizeof(struct endpoint_element),
	.fields = endpoint_fields,
};

static uint64_t hash(uint64_t sum, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		sum = (sum ^ (unsigned char)s.at[i]) * 1099511628211u;
	return (sum ^ 0xff) * 1099511628211u;
}

/* What a definition says, whatever its place; the depth of XML is limited (256). */
static uint64_t hash_element(uint64_t sum, const struct element *e)
{
	sum = hash(hash(sum, e->name), e->text);
	for (const struct attribute *a = e->attributes; a; a = a->next)
		sum = hash(hash(sum, a->name), a->value);
	element_each(child, e)
	{
		sum = hash_element(sum, child);
	}
	return hash(sum, STR("/"));
}

static bool names_endpoint(const struct element *e, struct str name)
{
	return str_eq(e->name, STR("endpoint")) &&
	       str_eq(element_value(e, STR("name")), name);
}

/* How many of the same name stand before it in its file. */
static unsigned namesakes_before(const struct element *e, struct str name)
{
	const struct element *at = e;
	unsigned count = 0;

	while (at->parent)
		at = at->parent;
	while (at && at != e) {
		count += names_endpoint(at, name);
		if (at->children) {
			at = at->children;
			continue;
		}
		while (at && !at->next)
			at = at->parent;
		at = at ? at->next : NULL;
	}
	return count;
}

static void give_health(struct endpoint *ep, const struct element *e, struct binder *b)
{
	struct endpoint_house *house = b->endpoints;
	const unsigned ordinal = ep->name.len ? namesakes_before(e, ep->name)
					      : house->anonymous++;
	const char *identity = arena_printf(b->arena, STR_FMT "\n" STR_FMT "\n%u",
					    STR_ARG(house->unit), STR_ARG(ep->name),
					    ordinal);
	struct health *h = health_ref(house->healths, str_of(identity),
				      hash_element(14695981039346656037u, e),
				      &ep->policy);

	arena_on_release(b->arena, (void (*)(void *))health_unref, h);
	ep->health = h;
}

static bool is_in_cluster(const struct element *e)
{
	return e->parent && element_is_ours(e->parent) &&
	       str_eq(e->parent->name, STR("cluster"));
}

static bool is_group_word(struct str word)
{
	return str_eq(word, STR("failover")) || str_eq(word, STR("loadbalance"));
}

static void set_base(struct endpoint *ep, enum kind kind, const struct node_type *type,
		     const struct element *e, const struct endpoint_element *bound,
		     struct binder *b)
{
	const char *label = !bound->name.len
				    ? "AnonymousEndpoint"
				    : arena_printf(b->arena, "Endpoint [" STR_FMT "]",
						   STR_ARG(bound->name));

	ep->node = (struct node){ type, e->where, type->needs };
	ep->kind = kind;
	ep->element = e;
	ep->name = bound->name;
	ep->label = str_of(label);
	ep->on_error = bound->on_error;
	ep->properties = bound->properties;
	ep->settings = b->endpoints->settings;
	ep->is_inline = e->parent && (is_group_word(e->parent->name) ||
				      str_eq(e->parent->name, STR("recipientlist")) ||
				      is_in_cluster(e));
}

static enum needs most_needs(enum needs a, enum needs b)
{
	return a > b ? a : b;
}

static void need_for_properties(struct endpoint *ep)
{
	for (unsigned i = 0; i < ep->properties.count; i++) {
		const struct property_rule *p = ep->properties.at[i];

		if (p->expression)
			ep->node.needs = most_needs(ep->node.needs, p->expression->needs);
	}
}

static struct str masked(struct str url, struct arena *a)
{
	const size_t slashes = str_find_str(url, STR("://"));
	const struct str rest = str_from(url, slashes + 3);
	const struct str authority = str_first(rest, str_find(rest, '/'));
	const size_t at = str_find(authority, '@');
	const size_t colon = str_find(authority, ':');

	if (at == authority.len || colon > at)
		return url;
	return str_of(arena_printf(a, STR_FMT ":***" STR_FMT,
				   STR_ARG(str_first(url, slashes + 3 + colon)),
				   STR_ARG(str_from(rest, at))));
}

static void finish_leaf(struct leaf *leaf, struct binder *b)
{
	const struct basic_auth *auth = leaf->authentication ? leaf->authentication->basic
							     : NULL;
	enum needs *needs = &leaf->base.node.needs;

	if (leaf->format > FORMAT_ASIS && leaf->format < FORMAT_REST)
		*needs = NEEDS_TREE;
	if (auth)
		*needs = most_needs(*needs,
				    most_needs(auth->user->needs, auth->password->needs));
	if (leaf->timeout && leaf->timeout->dynamic)
		*needs = most_needs(*needs, leaf->timeout->dynamic->needs);
	leaf->with_address = leaf->target.len
				     ? str_of(arena_printf(
					       b->arena, " with address " STR_FMT,
					       STR_ARG(masked(leaf->target, b->arena))))
				     : STR(" ");
}

/* No code is this one: in a cluster, probes say who is up. */
static const int no_code[] = { -1 };
static const struct codes nothing = { no_code, 1 };

static const struct node *take_leaf(struct leaf *leaf, enum kind kind,
				    const struct element *e,
				    const struct endpoint_element *bound,
				    struct binder *b)
{
	static const struct node_type *const types[] = {
		[KIND_ADDRESS] = &address_endpoint_type,
		[KIND_HTTP] = &http_endpoint_type,
		[KIND_DEFAULT] = &default_endpoint_type,
	};
	const bool in_group = e->parent && is_group_word(e->parent->name);

	set_base(&leaf->base, kind, types[kind], e, bound, b);
	need_for_properties(&leaf->base);
	finish_leaf(leaf, b);
	leaf->base.policy = leaf_policy(leaf, b->endpoints->settings, in_group);
	if (is_in_cluster(e))
		leaf->base.policy.mark = leaf->base.policy.suspend = nothing;
	give_health(&leaf->base, e, b);
	return &leaf->base.node;
}

static const struct node *take_group(struct group *g, enum kind kind,
				     const struct node_type *type,
				     const struct element *e,
				     const struct endpoint_element *bound,
				     const char *word, struct binder *b)
{
	set_base(&g->base, kind, type, e, bound, b);
	if (!group_check(g, kind, element_child(e, str_of(word)), bound->name, b))
		return NULL;
	need_for_properties(&g->base);
	if (kind == KIND_RECIPIENTS) {
		recipients_prepare(g, b->arena);
		g->base.node.needs = most_needs(g->base.node.needs, NEEDS_BYTES);
	}
	g->base.policy = (struct health_policy){ .limit = HEALTH_UNSET,
						 .recursive_limit = HEALTH_UNSET };
	g->turn = arena_new(b->arena, struct turn);
	give_health(&g->base, e, b);
	return &g->base.node;
}

static const struct node *take_cluster(const struct element *e,
				       const struct endpoint_element *bound,
				       struct binder *b)
{
	struct cluster *c = bound->cluster;
	struct endpoint *base = &c->group.base;

	set_base(base, KIND_CLUSTER, &cluster_endpoint_type, e, bound, b);
	need_for_properties(base);
	base->policy = (struct health_policy){ .limit = HEALTH_UNSET,
					       .recursive_limit = HEALTH_UNSET };
	c->group.turn = arena_new(b->arena, struct turn);
	give_health(base, e, b);
	return cluster_check(c, e, b) ? &base->node : NULL;
}

static const struct node *take_indirect(const struct element *e,
					const struct endpoint_element *bound,
					struct binder *b)
{
	struct indirect *indirect = arena_new(b->arena, struct indirect);
	struct ref *ref = bound->key;

	if (!ref) {
		ref = arena_new(b->arena, struct ref);
		*ref = (struct ref){ .key = element_value(e, STR("key-expression")),
				     .kind = REF_ENDPOINT,
				     .dynamic = bound->key_expression,
				     .where = e->where };
		b->ref(b, ref);
	}
	set_base(&indirect->base, KIND_INDIRECT, &indirect_endpoint_type, e, bound, b);
	indirect->base.label = str_of(arena_printf(
		b->arena, "Indirect Endpoint [" STR_FMT "]", STR_ARG(ref->key)));
	if (ref->dynamic)
		indirect->base.node.needs = ref->dynamic->needs;
	indirect->key = ref;
	return &indirect->base.node;
}

static const struct node *take_copy(const struct element *e,
				    const struct element *template, struct binder *b)
{
	struct endpoint_house *house = b->endpoints;
	const struct node *n;

	if (house->within == MOST_WITHIN) {
		report_error(b->report, e->where,
			     "this template of endpoints is made of itself");
		return NULL;
	}
	house->within++;
	n = b->endpoint(b, endpoint_instance(e, template, b->arena));
	house->within--;
	return n;
}

/* A copy of its template; or, if that is not there, what says so when it is used. */
static const struct node *take_instance(const struct element *e,
					const struct endpoint_element *bound,
					struct binder *b)
{
	const struct element *template = map_get(&b->endpoints->templates,
						 bound->template);
	struct indirect *indirect;
	struct ref *ref;

	if (template)
		return take_copy(e, template, b);
	indirect = arena_new(b->arena, struct indirect);
	ref = arena_new(b->arena, struct ref);
	*ref = (struct ref){ .key = bound->template,
			     .kind = REF_ENDPOINT_TEMPLATE,
			     .where = e->where };
	b->ref(b, ref);
	set_base(&indirect->base, KIND_INDIRECT, &indirect_endpoint_type, e, bound, b);
	indirect->key = ref;
	return &indirect->base.node;
}

/* What exists in Synapse and not here, by name. */
static bool refuse(const struct element *e, struct binder *b)
{
	static const struct {
		const char *word, *why;
	} refused[] = {
		{ "wsdl", "write its address as <address> or <http>" },
		{ "session", "load balancing by session is not available" },
		{ "dynamicLoadbalance", "there is no cluster to balance over" },
		{ "serviceDynamicLoadbalance", "there is no cluster to balance over" },
		{ "class", "Java classes cannot be run" },
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct element *child = element_child(e, str_of(refused[i].word));

		if (child)
			return report_error(b->report, child->where,
					    "<%s> in <endpoint>: %s", refused[i].word,
					    refused[i].why);
	}
	return true;
}

/* The first that fits (§2.1). */
static const struct node *take_kind(const struct element *e,
				    const struct endpoint_element *bound,
				    struct binder *b)
{
	if (bound->key || bound->key_expression)
		return take_indirect(e, bound, b);
	if (bound->template.len)
		return take_instance(e, bound, b);
	if (bound->address)
		return take_leaf(bound->address, KIND_ADDRESS, e, bound, b);
	if (bound->default_)
		return take_leaf(bound->default_, KIND_DEFAULT, e, bound, b);
	if (bound->loadbalance)
		return take_group(bound->loadbalance, KIND_LOADBALANCE,
				  &loadbalance_endpoint_type, e, bound, "loadbalance", b);
	if (bound->failover)
		return take_group(bound->failover, KIND_FAILOVER, &failover_endpoint_type,
				  e, bound, "failover", b);
	if (bound->recipients)
		return take_group(bound->recipients, KIND_RECIPIENTS,
				  &recipients_endpoint_type, e, bound, "recipientlist",
				  b);
	if (bound->cluster)
		return take_cluster(e, bound, b);
	if (bound->http)
		return take_leaf(bound->http, KIND_HTTP, e, bound, b);
	report_error(b->report, e->where,
		     "Invalid endpoint configuration. <endpoint> needs a key, or one of "
		     "<http>, "
		     "<address>, <default>, <failover>, <loadbalance>, <recipientlist>");
	return NULL;
}

const struct node *endpoint_compile(struct binder *b, const struct element *e)
{
	struct endpoint_element *bound = arena_new(b->arena, struct endpoint_element);

	if (!refuse(e, b) || !schema_bind(&endpoint_schema, e, bound, b))
		return NULL;
	return take_kind(e, bound, b);
}
