/* What every gateway has: listeners, 404 for the rest, /health, /ready, /testkey. */
#include "openapi/openapi_priv.h"

void set_listeners(struct translation *t, struct element *api)
{
	const struct settings *s = openapi_settings();

	element_set_ns(api, t->arena, STR(MYELIN_NS), STR("listen"),
		       print_text(t, "%u https:%u", (unsigned)s->http_port,
				  (unsigned)s->https_port));
}

struct element *not_found_resource(struct translation *t, struct where where)
{
	struct element *resource = synapse_word(t, "resource", where);
	struct element *in = synapse_word(t, "inSequence", where);
	struct element *e = our_word(t, "refuse", where);

	element_set_ns(resource, t->arena, STR(MYELIN_NS), STR("otherwise"), STR("true"));
	put(t, e, "status", STR("404"));
	put(t, e, "code", STR("404"));
	put(t, e, "message", STR("Not Found"));
	put(t, e, "description", STR("The requested resource is not available."));
	element_add(in, e);
	element_add(resource, in);
	return resource;
}

static struct str own_issuer(struct translation *t)
{
	return print_text(t, "https://localhost:%u/testkey",
			  (unsigned)openapi_settings()->https_port);
}

void add_issuers(struct translation *t, struct element *jwt, struct where where)
{
	const struct settings *s = openapi_settings();
	struct element *own = our_word(t, "issuer", where);

	for (unsigned i = 0; i < s->issuer_count; i++) {
		const struct issuer *from = &s->issuers[i];
		struct element *e = our_word(t, "issuer", where);

		if (!from->jwks.len && !from->certificate.len) {
			report_error(t->report, where,
				     "openapi.issuer." STR_FMT
				     " needs jwks_url or certificate",
				     STR_ARG(from->label));
			continue;
		}
		put(t, e, "issuer", from->issuer.len ? from->issuer : from->label);
		if (from->jwks.len)
			put(t, e, "jwks", from->jwks);
		if (from->certificate.len)
			put(t, e, "certificate", from->certificate);
		if (from->audience.len)
			put(t, e, "audience", from->audience);
		element_add(jwt, e);
	}
	put(t, own, "issuer", own_issuer(t));
	element_add(jwt, own);
}

static struct element *add_page(struct translation *t, struct element *api,
				const char *methods, const char *path, struct where where)
{
	struct element *resource = synapse_word(t, "resource", where);
	struct element *in = synapse_word(t, "inSequence", where);

	element_add(api, resource);
	put(t, resource, "methods", str_of(methods));
	element_set_ns(resource, t->arena, STR(MYELIN_NS), STR("path"), str_of(path));
	element_add(resource, in);
	return in;
}

static void add_state(struct translation *t, struct element *api, const char *path,
		      const char *text, struct where where)
{
	struct element *in = add_page(t, api, "GET HEAD", path, where);
	struct element *payload = synapse_word(t, "payloadFactory", where);
	struct element *format = synapse_word(t, "format", where);

	put(t, payload, "media-type", STR("json"));
	element_add_text(format, t->arena, str_of(text));
	element_add(payload, format);
	element_add(payload, synapse_word(t, "args", where));
	element_add(in, payload);
	element_add(in, synapse_word(t, "respond", where));
}

static void add_testkey(struct translation *t, struct element *api, struct where where)
{
	const struct settings *s = openapi_settings();
	struct element *in = add_page(t, api, "POST", "/testkey", where);
	struct element *testkey = our_word(t, "testkey", where);

	put(t, testkey, "issuer", own_issuer(t));
	if (!str_eq(s->user, STR("admin")))
		put(t, testkey, "user", s->user);
	if (!str_eq(s->password, STR("admin")))
		put(t, testkey, "password", s->password);
	element_add(in, testkey);
	in = add_page(t, api, "GET", "/.wellknown/jwks", where);
	element_add(in, our_word(t, "jwks", where));
}

void translate_gateway(struct translation *t)
{
	const struct where where = where_of(t->file, t->document);
	struct element *api = synapse_word(t, "api", where);

	put(t, api, "name", STR("openapi gateway"));
	put(t, api, "context", STR("/"));
	set_listeners(t, api);
	element_set_ns(api, t->arena, STR(MYELIN_NS), STR("shared"), STR("true"));
	add_state(t, api, "/health", "{\"status\": \"healthy\"}", where);
	add_state(t, api, "/ready", "{\"status\": \"ready\"}", where);
	add_testkey(t, api, where);
	element_add(api, not_found_resource(t, where));
	emit(t, api);
}
