#include "daemon/adapter.h"
#include "daemon/admin_priv.h"

#include "base/base64.h"
#include "base/crypto.h"

enum { MOST_TOKENS = 64, TOKEN_BYTES = 32, TOKEN_MS = 3600 * 1000, MOST_BODY = 1 << 20 };

static const char logger[] = "org.wso2.micro.integrator.management.apis.ManagementApi";

struct token {
	char text[2 * TOKEN_BYTES + 1];
	uint64_t until; /* 0: none */
};

struct admin {
	struct server *server;
	struct str user, password;
	struct token tokens[MOST_TOKENS]; /* the oldest makes room */
	unsigned next;
};

/* What is asked for, and how. */
static const struct page {
	const char *path;
	void (*get)(struct server *s, struct http_call *c);
	/* POST and PATCH, with the body read as JSON. */
	void (*change)(struct server *s, struct http_call *c, const struct json *j);
} pages[] = {
	{ "/management/apis", admin_apis, NULL },
	{ "/management/endpoints", admin_endpoints, admin_switch_endpoint },
	{ "/management/sequences", admin_sequences, NULL },
	{ "/management/local-entries", admin_local_entries, NULL },
	{ "/management/templates", admin_templates, NULL },
	{ "/management/proxy-services", admin_proxies, NULL },
	{ "/management/server", admin_server, NULL },
	{ "/management/logging", admin_logging, admin_set_logging },
};

/* A request whose body is awaited. */
struct change {
	struct http_call *call;
	struct server *server;
	const struct page *page;
};

void member_text(struct json *to, struct arena *a, const char *name, struct str text)
{
	json_set(to, str_of(name), json_string(a, text));
}

void member_bool(struct json *to, struct arena *a, const char *name, bool truth)
{
	json_set(to, str_of(name), json_bool(a, truth));
}

void member_int(struct json *to, struct arena *a, const char *name, int64_t n)
{
	json_set(to, str_of(name), json_int(a, n));
}

static void say(struct http_call *c, unsigned status, const char *name, const char *text)
{
	struct json *j = json_new(&c->arena, JSON_OBJECT);

	member_text(j, &c->arena, name, str_of(text));
	reply_json(c, status, j);
}

void admin_error(struct http_call *c, unsigned status, const char *text)
{
	say(c, status, "Error", text);
}

void admin_message(struct http_call *c, const char *text)
{
	say(c, 200, "Message", text);
}

void admin_list(struct http_call *c, struct json *list)
{
	struct json *j = json_new(&c->arena, JSON_OBJECT);

	member_int(j, &c->arena, "count", (int64_t)list->count);
	json_set(j, STR("list"), list);
	reply_json(c, 200, j);
}

bool admin_is_wanted(struct http_call *c, struct str name)
{
	const struct str key = call_parameter(c, STR("searchKey"));

	return !key.len || str_find_str(name, key) < name.len;
}

struct str admin_source(const struct artifact *t, struct arena *a)
{
	struct buf b;
	struct str text = { "", 0 };

	buf_init(&b, 16 * 1024 * 1024);
	if (t->element)
		element_write(t->element, ELEMENT_EXACT, &b);
	text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static uint64_t now(const struct admin *a)
{
	return a->server->timers.now;
}

static struct token *find_token(struct admin *a, struct str text)
{
	for (unsigned i = 0; i < MOST_TOKENS; i++) {
		struct token *t = &a->tokens[i];

		if (t->until > now(a) && bytes_are_equal(str_of(t->text), text))
			return t;
	}
	return NULL;
}

static struct str credentials(const struct http_call *c, struct str scheme)
{
	const struct str all = headers_get(&c->headers, STR("Authorization"));
	const struct str first = str_first(all, scheme.len);

	if (!str_eq_nocase(first, scheme) || all.len <= scheme.len)
		return (struct str){ NULL, 0 };
	return str_trim(str_from(all, scheme.len));
}

static bool has_password(struct admin *a, struct http_call *c)
{
	const struct str coded = credentials(c, STR("Basic "));
	struct str text, user;

	if (!coded.at || !base64_decode(coded, false, &c->arena, &text))
		return false;
	if (!str_cut(&text, ':', &user))
		return false;

	const bool right_user = bytes_are_equal(user, a->user);
	const bool right_password = bytes_are_equal(text, a->password);

	return right_user && right_password;
}

static bool may_enter(struct admin *a, struct http_call *c)
{
	const struct str bearer = credentials(c, STR("Bearer "));

	return bearer.at ? find_token(a, bearer) != NULL : has_password(a, c);
}

static const char *new_token(struct admin *a)
{
	struct token *t = &a->tokens[a->next++ % MOST_TOKENS];
	struct arena scratch = { 0 };
	char bytes[TOKEN_BYTES];
	struct str text;

	random_bytes(bytes, sizeof(bytes));
	text = hex_of((struct str){ bytes, sizeof(bytes) }, &scratch);
	memcpy(t->text, text.at, text.len);
	t->until = now(a) + TOKEN_MS;
	arena_release(&scratch);
	return t->text;
}

const char *admin_token(struct admin *a, struct str user, struct str password)
{
	const bool right_user = bytes_are_equal(user, a->user);
	const bool right_password = bytes_are_equal(password, a->password);

	return right_user && right_password ? new_token(a) : NULL;
}

static void log_in(struct admin *a, struct http_call *c)
{
	if (has_password(a, c))
		say(c, 200, "AccessToken", new_token(a));
	else
		reply_text(c, 401, NULL, STR(""));
}

static void log_out(struct admin *a, struct http_call *c)
{
	struct token *t = find_token(a, credentials(c, STR("Bearer ")));

	if (t)
		t->until = 0;
	reply_text(c, 200, NULL, STR(""));
}

static void apply_change(void *ctx)
{
	struct change *change = ctx;
	struct http_call *c = change->call;
	struct fault why = { 0 };
	const struct str text = body_bytes(&c->body);
	const struct json *j = text.at ? json_parse(text, &c->arena, &why) : NULL;

	if (!j || j->kind != JSON_OBJECT)
		admin_error(c, 400, "the request's body must be a JSON object");
	else
		change->page->change(change->server, c, j);
}

static void take_change(struct server *s, struct http_call *c, const struct page *p)
{
	static const struct body_limits small = { MOST_BODY, MOST_BODY };
	struct change *change = arena_new(&c->arena, struct change);

	*change = (struct change){ c, s, p };
	c->body.limits = &small;
	if (c->body.state == BODY_ARRIVING)
		body_collect(&c->body, apply_change, change);
	else
		apply_change(change);
}

static void take_page(struct server *s, struct http_call *c, const struct page *p)
{
	if (str_eq(c->method, STR("GET")) || str_eq(c->method, STR("HEAD")))
		p->get(s, c);
	else if (p->change &&
		 (str_eq(c->method, STR("POST")) || str_eq(c->method, STR("PATCH"))))
		take_change(s, c, p);
	else
		reply_field(c, 405, STR("Allow"),
			    p->change ? STR("GET, POST, PATCH") : STR("GET"));
}

void admin_take(void *ctx, struct http_call *c)
{
	struct server *s = ctx;
	const struct str path = call_path(c);

	if (str_eq(path, STR("/management/login"))) {
		log_in(s->house, c);
		return;
	}
	if (adapter_is_login(path)) {
		adapter_take(s, c);
		return;
	}
	if (!may_enter(s->house, c)) {
		reply_text(c, 401, NULL, STR(""));
		return;
	}
	if (str_eq(path, STR("/management/logout"))) {
		log_out(s->house, c);
		return;
	}
	if (adapter_claims(path)) {
		adapter_take(s, c);
		return;
	}
	if (str_starts(path, STR("/ductape/"))) {
		admin_ductape(s, c);
		return;
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (str_eq(path, str_of(pages[i].path))) {
			take_page(s, c, &pages[i]);
			return;
		}
	reply_text(c, 404, NULL, STR(""));
}

bool admin_has_users(const struct settings *s)
{
	return s->admin_user.len && s->admin_password.len;
}

struct admin *admin_new(struct server *s)
{
	struct admin *a = arena_new(&s->arena, struct admin);
	const struct settings *set = s->settings;
	const bool configured = admin_has_users(set);

	a->server = s;
	a->user = configured ? set->admin_user : STR("admin");
	a->password = configured ? set->admin_password : STR("admin");
	if (!configured)
		log_line(LOG_WARN, logger,
			 "no user is configured: the management API answers admin:admin "
			 "on loopback only; set admin.user and admin.password");
	return a;
}

void admin_free(struct admin *a)
{
	for (unsigned i = 0; i < MOST_TOKENS; i++)
		a->tokens[i].until = 0;
}
