#include "daemon/adapter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/url.h"
#include "daemon/admin_priv.h"
#include "daemon/multipart.h"
#include "daemon/reload.h"
#include "synapse-xml/synapse_xml.h"

enum { MOST_ZIP = 64 << 20, MOST_LOGIN = 64 * 1024 };

#define BASE "/api/mgw/adapter/0.1"

/* One call: its body is awaited, then perhaps a load. */
struct asked {
	struct server *server;
	struct http_call *call;
	struct settled settled;
	struct str done; /* what to say when it is */
};

static const char *directory(struct server *s, struct arena *a)
{
	return arena_printf(a, STR_FMT "/apis", STR_ARG(s->settings->state));
}

void adapter_scan(struct server *s)
{
	struct arena scratch = { 0 };
	const char *path = directory(s, &scratch);
	struct stat st;

	if (stat(path, &st) == 0)
		loader_scan(s->loader, path);
	arena_release(&scratch);
}

bool adapter_claims(struct str path)
{
	return str_starts(path, STR(BASE "/"));
}

bool adapter_is_login(struct str path)
{
	return str_eq(path, STR(BASE "/oauth2/token"));
}

static void complain(struct http_call *c, unsigned status, struct str text)
{
	struct json *j = json_new(&c->arena, JSON_OBJECT);

	member_int(j, &c->arena, "code", status);
	member_text(j, &c->arena, "message", text);
	reply_json(c, status, j);
}

/* --- which APIs there are --- */

static struct str our_value(const struct element *e, const char *name)
{
	const struct attribute *a = element_attribute_ns(e, STR(MYELIN_NS), str_of(name));

	return a ? a->value : STR("");
}

/* An API of a definition; those of its default version are the same once more. */
static bool is_ours(const struct artifact *a)
{
	return a->kind == ARTIFACT_API && our_value(a->element, "hosts").len &&
	       element_attribute(a->element, STR("version"));
}

static const struct artifact *find(const struct server *s, struct str name,
				   struct str version)
{
	const struct artifact *a = deployment_artifacts(s->deployment);

	while (a &&
	       !(is_ours(a) && str_eq(element_value(a->element, STR("name")), name) &&
		 str_eq(element_value(a->element, STR("version")), version)))
		a = a->next;
	return a;
}

static struct json *describe(const struct artifact *api, struct arena *a)
{
	struct json *j = json_new(a, JSON_OBJECT);
	struct json *environments = json_new(a, JSON_ARRAY);
	const struct str name = element_value(api->element, STR("name"));
	struct str rest = our_value(api->element, "hosts"), host = rest;

	json_append(environments, json_string(a, STR("Default")));
	while (rest.len && str_cut(&rest, ' ', &host))
		;
	member_text(j, a, "apiName", name);
	member_text(j, a, "name", name);
	member_text(j, a, "version", element_value(api->element, STR("version")));
	member_text(j, a, "apiType", STR("HTTP"));
	member_text(j, a, "type", STR("HTTP"));
	member_text(j, a, "context", element_value(api->element, STR("context")));
	json_set(j, STR("gatewayEnvs"), environments);
	json_set(j, STR("gateway-envs"), json_copy(a, environments));
	member_text(j, a, "vhost", host);
	return j;
}

/* name:Pizza, version:1.0, type:HTTP or context:/p; without a field it is the name. */
static bool fits(const struct artifact *api, struct str word)
{
	struct str value = word, field, has;

	str_cut(&value, ':', &field);
	if (!value.at)
		value = word;
	if (str_eq_nocase(field, STR("type")) || str_eq_nocase(field, STR("apiType")))
		return str_eq_nocase(value, STR("HTTP"));
	has = element_value(api->element,
			    str_eq_nocase(field, STR("version"))   ? STR("version")
			    : str_eq_nocase(field, STR("context")) ? STR("context")
								   : STR("name"));
	return !value.len || str_find_str(has, value) < has.len;
}

static bool is_wanted(struct http_call *c, const struct artifact *api)
{
	struct str rest = call_parameter(c, STR("query")), word;

	while (rest.len && str_cut(&rest, ' ', &word))
		if (word.len && !fits(api, word))
			return false;
	return true;
}

static void list(struct server *s, struct http_call *c)
{
	struct json *j = json_new(&c->arena, JSON_OBJECT);
	struct json *all = json_new(&c->arena, JSON_ARRAY);
	const struct str limit = call_parameter(c, STR("limit"));
	uint64_t most = UINT64_MAX;
	int64_t total = 0;

	if (limit.len && !str_to_uint(limit, &most)) {
		complain(c, 400, STR("limit must be a number"));
		return;
	}
	for (const struct artifact *a = deployment_artifacts(s->deployment); a;
	     a = a->next) {
		if (!is_ours(a) || !is_wanted(c, a))
			continue;
		total++;
		if (all->count < most)
			json_append(all, describe(a, &c->arena));
	}
	member_int(j, &c->arena, "total", total);
	member_int(j, &c->arena, "count", (int64_t)all->count);
	json_set(j, STR("list"), all);
	reply_json(c, 200, j);
}

/* --- deploying --- */

/* A name that is one of a file: what is odd becomes %XX. */
static const char *file_of(struct server *s, struct str name, struct str version,
			   struct arena *a)
{
	return arena_printf(a, "%s/" STR_FMT "-" STR_FMT ".zip", directory(s, a),
			    STR_ARG(url_encode(name, "-_", a)),
			    STR_ARG(url_encode(version, "-_.", a)));
}

/* Written beside and renamed, so that there is the old one or the new one. */
static bool write_file(const char *path, struct str bytes, struct arena *a)
{
	const char *beside = arena_printf(a, "%s.new", path);
	const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t done = 0;
	bool fine = fd >= 0;

	while (fine && done < bytes.len) {
		const ssize_t n = write(fd, bytes.at + done, bytes.len - done);

		fine = n > 0;
		done += fine ? (size_t)n : 0;
	}
	fine = fine && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	if (fine && rename(beside, path) == 0)
		return true;
	unlink(beside);
	return false;
}

static void tell_done(void *ctx)
{
	struct asked *asked = ctx;
	struct json *j = json_new(&asked->call->arena, JSON_OBJECT);

	member_text(j, &asked->call->arena, "message", asked->done);
	reply_json(asked->call, 200, j);
}

static void load_then_tell(struct asked *asked, const char *done)
{
	asked->done = str_of(done);
	asked->settled = (struct settled){ .done = tell_done, .ctx = asked };
	reload_and_tell(asked->server, &asked->settled);
}

/* What a zip would be, looked at by itself. */
struct trial {
	struct str name, version;
	struct arena *arena;
};

static void look(void *ctx, const struct unit_view *v)
{
	struct trial *t = ctx;

	for (const struct element *e = v->elements; e; e = element_first(e->next)) {
		if (!element_is(e, STR("api")) || !element_attribute(e, STR("version")))
			continue;
		t->name = arena_copy(t->arena, element_value(e, STR("name")));
		t->version = arena_copy(t->arena, element_value(e, STR("version")));
	}
}

static void append(struct arena *a, struct str *text, const struct complaint *k)
{
	*text = str_of(arena_printf(a, STR_FMT "%s%s:%u: %s", STR_ARG(*text),
				    text->len ? "; " : "", k->where.file, k->where.line,
				    k->text));
}

/* False: it cannot be deployed, and the call was answered. */
static bool try_zip(struct server *s, struct http_call *c, struct str bytes,
		    struct trial *t)
{
	struct healths *healths = healths_new();
	struct loader *l = loader_new(&(struct loader_settings){
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &s->settings->endpoints,
		.healths = healths,
		.alone = true,
	});
	struct report r;
	struct str wrong = STR("");

	report_init(&r, &c->arena);
	loader_put(l, STR("file.zip"), bytes);
	deployment_unref(loader_build(l, &r));
	loader_each(l, look, t);
	for (const struct complaint *k = r.first; k; k = k->next)
		if (k->severity == SEVERITY_ERROR)
			append(&c->arena, &wrong, k);
	loader_free(l);
	healths_free(healths);
	if (!wrong.len && !t->name.len)
		wrong = STR("there is no API in it");
	if (wrong.len)
		complain(c, 400, wrong);
	return !wrong.len;
}

/* The parameter's name is overwrite in older versions of apictl. */
static bool may_replace(struct http_call *c)
{
	return str_eq(call_parameter(c, STR("override")), STR("true")) ||
	       str_eq(call_parameter(c, STR("overwrite")), STR("true"));
}

static void deploy_zip(struct asked *asked, struct str bytes)
{
	struct server *s = asked->server;
	struct http_call *c = asked->call;
	struct trial t = { .arena = &c->arena };
	const struct artifact *there;
	const char *path;

	if (!try_zip(s, c, bytes, &t))
		return;
	path = file_of(s, t.name, t.version, &c->arena);
	there = find(s, t.name, t.version);
	if (there && !may_replace(c)) {
		complain(c, 409,
			 STR("the API is deployed already; override=true "
			     "replaces it"));
		return;
	}
	if (there && !str_starts(str_of(there->where.file), str_of(path))) {
		complain(
			c, 409,
			str_of(arena_printf(
				&c->arena, "the API is deployed from %s; change it there",
				there->where.file)));
		return;
	}
	mkdir(arena_copy(&c->arena, s->settings->state).at, 0700);
	mkdir(directory(s, &c->arena), 0700);
	if (write_file(path, bytes, &c->arena))
		load_then_tell(asked, "the API is deployed");
	else
		complain(c, 500, STR("the API cannot be stored"));
}

static void take_zip(void *ctx)
{
	struct asked *asked = ctx;
	struct http_call *c = asked->call;
	const struct str type = headers_get(&c->headers, STR("Content-Type"));
	const struct str body = body_bytes(&c->body);
	struct str bytes;

	if (!body.at || !multipart_find(type, body, STR("file"), &bytes))
		complain(c, 400,
			 STR("the project's zip must come as the part 'file' of a "
			     "form"));
	else
		deploy_zip(asked, bytes);
}

static void undeploy(struct asked *asked)
{
	struct server *s = asked->server;
	struct http_call *c = asked->call;
	const struct str name = call_parameter(c, STR("apiName"));
	const struct str version = call_parameter(c, STR("version"));
	const struct artifact *there = find(s, name, version);

	if (!there)
		complain(c, 404, STR("there is no such API"));
	else if (unlink(file_of(s, name, version, &c->arena)) == 0)
		load_then_tell(asked, "the API is no longer deployed");
	else
		complain(c, 409,
			 str_of(arena_printf(&c->arena,
					     "the API is deployed from %s; remove that",
					     there->where.file)));
}

/* --- the calls --- */

static void log_in(void *ctx)
{
	struct asked *asked = ctx;
	struct http_call *c = asked->call;
	const struct str text = body_bytes(&c->body);
	struct fault why = { 0 };
	const struct json *j = text.at ? json_parse(text, &c->arena, &why) : NULL;
	const struct json *user = json_get(j, STR("username"));
	const struct json *password = json_get(j, STR("password"));
	struct json *answer = json_new(&c->arena, JSON_OBJECT);
	const char *token = user && password ? admin_token(asked->server->house,
							   user->text, password->text)
					     : NULL;

	if (!token) {
		complain(c, 401, STR("the name or the password is wrong"));
		return;
	}
	member_text(answer, &c->arena, "accessToken", str_of(token));
	reply_json(c, 200, answer);
}

static void await_body(struct asked *asked, const struct body_limits *limits,
		       void (*take)(void *ctx))
{
	struct body *b = &asked->call->body;

	b->limits = limits;
	if (b->state == BODY_ARRIVING)
		body_collect(b, take, asked);
	else
		take(asked);
}

void adapter_take(struct server *s, struct http_call *c)
{
	static const struct body_limits zips = { MOST_ZIP, MOST_ZIP };
	static const struct body_limits logins = { MOST_LOGIN, MOST_LOGIN };
	struct asked *asked = arena_new(&c->arena, struct asked);
	const struct str path = call_path(c);
	const bool posts = str_eq(c->method, STR("POST"));

	asked->server = s;
	asked->call = c;
	if (adapter_is_login(path) && posts)
		await_body(asked, &logins, log_in);
	else if (!str_eq(path, STR(BASE "/apis")))
		complain(c, 404, STR("there is no such page"));
	else if (posts)
		await_body(asked, &zips, take_zip);
	else if (str_eq(c->method, STR("GET")))
		list(s, c);
	else if (str_eq(c->method, STR("DELETE")))
		undeploy(asked);
	else
		reply_field(c, 405, STR("Allow"), STR("GET, POST, DELETE"));
}
