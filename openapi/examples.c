/* The answers of a mocked API: an operation's responses as <m:examples> (§3.1, §3.5). */
#include "openapi/openapi_priv.h"

static bool is_text(const struct json *j)
{
	return j->kind == JSON_STRING || j->kind == JSON_NUMBER;
}

static struct str body_of(struct translation *t, const struct json *value)
{
	return is_text(value) ? value->text : json_text(value, t->arena);
}

static void add_example(struct translation *t, struct element *response, struct str type,
			struct str name, const struct json *value)
{
	struct element *e = our_word(t, "example", where_of(t->file, value));

	put(t, e, "type", type);
	if (name.len)
		put(t, e, "name", name);
	element_add_text(e, t->arena, body_of(t, value));
	element_add(response, e);
}

/* One media type: example, or examples by name. */
static void add_content(struct translation *t, struct element *response,
			const struct json *content)
{
	const struct json *one = member(content, "example");
	const struct json *many = member(content, "examples");

	if (one)
		add_example(t, response, content->key, STR(""), one);
	if (!many || many->kind != JSON_OBJECT)
		return;
	for (const struct json *e = many->first; e; e = e->next) {
		const struct json *value = member(referred(t, e), "value");

		if (value)
			add_example(t, response, content->key, e->key, value);
	}
}

/* Of OpenAPI 2: examples by media type. */
static void add_old_examples(struct translation *t, struct element *response,
			     const struct json *examples)
{
	for (const struct json *e = examples ? examples->first : NULL; e; e = e->next)
		if (e->kind != JSON_NULL)
			add_example(t, response, e->key, STR(""), e);
}

static void add_header(struct translation *t, struct element *response, struct str name,
		       const struct json *header)
{
	const struct json *value = member(header, "example");
	struct element *e;

	if (!value)
		value = member(member(header, "schema"), "example");
	if (!value || str_eq_nocase(name, STR("Content-Type")))
		return;
	e = our_word(t, "header", where_of(t->file, header));
	put(t, e, "name", name);
	put(t, e, "value", body_of(t, value));
	element_add(response, e);
}

static void add_response(struct translation *t, struct element *all,
			 const struct json *written)
{
	const struct json *r = referred(t, written);
	const struct json *headers = member(r, "headers"),
			  *content = member(r, "content");
	struct element *e = our_word(t, "response", where_of(t->file, written));

	if (!r)
		return;
	put(t, e, "code", written->key);
	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next)
		add_header(t, e, h->key, referred(t, h));
	for (const struct json *c = content ? content->first : NULL; c; c = c->next)
		add_content(t, e, c);
	if (member(r, "examples") && member(r, "examples")->kind == JSON_OBJECT)
		add_old_examples(t, e, member(r, "examples"));
	if (element_first(e->children))
		element_add(all, e);
}

struct element *translate_examples(struct translation *t, const struct json *operation)
{
	const struct json *responses = member(operation, "responses");
	struct element *all = our_word(t, "examples", where_of(t->file, operation));

	for (const struct json *r = responses && responses->kind == JSON_OBJECT
					    ? responses->first
					    : NULL;
	     r; r = r->next)
		if (!str_starts(r->key, STR("x-")))
			add_response(t, all, r);
	if (!element_first(all->children))
		report_warning(t->report, where_of(t->file, operation),
			       "this operation has no examples: it answers 501");
	return all;
}
