#include "action.h"

#include "input_schema.h"

enum section { BODY, QUERY, PARAMS, HEADERS, SECTIONS };

enum { MOST_URL = 8192 };

static const char *const section_names[SECTIONS] = { "body", "query", "params",
						     "headers" };

struct parts {
	struct json *section[SECTIONS];
};

static bool has_no_body(struct str method)
{
	return str_eq(method, STR("GET")) || str_eq(method, STR("HEAD")) ||
	       str_eq(method, STR("DELETE"));
}

/* Only body, query, params, headers as members: these are the parts themselves. */
static bool is_structured(const struct json *input)
{
	for (const struct json *i = input->first; i; i = i->next) {
		bool known = false;

		for (int s = 0; s < SECTIONS; s++)
			known = known || str_eq(i->key, str_of(section_names[s]));
		if (!known)
			return false;
	}
	return input->first != NULL;
}

static bool declares(const struct action *action, enum section s, struct str name)
{
	const struct json *section = action->sections ? json_get(action->sections,
								 str_of(section_names[s]))
						      : NULL;

	return section && json_get(section, name);
}

static bool is_placeholder(const struct action *action, struct str name, struct arena *a)
{
	const char *braces = arena_printf(a, "{" STR_FMT "}", STR_ARG(name));
	const char *colon = arena_printf(a, "/:" STR_FMT, STR_ARG(name));

	return str_find_str(action->resource, str_of(braces)) < action->resource.len ||
	       str_find_str(action->resource, str_of(colon)) < action->resource.len;
}

/* Where a member of a flat input goes; *name loses its prefix. */
static enum section section_of(const struct action *action, struct str *name,
			       struct arena *a)
{
	static const enum section order[] = { PARAMS, QUERY, HEADERS, BODY };
	const size_t colon = str_find(*name, ':');

	for (int s = 0; s < SECTIONS; s++) {
		if (str_eq(str_first(*name, colon), str_of(section_names[s])) &&
		    colon < name->len) {
			*name = str_from(*name, colon + 1);
			return (enum section)s;
		}
	}
	for (size_t i = 0; i < SECTIONS; i++)
		if (declares(action, order[i], *name))
			return order[i];
	if (is_placeholder(action, *name, a))
		return PARAMS;
	return has_no_body(action->method) ? QUERY : BODY;
}

static struct parts split(const struct action *action, const struct json *input,
			  struct arena *a)
{
	const bool structured = is_structured(input);
	struct parts p;

	for (int s = 0; s < SECTIONS; s++) {
		const struct json *given = structured ? json_get(input,
								 str_of(section_names[s]))
						      : NULL;

		p.section[s] = given ? json_copy(a, given) : json_new(a, JSON_OBJECT);
	}
	for (const struct json *i = structured ? NULL : input->first; i; i = i->next) {
		struct str name = i->key;
		const enum section s = section_of(action, &name, a);

		json_set(p.section[s], name, json_copy(a, i));
	}
	return p;
}

const struct json *action_defaults(const struct action *action, struct arena *a)
{
	struct json *all = json_new(a, JSON_OBJECT);

	for (int s = 0; s < SECTIONS; s++) {
		const struct json *section = json_get(action->sections,
						      str_of(section_names[s]));
		const struct json *some = input_defaults(section, a);

		for (const struct json *d = some->first; d; d = d->next)
			json_set(all, d->key, json_copy(a, d));
	}
	return all;
}

static bool must_be_given(const struct json *field)
{
	const struct json *required = field->kind == JSON_OBJECT
					      ? json_get(field, STR("required"))
					      : NULL;

	return required && required->kind == JSON_TRUE;
}

/* A default is filled in; what is declared as required must be there then. */
static bool complete_section(const struct action *action, const char *name,
			     struct json *given, struct exchange *x)
{
	const struct json *fields = json_get(action->sections, str_of(name));

	for (const struct json *f = fields ? fields->first : NULL; f; f = f->next) {
		const struct json *otherwise = json_get(action->defaults, f->key);

		if (json_get(given, f->key))
			continue;
		if (otherwise)
			json_set(given, f->key, json_copy(&x->arena, otherwise));
		if (otherwise || !must_be_given(f))
			continue;
		callable_fault(x, "INVALID_INPUT",
			       arena_printf(&x->arena,
					    "%s of the action needs '" STR_FMT "'", name,
					    STR_ARG(f->key)),
			       NULL);
		return false;
	}
	return true;
}

static bool complete(const struct action *action, struct parts *p, struct exchange *x)
{
	for (int s = 0; action->sections && s < SECTIONS; s++)
		if (!complete_section(action, section_names[s], p->section[s], x))
			return false;
	return true;
}

static struct str text_of(const struct json *j, struct arena *a)
{
	return j->kind == JSON_STRING ? j->text : json_text(j, a);
}

static void add_encoded(struct buf *b, struct str text)
{
	static const char unreserved[] = "-._~";

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				    (c >= '0' && c <= '9');

		if (letter || (c && strchr(unreserved, c)))
			buf_add_char(b, c);
		else
			buf_printf(b, "%%%02X", (unsigned char)c);
	}
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/*
 * The name of a placeholder at the front of s and how long it stands; 0: none. A colon
 * begins one behind a slash only: /orders/:id, not /orders:batch or ?at=12:30.
 */
static size_t placeholder(struct str s, char before, struct str *name)
{
	size_t len = 1;

	if (s.at[0] == '{') {
		const size_t end = str_find(s, '}');

		*name = str_first(str_from(s, 1), end - 1);
		return end < s.len ? end + 1 : 0;
	}
	if (s.at[0] != ':' || before != '/')
		return 0;
	while (len < s.len && is_name_char(s.at[len]))
		len++;
	*name = str_first(str_from(s, 1), len - 1);
	return len > 1 ? len : 0;
}

static bool add_resource(const struct action *action, const struct json *params,
			 struct buf *b, struct exchange *x)
{
	struct str rest = action->resource, name;
	char before = '/';

	while (rest.len) {
		const size_t len = placeholder(rest, before, &name);
		const struct json *value = len ? json_get(params, name) : NULL;

		if (len && !value) {
			callable_fault(x, "INVALID_INPUT",
				       arena_printf(&x->arena,
						    "the path needs '" STR_FMT "'",
						    STR_ARG(name)),
				       NULL);
			return false;
		}
		if (len)
			add_encoded(b, text_of(value, &x->arena));
		else
			buf_add_char(b, rest.at[0]);
		before = rest.at[len ? len - 1 : 0];
		rest = str_from(rest, len ? len : 1);
	}
	return true;
}

static void add_query(const struct json *query, struct buf *b, struct arena *a)
{
	char before = '?';

	for (const struct json *q = query->first; q; q = q->next) {
		buf_add_char(b, before);
		add_encoded(b, q->key);
		buf_add_char(b, '=');
		add_encoded(b, text_of(q, a));
		before = '&';
	}
}

static bool write_url(const struct action *action, const struct action_at *at,
		      const struct parts *p, struct exchange *x)
{
	struct str base = at->url;
	struct buf b;
	bool fine;

	while (str_ends(base, STR("/")))
		base.len--;
	buf_init(&b, MOST_URL);
	buf_add(&b, base);
	if (!str_starts(action->resource, STR("/")))
		buf_add_char(&b, '/');
	fine = add_resource(action, p->section[PARAMS], &b, x);
	add_query(p->section[QUERY], &b, &x->arena);
	if (fine && buf_is_full(&b)) {
		callable_fault(x, "INVALID_INPUT", "the address is too long", NULL);
		fine = false;
	}
	message_set_property(&x->message, SCOPE_DEFAULT, STR("uri.var.duct"),
			     value_str(arena_copy(&x->arena, buf_str(&b))));
	buf_release(&b);
	return fine;
}

static void add_headers(struct exchange *x, const struct json *headers)
{
	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next)
		if (header_name_is_valid(h->key) && h->kind != JSON_NULL)
			message_set_property(&x->message, SCOPE_TRANSPORT, h->key,
					     value_str(text_of(h, &x->arena)));
}

static void write_body(const struct action *action, const struct json *body,
		       struct exchange *x)
{
	struct message *m = &x->message;

	headers_init(&m->headers, &x->arena);
	properties_clear(&m->properties[SCOPE_AXIS2]);
	if (!body->first && (has_no_body(action->method) || body->kind != JSON_ARRAY)) {
		content_set_none(m);
		if (!has_no_body(action->method)) {
			content_set_json(m, json_new(&x->arena, JSON_OBJECT));
			content_set_type(m, STR("application/json"));
		}
	} else {
		content_set_json(m, body);
		content_set_type(m, STR("application/json"));
	}
	message_set_property(m, SCOPE_AXIS2, STR("setCharacterEncoding"),
			     value_str(STR("false")));
}

bool action_show_data(const struct action *action, struct exchange *x)
{
	const struct json *data = action->data ? callable_map(x, action->data) : NULL;

	if (!action->data)
		return true;
	if (!data)
		return false;
	callable_set(x, "variable", json_get(data, STR("variable")));
	callable_set(x, "constant", json_get(data, STR("constant")));
	callable_set(x, "auth", json_get(data, STR("auth")));
	return true;
}

/* The endpoint's deadline: the attempt's own, if the option has one. */
static void set_timeout(const struct action *action, struct exchange *x)
{
	const struct json *run = callable_variable(x, "run");
	const struct json *own = run ? json_get(run, STR("timeout")) : NULL;
	int64_t ms = (int64_t)action->timeout;

	if (own)
		json_to_int(own, &ms);
	message_set_property(&x->message, SCOPE_DEFAULT, STR("duct.timeout"),
			     value_int(ms));
}

bool action_write_request(const struct action *action, const struct action_at *at,
			  const struct json *input, struct exchange *x)
{
	static const struct json nothing = { .kind = JSON_OBJECT };
	struct parts p = split(action,
			       input && input->kind == JSON_OBJECT ? input : &nothing,
			       &x->arena);
	const struct json *own = NULL;

	if (!complete(action, &p, x))
		return false;

	if (action->headers) {
		own = callable_map(x, action->headers);
		if (!own)
			return false;
	}
	if (!write_url(action, at, &p, x))
		return false;
	set_timeout(action, x);
	write_body(action, p.section[BODY], x);
	add_headers(x, at->headers);
	add_headers(x, own);
	add_headers(x, p.section[HEADERS]);
	return true;
}
