/* http:request and its config: <m:request> to an endpoint that never rests. */
#include "translate.h"

static struct element *add(struct translation *t, const struct element *at,
			   struct element *to, const char *name, struct str text)
{
	struct element *e = mule_synapse(t, at, name);

	element_add(to, e);
	if (text.len)
		element_add_text(e, t->arena, text);
	return e;
}

/* No memory of failure: whoever writes flows decides what to do about one. */
static void never_rests(struct translation *t, const struct element *at,
			struct element *to)
{
	struct element *part = add(t, at, to, "timeout", STR(""));

	add(t, at, part, "duration", STR("{get-property('request.timeout')}"));
	add(t, at, part, "responseAction", STR("fault"));
	part = add(t, at, to, "suspendOnFailure", STR(""));
	add(t, at, part, "errorCodes", STR("-1"));
	part = add(t, at, to, "markForSuspension", STR(""));
	add(t, at, part, "errorCodes", STR("-1"));
}

/* http://host:port of a config or of the setting in its place. Empty: neither. */
static struct str base_of(struct translation *t, const struct element *config,
			  struct str name)
{
	const struct str given = mule_setting(
		arena_printf(t->arena, "mule.request." STR_FMT, STR_ARG(name)));
	const struct element *c = config ? mule_child_of(config, "request-connection")
					 : NULL;
	const bool tls = c && str_eq_nocase(mule_attribute(c, "protocol"), STR("HTTPS"));
	struct str port;

	if (given.len)
		return given;
	if (!c || !mule_attribute(c, "host").len)
		return STR("");
	port = mule_attribute(c, "port");
	return str_of(arena_printf(t->arena, "%s://" STR_FMT ":" STR_FMT,
				   tls ? "https" : "http",
				   STR_ARG(mule_attribute(c, "host")),
				   STR_ARG(port.len ? port
					   : tls    ? STR("443")
						    : STR("80"))));
}

static struct element *endpoint(struct translation *t, const struct element *at,
				struct str name, struct str base)
{
	struct element *e = mule_synapse(t, at, "endpoint"),
		       *a = mule_synapse(t, at, "address");

	if (name.len)
		mule_set(t, e, "name", name);
	mule_set(t, a, "uri", base);
	element_add(e, a);
	never_rests(t, at, a);
	return e;
}

bool mule_request_config(struct translation *t, const struct element *e)
{
	const struct str name = mule_attribute(e, "name");
	const struct str base = base_of(t, e, name);
	const struct element *c = mule_child_of(e, "request-connection");
	struct element *made;

	if (!base.len)
		return true; /* used with url only, or not at all */
	made = endpoint(t, e, name, base);
	if (c && !mule_tls(t, c, made->children))
		return false;
	*t->last = made;
	t->last = &made->next;
	return true;
}

static void add_defaults(struct translation *t, const struct element *config,
			 struct element *to)
{
	const struct element *headers = mule_child_of(config, "default-headers");
	const struct element *queries = mule_child_of(config, "default-query-params");

	for (int i = 0; i < 2; i++) {
		const struct element *of = i == 0 ? headers : queries;

		if (!of)
			continue;
		element_each(d, of)
		{
			struct element *h = mule_word(t, d, i == 0 ? "header" : "query");

			mule_set(t, h, "name", mule_attribute(d, "key"));
			mule_set_value(t, h, "value", mule_attribute(d, "value"));
			element_add(to, h);
		}
	}
}

static void add_basic(struct translation *t, const struct element *config,
		      struct element *to)
{
	const struct element *c = mule_child_of(config, "request-connection");
	const struct element *a = c ? mule_child_of(c, "authentication") : NULL;
	const struct element *basic = a ? mule_child_of(a, "basic-authentication") : NULL;
	struct element *h;

	if (!basic)
		return;
	h = mule_word(t, basic, "header");
	mule_set_text(t, h, "name", "Authorization");
	mule_set(t, h, "value",
		 str_of(arena_printf(
			 t->arena,
			 "#['Basic ' ++ toBase64(" STR_FMT " ++ ':' ++ " STR_FMT ")]",
			 STR_ARG(mule_quoted(t, mule_attribute(basic, "username"))),
			 STR_ARG(mule_quoted(t, mule_attribute(basic, "password"))))));
	element_add(to, h);
}

static bool add_config(struct translation *t, const struct element *e, struct element *to)
{
	const struct str name = mule_attribute(e, "config-ref");
	const struct element *config = mule_project_find(t, "http:request-config", name);
	const struct str base = base_of(t, config, name);
	struct element *key;

	if (mule_attribute(e, "url").len && !name.len)
		return true;
	if (!config && !base.len)
		return mule_complain(t, e,
				     "there is no <http:request-config> named '" STR_FMT
				     "'; define it, or give --set mule.request." STR_FMT
				     "=http://host:port",
				     STR_ARG(name), STR_ARG(name));
	if (config) {
		if (mule_attribute(config, "basePath").len)
			mule_set(t, to, "base", mule_attribute(config, "basePath"));
		add_defaults(t, config, to);
		add_basic(t, config, to);
	}
	if (mule_attribute(e, "url").len)
		return true;
	if (!base.len && mule_attribute(config, "host").len)
		return mule_complain(t, e,
				     "'" STR_FMT
				     "' is Mule 3's: host and port belong on an "
				     "<http:request-connection> in it",
				     STR_ARG(name));
	if (!base.len)
		return mule_complain(t, e,
				     "'" STR_FMT
				     "' has no <http:request-connection> with a host",
				     STR_ARG(name));
	if (config) {
		key = mule_synapse(t, e, "endpoint");
		mule_set(t, key, "key", name);
	} else {
		key = endpoint(t, e, name,
			       base); /* a setting alone: there is no artifact */
	}
	element_add(to, key);
	return true;
}

static void add_validator(struct translation *t, const struct element *e,
			  struct element *to)
{
	const struct element *v = mule_child_of(e, "response-validator");
	const struct element *one = v ? element_first(v->children) : NULL;
	struct element *accept;

	if (!one)
		return;
	accept = mule_word(t, one, "accept");
	if (str_eq(one->name, STR("success-status-code-validator")))
		mule_set(t, accept, "statuses", mule_attribute(one, "values"));
	else if (str_eq(one->name, STR("failure-status-code-validator")))
		mule_set(t, accept, "refuse", mule_attribute(one, "values"));
	else
		mule_set_expression(t, accept, "when", mule_attribute(one, "expression"));
	element_add(to, accept);
}

static bool add_mappings(struct translation *t, const struct element *e,
			 struct element *to)
{
	element_each(m, e)
	{
		struct element *map;
		struct str type, closed = STR("");

		if (!str_eq(m->name, STR("error-mapping")))
			continue;
		if (!mule_can_be_raised(t, m, mule_attribute(m, "targetType"), &type))
			return false;
		if (mule_attribute(m, "sourceType").len &&
		    !mule_error_types(t, m, mule_attribute(m, "sourceType"), &closed))
			return false;
		map = mule_word(t, m, "map-error");
		if (closed.len)
			mule_set(t, map, "from", closed);
		mule_set(t, map, "to", type);
		element_add(to, map);
	}
	return true;
}

static void add_maps(struct translation *t, const struct element *e, struct element *to)
{
	static const struct {
		const char *element, *attribute;
	} maps[] = { { "headers", "headers" },
		     { "query-params", "query" },
		     { "uri-params", "parameters" } };
	const struct element *body = mule_child_of(e, "body");

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		const struct element *map = mule_child_of(e, maps[i].element);

		if (map && map->text.len)
			mule_set_expression(t, to, maps[i].attribute, map->text);
	}
	if (!body || !body->text.len)
		return;
	if (mule_meaning_of(t, body->text).is_expression)
		mule_set(t, to, "body", mule_meaning_of(t, body->text).text);
	else
		mule_set(t, to, "body",
			 str_of(arena_printf(t->arena, "#[" STR_FMT "]",
					     STR_ARG(mule_quoted(t, body->text)))));
}

/* What the operation says, else its config. */
static struct str setting_of(struct translation *t, const struct element *e,
			     const char *name)
{
	const struct element *config = mule_project_find(t, "http:request-config",
							 mule_attribute(e, "config-ref"));
	const struct str own = mule_attribute(e, name);

	return own.len || !config ? own : mule_attribute(config, name);
}

/* A text of an expression in a path goes in as one segment's worth. */
bool mule_request(struct translation *t, const struct element *e, struct element *to)
{
	struct element *r = mule_word(t, e, "request");
	const struct str method = mule_attribute(e, "method"),
			 path = mule_attribute(e, "path");
	const struct str url = mule_attribute(e, "url");

	if (!path.at && !url.at)
		return mule_complain(t, e, "<http:request> needs a path or a url");
	if (path.at && url.at)
		return mule_complain(t, e,
				     "<http:request> takes a path or a url, not "
				     "both");
	mule_set_value(t, r, "method", method.len ? method : STR("GET"));
	if (url.at)
		mule_set_value(t, r, "url", url);
	else
		mule_set_text(t, r, "path",
			      arena_printf(t->arena, "%s" STR_FMT, /* no expression */
					   str_starts(path, STR("{")) ? "/" : "",
					   STR_ARG(mule_path_of(t, path))));
	mule_set_value(t, r, "timeout",
		       setting_of(t, e, "responseTimeout").len
			       ? setting_of(t, e, "responseTimeout")
			       : STR("10000"));
	if (setting_of(t, e, "followRedirects").len)
		mule_set(t, r, "followRedirects", setting_of(t, e, "followRedirects"));
	if (setting_of(t, e, "sendBodyMode").len)
		mule_set(t, r, "sendBody", setting_of(t, e, "sendBodyMode"));
	if (mule_attribute(e, "outputMimeType").len)
		mule_set(t, r, "outputType", mule_attribute(e, "outputMimeType"));
	add_maps(t, e, r);
	if (!add_config(t, e, r))
		return false;
	add_validator(t, e, r);
	element_add(mule_kept(t, e, to), r);
	return add_mappings(t, e, r);
}
