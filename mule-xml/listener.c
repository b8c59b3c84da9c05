/* http:listener: an API at an address of its own, and how it answers. */
#include "translate.h"

static bool implicit_status(void)
{
	const struct str s = mule_setting("mule.implicit-http-status");

	return !str_eq(s, STR("off")) && !str_eq(s, STR("false"));
}

/* Of http://HOST:PORT/… or HOST:PORT. */
static struct str host_and_port(struct str url)
{
	const size_t scheme = str_find_str(url, STR("://"));
	const struct str rest = scheme < url.len ? str_from(url, scheme + 3) : url;

	return str_first(rest, str_find(rest, '/'));
}

static bool complain_of_port(struct translation *t, const struct element *config,
			     const struct element *connection, struct str name)
{
	if (!connection && mule_attribute(config, "port").len)
		return mule_complain(t, config,
				     "'" STR_FMT
				     "' is Mule 3's: host and port belong on an "
				     "<http:listener-connection> in it",
				     STR_ARG(name));
	return mule_complain(t, config,
			     "'" STR_FMT "' has no <http:listener-connection> with "
			     "a port",
			     STR_ARG(name));
}

static struct str address_of(struct translation *t, const struct element *connection)
{
	const bool tls = str_eq_nocase(mule_attribute(connection, "protocol"),
				       STR("HTTPS"));
	const struct str host = mule_attribute(connection, "host");

	if (tls && mule_child_of(connection, "context"))
		report_warning(
			t->report, connection->where,
			"the server's own certificate is used (tls.certificate and "
			"tls.key set it), not the one of <tls:context>");
	return str_of(arena_printf(t->arena, "%s" STR_FMT ":" STR_FMT,
				   tls ? "https:" : "",
				   STR_ARG(host.len ? host : STR("0.0.0.0")),
				   STR_ARG(mule_attribute(connection, "port"))));
}

/* HOST:PORT of a listener's config, or of the setting that overrides it. */
static bool address(struct translation *t, const struct element *e, struct str *listen)
{
	const struct str name = mule_attribute(e, "config-ref");
	const struct str given = mule_setting(
		arena_printf(t->arena, "mule.listener." STR_FMT, STR_ARG(name)));
	const struct element *config = mule_project_find(t, "http:listener-config", name);
	const struct element *connection = config ? mule_child_of(config,
								  "listener-connection")
						  : NULL;

	if (given.len) {
		*listen = host_and_port(given);
		return true;
	}
	if (!config) {
		*listen = STR("0.0.0.0:8081");
		report_warning(t->report, e->where,
			       "there is no <http:listener-config> named '" STR_FMT
			       "'; it listens on 0.0.0.0:8081 (or give "
			       "--set mule.listener." STR_FMT "=http://host:port)",
			       STR_ARG(name), STR_ARG(name));
		return true;
	}
	if (!connection || !mule_attribute(connection, "port").len)
		return complain_of_port(t, config, connection, name);
	*listen = address_of(t, connection);
	return true;
}

static void add_path(struct buf *b, struct str part)
{
	while (str_starts(part, STR("/")))
		part = str_from(part, 1);
	while (str_ends(part, STR("/")))
		part = str_first(part, part.len - 1);
	if (!part.len)
		return;
	buf_add_char(b, '/');
	buf_add(b, part);
}

/* basePath and path with single slashes between; a star at the end of basePath goes. */
static struct str pattern(struct translation *t, const struct element *e)
{
	const struct element *config = mule_project_find(t, "http:listener-config",
							 mule_attribute(e, "config-ref"));
	struct str base = config ? mule_attribute(config, "basePath") : STR("");
	struct buf b;
	struct str made;

	while (str_ends(base, STR("*")))
		base = str_first(base, base.len - 1);
	buf_init(&b, 1 << 16);
	add_path(&b, base);
	add_path(&b, mule_attribute(e, "path"));
	if (!b.len)
		buf_add_char(&b, '/');
	made = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return made;
}

static struct element *new_api(struct translation *t, const struct element *e,
			       struct str name, struct str listen)
{
	struct element *api = mule_synapse(t, e, "api");
	static const char *const own[] = { "listen", "order", NULL };
	struct namespace *ours = arena_new(t->arena, struct namespace);

	ours->prefix = STR("m");
	ours->uri = STR(MYELIN_NS);
	api->namespaces = ours;

	mule_set(t, api, "name", name);
	mule_set_text(t, api, "context", "/");
	for (unsigned i = 0; own[i]; i++) {
		struct attribute *a = arena_new(t->arena, struct attribute);

		a->name = str_of(own[i]);
		a->prefix = STR("m");
		a->ns = STR(MYELIN_NS);
		a->value = i == 0 ? listen : STR("specific");
		a->next = api->attributes;
		api->attributes = a;
	}
	return api;
}

static struct element *new_resource(struct translation *t, const struct element *e,
				    struct element *api, struct str path,
				    struct str methods)
{
	struct element *r = mule_synapse(t, e, "resource"),
		       *in = mule_synapse(t, e, "inSequence");

	if (methods.len)
		mule_set(t, r, "methods", methods);
	mule_set(t, r, "uri-template", path);
	element_add(api, r);
	element_add(r, in);
	return in;
}

/* What http:response or http:error-response says; NULL: it is not there. */
static void answer(struct translation *t, const struct element *e, bool error,
		   struct element *to)
{
	const struct element *body = e ? mule_child_of(e, "body") : NULL;
	const struct element *headers = e ? mule_child_of(e, "headers") : NULL;
	const struct str status = e ? mule_attribute(e, "statusCode")
				    : (struct str){ NULL, 0 };
	const char *otherwise = error ? "500" : "200";
	const char *implicit = arena_printf(
		t->arena,
		"#[if ((vars.httpStatus default '') as String matches /[2-5][0-9][0-9]/) "
		"vars.httpStatus else %s]",
		otherwise);

	if (status.len)
		mule_set_value(t, to, "status", status);
	else
		mule_set_text(t, to, "status",
			      !e && implicit_status() ? implicit : otherwise);
	if (e && mule_attribute(e, "reasonPhrase").len)
		mule_set_value(t, to, "reason", mule_attribute(e, "reasonPhrase"));
	if (headers && headers->text.len)
		mule_set_expression(t, to, "headers", headers->text);
	if (body && body->text.len && mule_meaning_of(t, body->text).is_expression)
		mule_set(t, to, "body", mule_meaning_of(t, body->text).text);
	else if (body && body->text.len)
		mule_set(t, to, "body",
			 str_of(arena_printf(t->arena, "#[" STR_FMT "]",
					     STR_ARG(mule_quoted(t, body->text)))));
	else if (error)
		mule_set_text(t, to, !e && implicit_status() ? "unless-set" : "body",
			      !e && implicit_status()
				      ? "#[error.description]"
				      : "#[output text/plain --- error.description]");
}

/* More than the flow takes at a time: whatever the listener says of errors. */
static void too_many(struct translation *t, const struct element *e,
		     struct element *attempt)
{
	struct element *caught = mule_word(t, e, "catch"), *a = mule_word(t, e, "answer");

	mule_set_text(t, caught, "errors", "MULE:FLOW_BACK_PRESSURE");
	mule_set_text(t, a, "status", "503");
	mule_set_text(t, a, "body", "#[output text/plain --- error.description]");
	element_add(caught, a);
	element_add(attempt, caught);
}

static void run_flow(struct translation *t, const struct element *flow,
		     const struct element *e, struct element *in)
{
	struct element *attempt = mule_word(t, e, "try"),
		       *call = mule_synapse(t, flow, "sequence");
	struct element *response = mule_word(t, e, "answer"),
		       *caught = mule_word(t, e, "catch");
	struct element *error = mule_word(t, e, "answer");

	mule_set(t, call, "key", t->flow);
	element_add(in, attempt);
	element_add(attempt, call);
	answer(t, mule_child_of(e, "response"), false, response);
	element_add(attempt, response);
	if (mule_attribute(flow, "maxConcurrency").len)
		too_many(t, e, attempt);
	answer(t, mule_child_of(e, "error-response"), true, error);
	element_add(attempt, caught);
	element_add(caught, error);
}

/* "GET, POST" as the elements of Synapse want it. */
static struct str methods(struct translation *t, const struct element *e)
{
	struct str rest = mule_attribute(e, "allowedMethods"), one;
	struct buf b;
	struct str made;

	if (!rest.len)
		return STR("");
	buf_init(&b, 256);
	while (str_cut(&rest, ',', &one)) {
		if (b.len)
			buf_add_char(&b, ' ');
		buf_add(&b, str_trim(one));
	}
	made = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return made;
}

static void say_text(struct translation *t, const struct element *e, struct element *in,
		     const char *status, const char *text)
{
	struct element *a = mule_word(t, e, "answer");

	mule_set_text(t, a, "status", status);
	mule_set_text(
		t, a, "body",
		arena_printf(t->arena,
			     "#[output text/plain --- \"%s for endpoint: \" ++ "
			     "(attributes.requestPath replace '&' with '&amp;' replace "
			     "'<' with "
			     "'&lt;')]",
			     text));
	element_add(in, a);
}

/* In a resource that takes what no other one of its path does. */
static struct element *otherwise(struct translation *t, struct element *in)
{
	struct attribute *a = arena_new(t->arena, struct attribute);

	a->name = STR("otherwise");
	a->prefix = STR("m");
	a->ns = STR(MYELIN_NS);
	a->value = STR("true");
	a->next = in->parent->attributes;
	in->parent->attributes = a;
	return in;
}

static void add_artifact(struct translation *t, struct element *e)
{
	*t->last = e;
	t->last = &e->next;
}

/* What no flow takes at this address: once for all flows there. */
static void nobody(struct translation *t, const struct element *e, struct str listen)
{
	struct element *api = new_api(
		t, e,
		str_of(arena_printf(t->arena, "no-listener-at-" STR_FMT,
				    STR_ARG(listen))),
		listen);
	struct attribute *shared = arena_new(t->arena, struct attribute);

	shared->name = STR("shared");
	shared->prefix = STR("m");
	shared->ns = STR(MYELIN_NS);
	shared->value = STR("true");
	shared->next = api->attributes;
	api->attributes = shared;
	say_text(t, e, otherwise(t, new_resource(t, e, api, STR("/*"), STR(""))), "404",
		 "No listener");
	add_artifact(t, api);
}

bool mule_listener(struct translation *t, const struct element *flow,
		   const struct element *e)
{
	const struct str path = pattern(t, e), allowed = methods(t, e);
	struct element *api;
	struct str listen;

	if (str_eq(mule_attribute(flow, "initialState"), STR("stopped")))
		return true;
	if (!mule_attribute(e, "path").at)
		return mule_complain(t, e, "<http:listener> needs a path");
	if (!address(t, e, &listen))
		return false;
	api = new_api(t, e, t->flow, listen);
	run_flow(t, flow, e, new_resource(t, e, api, path, allowed));
	if (allowed.len)
		say_text(t, e, otherwise(t, new_resource(t, e, api, path, STR(""))),
			 "405", "Method not allowed");
	add_artifact(t, api);
	nobody(t, e, listen);
	return true;
}
