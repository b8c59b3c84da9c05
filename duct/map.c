#include <stdlib.h>

#include "base/utf8.h"
#include "duct/dates.h"
#include "duct/duct_priv.h"

enum { MOST_SECRET = 1 << 20 };

struct mapping {
	struct message *message;
	struct arena *arena;
	bool output;
	struct fault *why;
	size_t text;    /* bytes made so far */
	struct str key; /* of the member that is being made */
};

static const struct json null_value = { .kind = JSON_NULL };

static const struct json *fail(struct mapping *m, const char *text)
{
	*m->why = (struct fault){ .text = text, .kind = "mapping" };
	return NULL;
}

struct str duct_text(const struct json *j, struct arena *a)
{
	if (j->kind == JSON_NULL)
		return STR("");
	return j->kind == JSON_STRING ? j->text : json_text(j, a);
}

static const struct json *string(struct mapping *m, struct str text)
{
	m->text += text.len;
	if (m->text > DUCT_MAX_TEXT)
		return fail(m, "a mapping makes too much text");
	return json_string(m->arena, text);
}

static const struct json *variable(struct mapping *m, struct str name)
{
	const struct value v = message_own_property(m->message, SCOPE_VARIABLE, name);

	return v.kind == VALUE_JSON ? v.json : NULL;
}

static struct str secrets; /* a directory; empty: none */

void duct_secrets_in(struct str directory)
{
	secrets = directory;
}

/* A file of that name, without the end of its last line; `at` NULL: there is none. */
static struct str secret_in_file(struct str name, struct arena *a)
{
	const char *path = arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(secrets),
					STR_ARG(name));
	struct str text = { NULL, 0 };
	struct buf b;

	buf_init(&b, MOST_SECRET);
	if (buf_read_file(&b, path))
		text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	while (text.len && strchr("\r\n", text.at[text.len - 1]))
		text.len--;
	return text;
}

/* The environment's, else a file's. */
static const struct json *secret(struct mapping *m, const struct duct *d)
{
	const struct str name = d->first ? d->first->text : STR("");
	const char *value = getenv(arena_copy(m->arena, name).at);
	const bool is_name = name.len && name.at[0] != '.' &&
			     str_find(name, '/') == name.len;
	struct str text = { NULL, 0 };

	if (value)
		return json_string(m->arena, str_of(value));
	if (secrets.len && is_name)
		text = secret_in_file(name, m->arena);
	return text.at ? json_string(m->arena, text) : NULL;
}

/* ms since 1970. */
static int64_t now(const struct mapping *m)
{
	const struct surroundings *around = m->message->around;
	const struct timers *clock = around ? around->clock : NULL;

	return clock ? (int64_t)clock->now + clock->wall : 0;
}

/* The variable a root names: its own name with a small first letter. */
static const struct json *root(struct mapping *m, const struct duct *d)
{
	char name[16];

	if (str_eq(d->text, STR("Now")))
		return json_string(m->arena, date_iso(now(m), m->arena));
	if (str_eq(d->text, STR("Secret")) || str_eq(d->text, STR("Token")))
		return secret(m, d);
	memcpy(name, d->text.at, d->text.len);
	name[0] = (char)(name[0] | 0x20);
	return variable(m, (struct str){ name, d->text.len });
}

static const struct json *step(const struct json *from, struct str segment)
{
	uint64_t index;

	if (!from)
		return NULL;
	if (from->kind == JSON_OBJECT)
		return json_get(from, segment);
	if (from->kind == JSON_ARRAY && str_to_uint(segment, &index))
		return json_at(from, (size_t)index);
	return NULL;
}

static bool is_size(const struct duct *d)
{
	return str_eq(d->text, STR("Size")) || str_eq(d->text, STR("Length"));
}

static const struct json *map(struct mapping *m, const struct duct *d, bool *missing);

static const struct json *size_of(struct mapping *m, const struct duct *d, bool *missing)
{
	const struct json *of = d->first ? map(m, d->first, missing) : NULL;

	if (!of || *missing)
		return of;
	if (of->kind == JSON_STRING)
		return json_int(m->arena, (int64_t)utf8_length(of->text));
	if (of->kind == JSON_ARRAY || of->kind == JSON_OBJECT)
		return json_int(m->arena, (int64_t)of->count);
	return fail(m, arena_printf(m->arena,
				    "$" STR_FMT " is of a list, an object or a text",
				    STR_ARG(d->text)));
}

/* "main", or the sequence's own tag, may stand before the step's name. */
static const struct duct *first_segment(const struct duct *d, const struct json *from)
{
	const struct duct *s = d->first;

	if (str_eq(d->text, STR("Secret")) || str_eq(d->text, STR("Token")))
		return NULL;
	if (s && s->next && from && str_eq(d->text, STR("Sequence")) &&
	    !step(from, s->text) && step(from, s->next->text))
		return s->next;
	return s && s->kind == DUCT_TEXT && !s->text.len && !s->next ? NULL : s;
}

static const struct json *refer(struct mapping *m, const struct duct *d, bool *missing)
{
	const struct json *at = root(m, d);

	if (str_eq(d->text, STR("Default")) && !d->first)
		at = step(at, m->key);
	for (const struct duct *s = first_segment(d, at); s && at; s = s->next) {
		const struct json *name = s->kind == DUCT_TEXT ? NULL
							       : map(m, s, missing);

		if (!name && s->kind != DUCT_TEXT)
			return NULL;
		at = step(at, name ? duct_text(name, m->arena) : s->text);
	}
	*missing = !at;
	return at ? at : &null_value;
}

static const struct json *call(struct mapping *m, const struct duct *d)
{
	const struct json *args[4] = { 0 };
	const struct json *result;
	unsigned count = 0;
	bool missing = false;

	for (const struct duct *i = d->first; i; i = i->next) {
		args[count] = map(m, i, &missing);
		if (!args[count++])
			return NULL;
	}
	result = d->function->call(args, count, m->arena);
	if (!result)
		return fail(m,
			    arena_printf(m->arena, "$%s cannot work with these arguments",
					 d->function->name));
	m->text += result->text.len;
	return m->text > DUCT_MAX_TEXT ? fail(m, "a mapping makes too much text")
				       : result;
}

static const struct json *join(struct mapping *m, const struct duct *d)
{
	const struct json *result = NULL;
	struct buf text;

	buf_init(&text, DUCT_MAX_TEXT);
	for (const struct duct *i = d->first; i; i = i->next) {
		bool missing = false;
		const struct json *part = map(m, i, &missing);

		if (!part)
			break;
		buf_add(&text, duct_text(part, m->arena));
		if (!i->next)
			result = string(m, arena_copy(m->arena, buf_str(&text)));
	}
	if (buf_is_full(&text))
		result = fail(m, "a mapping makes too much text");
	buf_release(&text);
	return result;
}

static const struct json *members(struct mapping *m, const struct duct *d)
{
	struct json *to = json_new(m->arena,
				   d->kind == DUCT_LIST ? JSON_ARRAY : JSON_OBJECT);

	for (const struct duct *i = d->first; i; i = i->next) {
		bool missing = false;
		const struct json *value;

		if (d->kind == DUCT_OBJECT)
			m->key = i->key;
		value = map(m, i, &missing);
		if (!value)
			return NULL;
		if (d->kind == DUCT_LIST)
			json_append(to, json_copy(m->arena, value));
		else if (!missing || m->output)
			json_set(to, i->key, json_copy(m->arena, value));
	}
	return to;
}

static const struct json *map(struct mapping *m, const struct duct *d, bool *missing)
{
	switch (d->kind) {
	case DUCT_TEXT:
		return string(m, d->text);
	case DUCT_VALUE:
		return d->value;
	case DUCT_REF:
		return is_size(d) ? size_of(m, d, missing) : refer(m, d, missing);
	case DUCT_CALL:
		return call(m, d);
	case DUCT_JOIN:
		return join(m, d);
	case DUCT_LIST:
	case DUCT_OBJECT:
		return members(m, d);
	}
	return NULL;
}

const struct json *duct_map(const struct duct *d, struct message *m, bool output,
			    bool *missing, struct fault *why)
{
	struct mapping mapping = {
		.message = m,
		.arena = m->arena,
		.output = output,
		.why = why,
	};

	*missing = false;
	return map(&mapping, d, missing);
}
