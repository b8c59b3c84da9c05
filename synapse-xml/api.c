/*
 * # api
 *
 * Takes requests below a context, and runs the sequences of the resource each fits.
 *
 *	<api name="Orders" context="/orders">
 *	    <resource methods="GET" uri-template="/{id}">
 *	        <inSequence>
 *	            <call><endpoint key="OrdersEP"/></call>
 *	            <respond/>
 *	        </inSequence>
 *	        <faultSequence><respond/></faultSequence>
 *	    </resource>
 *	</api>
 *
 * With `m:listen="8081"`, `m:listen="127.0.0.1:8081"` or `m:listen="9090 https:9095"`
 * (xmlns:m="urn:myelin") it is served there and nowhere else; with
 * `m:hosts="localhost shop.example"` for requests to these hosts, or to addresses, only.
 * With `m:shared="true"` several files may bring the same API; the first one counts.
 * With `m:order="specific"` several APIs may have the same context: of all their
 * resources the one with the most specific uri-template is taken, segment by segment:
 * text before {name} before a star. There a resource with `m:otherwise="true"` takes
 * what no other one with the same path does.
 *
 * A resource's `m:path="/orders/{id}"` fits the whole path without its query, with or
 * without a slash at its end; a star after a slash fits any rest.
 */
#include "base/map.h"
#include "deploy/route_index.h"
#include "synapse_xml.h"

struct part {
	struct str methods, protocol, content_type, user_agent, binds_to;
	struct str template, mapping, path;
	struct ref *in_key, *out_key, *fault_key;
	const struct node *in, *out, *fault;
	bool otherwise;
	struct api_resource *made;
};

struct definition {
	struct str name, context, hostname, version, version_type, transports, binds_to;
	struct str listen, hosts, order;
	uint64_t port;
	bool validate, shared;
	struct items resources;
	const struct element *handlers;
};

/* clang-format off */
static const struct field resource_fields[] = {
	{ ATTR_STR(struct part, methods, "methods"),
	  .doc = "Those it takes, a blank between them; without it, all." },
	{ ATTR_STR(struct part, template, "uri-template"),
	  .doc = "/path/{name}: a request's path that fits sets uri.var.name." },
	{ ATTR_STR(struct part, mapping, "url-mapping"),
	  .doc = "A path, /path/ and a star, or a star and .extension; wins over "
		 "uri-template." },
	{ ATTR_STR(struct part, path, "path"), .ours = true,
	  .doc = "/path/{name} or /path/ and a star: the whole path; wins over both." },
	{ ATTR_STR(struct part, protocol, "protocol"), .doc = "http or https; both." },
	{ ATTR_STR(struct part, content_type, "content-type"),
	  .doc = "Takes requests of this Content-Type only." },
	{ ATTR_STR(struct part, user_agent, "user-agent"),
	  .doc = "A regular expression for the User-Agent." },
	{ ATTR_STR(struct part, binds_to, "binds-to"),
	  .doc = "default: the usual listeners. Inbound endpoints are refused." },
	{ ATTR_BOOL(struct part, otherwise, "otherwise"), .ours = true,
	  .doc = "Takes what no other resource of this path does, by any method." },
	{ ATTR_REF(struct part, in_key, "inSequence"), .refers = REF_SEQUENCE,
	  .doc = "A sequence by name; wins over the child." },
	{ ATTR_REF(struct part, out_key, "outSequence"), .refers = REF_SEQUENCE,
	  .doc = "A sequence by name; wins over the child." },
	{ ATTR_REF(struct part, fault_key, "faultSequence"), .refers = REF_SEQUENCE,
	  .doc = "A sequence by name; wins over the child." },
	{ CHILD_STEPS(struct part, in, "inSequence"), .doc = "What a request runs." },
	{ CHILD_STEPS(struct part, out, "outSequence"),
	  .doc = "What the answer to a <send> runs." },
	{ CHILD_STEPS(struct part, fault, "faultSequence"),
	  .doc = "What runs when a mediator or endpoint fails." },
	{ NULL },
};

static bool check_resource(void *self, const struct element *e, struct binder *b);

static const struct schema resource_schema = {
	.element = "resource",
	.doc = "Requests of some methods and paths, and what they run.",
	.size = sizeof(struct part),
	.fields = resource_fields,
	.check = check_resource,
};

static const struct field fields[] = {
	{ ATTR_STR(struct definition, name, "name"), .required = true,
	  .complaint = "Attribute 'name' is required for an API definition",
	  .doc = "Of the API." },
	{ ATTR_STR(struct definition, context, "context"), .required = true,
	  .complaint = "Attribute 'context' is required for an API definition",
	  .doc = "What the paths of its requests begin with." },
	{ ATTR_STR(struct definition, hostname, "hostname"),
	  .doc = "Takes requests to this host only." },
	{ ATTR_UINT(struct definition, port, "port"), .least = 0, .most = 65535,
	  .doc = "Takes requests whose Host field has this port only." },
	{ ATTR_STR(struct definition, version, "version"), .doc = "Of the API." },
	{ ATTR_STR(struct definition, version_type, "version-type"),
	  .doc = "Where the version stands: url, the segment after the context; "
		 "context, for {version} in it." },
	{ ATTR_IGNORED("version-param"), .doc = "Without meaning." },
	{ ATTR_STR(struct definition, transports, "transports"),
	  .doc = "http or https; without it, both." },
	{ ATTR_IGNORED("publishSwagger"),
	  .complaint = "publishSwagger: the definition is not served",
	  .doc = "Without meaning." },
	{ ATTR_BOOL(struct definition, validate, "validateSchema"),
	  .doc = "Refused when true: requests are not validated." },
	{ ATTR_STR(struct definition, binds_to, "binds-to"),
	  .doc = "default: the usual listeners. Inbound endpoints are refused." },
	{ ATTR_STR(struct definition, listen, "listen"), .ours = true,
	  .doc = "PORT, HOST:PORT or https:PORT, blanks between several: served there "
		 "and nowhere else." },
	{ ATTR_STR(struct definition, hosts, "hosts"), .ours = true,
	  .doc = "Hosts it answers for, beside addresses; without it, any." },
	{ ATTR_BOOL(struct definition, shared, "shared"), .ours = true,
	  .doc = "Several files may bring it; the first one counts." },
	{ ATTR_STR(struct definition, order, "order"), .ours = true,
	  .doc = "specific: of all APIs with this context the closest path wins." },
	{ CHILD_LIST(struct definition, resources, "resource"), .required = true,
	  .schema = &resource_schema,
	  .complaint = "An API must contain at least one resource definition",
	  .doc = "In the order in which they are tried." },
	{ CHILD_XML(struct definition, handlers, "handlers"),
	  .doc = "Refused: Java classes." },
	{ NULL },
};
/* clang-format on */

static bool check_api(void *self, const struct element *e, struct binder *b);

static const struct schema schema = {
	.element = "api",
	.doc = "Takes requests below a context.",
	.size = sizeof(struct definition),
	.fields = fields,
	.check = check_api,
};

/* "default" is the usual listeners; there are no others to be bound to. */
static bool check_binding(struct str binds_to, const struct element *e, struct binder *b)
{
	struct str rest = binds_to, name;

	while (rest.len && str_cut(&rest, ',', &name))
		if (!str_eq(str_trim(name), STR("default")))
			return report_error(b->report, e->where,
					    "binds-to=\"" STR_FMT
					    "\": there are no inbound endpoints here; "
					    "leave it out, or use m:listen=\"PORT\"",
					    STR_ARG(binds_to));
	return true;
}

/* --- resources --- */

static bool parse_transport(struct str name, enum transport_set *to,
			    const struct element *e, struct binder *b)
{
	*to = str_eq(name, STR("http"))    ? TRANSPORT_HTTP
	      : str_eq(name, STR("https")) ? TRANSPORT_HTTPS
					   : TRANSPORT_ANY;
	if (*to == TRANSPORT_ANY && name.len)
		return report_error(b->report, e->where,
				    "Invalid protocol name: " STR_FMT, STR_ARG(name));
	return true;
}

/* Split at single blanks as in the original, so two of them are an empty method. */
static bool parse_methods(struct str text, unsigned *methods, const struct element *e,
			  struct binder *b)
{
	struct str rest = str_trim(text), name;

	while (rest.len && str_cut(&rest, ' ', &name)) {
		const unsigned method = method_named(name);

		if (method == METHOD_OTHER || (*methods & method))
			return report_error(
				b->report, e->where,
				"Invalid or duplicate method definition for resource: "
				"'" STR_FMT "'; methods are in capitals, with one blank "
				"between, such as \"GET POST\"",
				STR_ARG(name));
		*methods |= method;
	}
	return true;
}

static unsigned count_segments(struct str path)
{
	unsigned count = 0;

	for (size_t i = 0; i < path.len; i++)
		count += path.at[i] == '/';
	return count ? count : 1;
}

static void take_mapping(struct api_resource *r, struct str text)
{
	r->pattern = text;
	if (str_ends(text, STR("/*"))) {
		r->mapping = MAPPING_PREFIX;
		r->path = str_first(text, text.len - 2);
		r->segments = count_segments(r->path);
	} else if (str_starts(text, STR("*."))) {
		r->mapping = MAPPING_EXTENSION;
		r->path = str_from(text, 1);
	} else {
		r->mapping = MAPPING_EXACT;
		r->path = text;
		while (r->path.len > 1 && str_ends(r->path, STR("/")))
			r->path = str_first(r->path, r->path.len - 1);
	}
}

static bool take_path(struct api_resource *r, const struct part *p,
		      const struct element *e, struct binder *b)
{
	struct fault why = { 0 };

	if (p->path.len) {
		r->mapping = MAPPING_PATH;
		r->pattern = p->path;
		r->path_pattern = path_compile(p->path, b->arena, &why);
		return r->path_pattern ||
		       report_error(b->report, e->where, "m:path: %s", why.text);
	}
	if (p->mapping.len) {
		take_mapping(r, p->mapping);
		return true;
	}
	if (!p->template.len)
		return true;
	r->mapping = MAPPING_TEMPLATE;
	r->pattern = p->template;
	r->template = template_compile(p->template, b->arena, &why);
	return r->template || report_error(b->report, e->where, "%s", why.text);
}

static bool take_conditions(struct api_resource *r, const struct part *p,
			    const struct element *e, struct binder *b)
{
	const size_t slash = str_find(p->content_type, '/');
	struct fault why = { 0 };

	if (p->content_type.len && (slash == p->content_type.len ||
				    str_find(str_from(p->content_type, slash + 1), '/') <
					    p->content_type.len - slash - 1))
		return report_error(b->report, e->where, "Invalid content type: " STR_FMT,
				    STR_ARG(p->content_type));
	r->content_type = p->content_type;
	if (!p->user_agent.len)
		return true;
	r->user_agent = regex_compile(p->user_agent, b->arena, &why);
	return r->user_agent ||
	       report_error(b->report, e->where, "user-agent: %s", why.text);
}

static bool check_resource(void *self, const struct element *e, struct binder *b)
{
	struct part *p = self;
	struct api_resource *r = arena_new(b->arena, struct api_resource);

	p->made = r;
	r->otherwise = p->otherwise;
	r->resource = (struct resource){
		.node = { &resource_type, e->where, NEEDS_NOTHING },
		.in = p->in,
		.out = p->out,
		.fault = p->fault,
		.in_key = p->in_key,
		.out_key = p->out_key,
		.fault_key = p->fault_key,
	};
	if (!check_binding(p->binds_to, e, b) ||
	    !parse_transport(p->protocol, &r->transports, e, b) ||
	    !parse_methods(p->methods, &r->methods, e, b))
		return false;
	if (r->otherwise && !r->methods)
		r->methods = METHODS_ALL;
	return take_path(r, p, e, b) && take_conditions(r, p, e, b);
}

/* --- the API --- */

static bool shares_method(const struct api_resource *a, const struct api_resource *b)
{
	return !a->methods || !b->methods || (a->methods & b->methods);
}

/* first is before r, and written the same. */
static bool check_pair(const struct api_resource *first, const struct api_resource *r,
		       struct binder *b)
{
	const struct where at = r->resource.node.where;

	if (first->otherwise || r->otherwise)
		return true;
	if (first->mapping == MAPPING_DEFAULT)
		return report_error(b->report, at,
				    "Only one resource can be designated as default");
	if (!shares_method(first, r))
		return true;
	return report_error(
		b->report, at,
		"Two resources cannot have the same path mapping and methods");
}

static bool check_handlers(const struct element *handlers, struct binder *b)
{
	element_each(handler, handlers)
	{
		const struct str class = element_value(handler, STR("class"));

		return report_error(b->report, handler->where,
				    "Error initializing API handler: " STR_FMT
				    "; handlers are Java code, which does not run here: "
				    "do it in the inSequence",
				    STR_ARG(class));
	}
	return true;
}

static bool check_version(const struct definition *d, const struct element *e,
			  struct binder *b)
{
	if (d->version.len && !d->version_type.len)
		return report_error(b->report, e->where,
				    "Attribute 'version-type' is required for an API "
				    "definition");
	if (d->version_type.len && !str_eq(d->version_type, STR("url")) &&
	    !str_eq(d->version_type, STR("context")))
		return report_error(b->report, e->where,
				    "version-type=\"" STR_FMT
				    "\" is not one of url, context",
				    STR_ARG(d->version_type));
	return true;
}

/* Resources written the same. */
struct same {
	const struct api_resource *resource;
	struct same *next;
};

static bool check_pairs(const struct definition *d, struct binder *b)
{
	struct arena scratch = { NULL, NULL };
	struct map by_pattern;
	bool fine = true;

	map_init(&by_pattern, &scratch);
	for (unsigned i = 0; i < d->resources.count; i++) {
		const struct part *p = d->resources.at[i];
		struct same *one = arena_new(&scratch, struct same);
		struct same *first = map_get(&by_pattern, p->made->pattern);

		for (const struct same *s = first; s; s = s->next)
			fine = check_pair(s->resource, p->made, b) && fine;
		one->resource = p->made;
		one->next = first ? first->next : NULL;
		if (first)
			first->next = one;
		else
			map_add(&by_pattern, p->made->pattern, one);
	}
	arena_release(&scratch);
	return fine;
}

static bool check_api(void *self, const struct element *e, struct binder *b)
{
	const struct definition *d = self;
	const bool fine = check_pairs(d, b);

	if (!str_starts(d->context, STR("/")))
		return report_error(b->report, e->where,
				    "API context must begin with '/' character");
	if (d->validate)
		return report_error(b->report, e->where,
				    "validateSchema: requests cannot be validated "
				    "against a definition here");
	return check_binding(d->binds_to, e, b) && check_version(d, e, b) &&
	       (!d->handlers || check_handlers(d->handlers, b)) && fine;
}

static bool is_options_only(const struct api_resource *r)
{
	return r->methods == METHOD_OPTIONS;
}

/* Those for OPTIONS alone come before the others, else as they stand. */
static void chain_resources(struct api *api, const struct definition *d, struct arena *a)
{
	struct api_resource **last = &api->resources;

	for (int only = 1; only >= 0; only--) {
		for (unsigned i = 0; i < d->resources.count; i++) {
			struct api_resource *r = ((const struct part *)d->resources.at[i])
							 ->made;

			if (is_options_only(r) != only)
				continue;
			*last = r;
			last = &r->next;
		}
	}
	api->index = route_index_of(api->resources, a);
}

static void take_context(struct api *api, const struct definition *d, struct arena *a)
{
	static const struct str token = { "{version}", 9 };
	const size_t at = str_find_str(d->context, token);
	struct str context = d->context;

	if (api->version_type == VERSION_CONTEXT && at < context.len)
		context = str_of(arena_printf(
			a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_first(context, at)),
			STR_ARG(d->version), STR_ARG(str_from(context, at + token.len))));
	while (str_ends(context, STR("/")))
		context = str_first(context, context.len - 1);
	api->context = context;
}

static void take_names(struct api *api, const struct definition *d, struct arena *a)
{
	const char *full = d->version.len
				   ? arena_printf(a, STR_FMT ":v" STR_FMT,
						  STR_ARG(d->name), STR_ARG(d->version))
				   : arena_copy(a, d->name).at;

	api->name = d->name;
	api->full_name = str_of(full);
	api->origin = (struct origin){
		.prefix = arena_printf(a, "{api:%s} ", full),
		.logger = arena_printf(a, "API_LOGGER." STR_FMT, STR_ARG(d->name)),
		.received = arena_printf(a, "Received through API : %s", full),
		.trigger = "api",
		.name = full,
	};
}

/* "8081", "127.0.0.1:8081" or "https:9095". */
static bool take_listener(struct api *api, struct str word, const struct element *e,
			  struct binder *b)
{
	struct listened *l = &api->listened[api->listened_count];
	const struct str https = STR("https:");
	struct str port;
	uint64_t number;

	l->secure = str_starts(word, https) || api->transports == TRANSPORT_HTTPS;
	l->address = str_starts(word, https) ? str_from(word, https.len) : word;
	l->where = e->where;
	port = l->address;
	for (size_t at = str_find(port, ':'); at < port.len; at = str_find(port, ':'))
		port = str_from(port, at + 1);
	if (!str_to_uint(port, &number) || number > 65535)
		return report_error(b->report, e->where,
				    "m:listen=\"" STR_FMT
				    "\" is neither a port nor HOST:PORT",
				    STR_ARG(word));
	l->port = (unsigned)number;
	api->listened_count++;
	return true;
}

static bool take_listeners(struct api *api, struct str list, const struct element *e,
			   struct binder *b)
{
	struct str word;

	api->listen = list;
	while (list.len && str_cut(&list, ' ', &word)) {
		if (!word.len)
			continue;
		if (api->listened_count == MOST_LISTENED)
			return report_error(b->report, e->where,
					    "m:listen has more than %d listeners",
					    MOST_LISTENED);
		if (!take_listener(api, word, e, b))
			return false;
	}
	return true;
}

static bool compile(struct build *build, const struct element *e)
{
	struct arena *a = build_arena(build);
	struct binder *b = build_binder(build);
	struct definition *d = arena_new(a, struct definition);
	struct api *api = arena_new(a, struct api);

	if (!schema_bind(&schema, e, d, b))
		return false;
	if (d->version.len)
		api->version_type = str_eq(d->version_type, STR("url")) ? VERSION_URL
									: VERSION_CONTEXT;
	api->version = d->version;
	api->hostname = d->hostname;
	api->port = (unsigned)d->port;
	api->hosts = str_trim(d->hosts);
	api->shared = d->shared;
	api->specific = str_eq(d->order, STR("specific"));
	api->where = e->where;
	api->element = e;
	take_context(api, d, a);
	take_names(api, d, a);
	chain_resources(api, d, a);
	return parse_transport(d->transports, &api->transports, e, b) &&
	       take_listeners(api, d->listen, e, b) && build_add_api(build, api) &&
	       build_add_artifact(build, ARTIFACT_API, api->full_name, e, NULL);
}

const struct artifact_type api_artifact = {
	.element = "api",
	.kind = ARTIFACT_API,
	.brief = "Takes requests below a context.",
	.schema = &schema,
	.compile = compile,
};
