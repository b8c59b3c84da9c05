#include "message/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/map.h"

struct anchor {
	struct str name;
	const struct json *value;
	struct anchor *next;
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the present one */
	bool has_event;
	struct str text;
	struct arena *arena;
	struct fault *why;
	struct anchor *anchors; /* latest first */
	unsigned depth, values;
};

static struct json *fail(struct reader *r, size_t line, const char *text)
{
	if (r->why && !r->why->text)
		*r->why = (struct fault){ .text = text,
					  .where = { NULL, (unsigned)line } };
	return NULL;
}

static struct json *fail_here(struct reader *r, const char *text)
{
	return fail(r, r->event.start_mark.line + 1, text);
}

/* libyaml's words; but a tab is better called one. */
static struct json *fail_in_parser(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const size_t line = p->problem_mark.line + 1;
	const size_t at = p->problem_mark.index;
	struct arena *a = r->arena;

	if (at < r->text.len && r->text.at[at] == '\t')
		return fail(r, line, "a tab cannot indent in YAML; use blanks");
	if (!p->problem)
		return fail(r, line, "this is no YAML");
	if (!p->context)
		return fail(r, line, arena_printf(a, "%s", p->problem));
	return fail(r, line, arena_printf(a, "%s %s", p->problem, p->context));
}

static bool next_event(struct reader *r)
{
	if (r->has_event)
		yaml_event_delete(&r->event);
	r->has_event = false;
	if (!yaml_parser_parse(&r->parser, &r->event)) {
		fail_in_parser(r);
		return false;
	}
	r->has_event = true;
	return true;
}

static struct json *new_value(struct reader *r, enum json_kind kind, size_t line)
{
	struct json *j;

	if (++r->values > YAML_MAX_VALUES)
		return fail_here(r, "more values than a definition may have");
	j = json_new(r->arena, kind);
	j->line = (unsigned)line;
	return j;
}

static bool is_word(struct str s, const char *lower, const char *title, const char *upper)
{
	return str_eq(s, str_of(lower)) || str_eq(s, str_of(title)) ||
	       str_eq(s, str_of(upper));
}

static size_t digits(struct str s, size_t from)
{
	size_t i = from;

	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	return i - from;
}

/* -?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)? as JSON has it: with zeros in front it is text.
 */
static bool is_number(struct str s)
{
	size_t i = str_starts(s, STR("-")) ? 1 : 0;
	const size_t whole = digits(s, i);

	if (!whole || (whole > 1 && s.at[i] == '0'))
		return false;
	i += whole;
	if (i < s.len && s.at[i] == '.') {
		if (!digits(s, i + 1))
			return false;
		i += 1 + digits(s, i + 1);
	}
	if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
		i++;
		if (i < s.len && (s.at[i] == '-' || s.at[i] == '+'))
			i++;
		if (!digits(s, i))
			return false;
		i += digits(s, i);
	}
	return i == s.len;
}

static enum json_kind kind_of_word(struct str s)
{
	if (!s.len || str_eq(s, STR("~")) || is_word(s, "null", "Null", "NULL"))
		return JSON_NULL;
	if (is_word(s, "true", "True", "TRUE"))
		return JSON_TRUE;
	if (is_word(s, "false", "False", "FALSE"))
		return JSON_FALSE;
	return is_number(s) ? JSON_NUMBER : JSON_STRING;
}

static bool has_tag(const yaml_char_t *tag, const char *name)
{
	return tag && strcmp((const char *)tag, name) == 0;
}

static struct json *read_scalar(struct reader *r)
{
	const yaml_event_t *e = &r->event;
	const struct str s = { (const char *)e->data.scalar.value,
			       e->data.scalar.length };
	enum json_kind kind = JSON_STRING;
	struct json *j;

	if (e->data.scalar.plain_implicit && !has_tag(e->data.scalar.tag, YAML_STR_TAG))
		kind = kind_of_word(s);
	else if (has_tag(e->data.scalar.tag, YAML_INT_TAG) ||
		 has_tag(e->data.scalar.tag, YAML_FLOAT_TAG) ||
		 has_tag(e->data.scalar.tag, YAML_BOOL_TAG) ||
		 has_tag(e->data.scalar.tag, YAML_NULL_TAG))
		kind = kind_of_word(s);
	j = new_value(r, kind, e->start_mark.line + 1);
	if (j && (kind == JSON_STRING || kind == JSON_NUMBER))
		j->text = arena_copy(r->arena, s);
	return j;
}

static const struct json *anchored(const struct reader *r, struct str name)
{
	for (const struct anchor *a = r->anchors; a; a = a->next)
		if (str_eq(a->name, name))
			return a->value;
	return NULL;
}

static struct str anchor_of(const yaml_event_t *e)
{
	const yaml_char_t *name = NULL;

	if (e->type == YAML_SCALAR_EVENT)
		name = e->data.scalar.anchor;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		name = e->data.sequence_start.anchor;
	else if (e->type == YAML_MAPPING_START_EVENT)
		name = e->data.mapping_start.anchor;
	return str_of((const char *)name);
}

static void remember(struct reader *r, struct str name, const struct json *value)
{
	struct anchor *a = arena_new(r->arena, struct anchor);

	*a = (struct anchor){ name, value, r->anchors };
	r->anchors = a;
}

/* How many values it is, and how deep it goes below `depth`; false: too many. */
static bool measure(struct reader *r, const struct json *j, unsigned depth)
{
	if (++r->values > YAML_MAX_VALUES || depth > YAML_MAX_DEPTH)
		return false;
	for (const struct json *m = j->first; m; m = m->next)
		if (!measure(r, m, depth + 1))
			return false;
	return true;
}

static struct json *copy_of(struct reader *r, const struct json *value)
{
	if (!measure(r, value, r->depth))
		return fail_here(r, "aliases make this too large, or nested too deeply");
	return json_copy(r->arena, value);
}

static struct json *read_alias(struct reader *r)
{
	const struct str name = str_of((const char *)r->event.data.alias.anchor);
	const struct json *value = anchored(r, name);

	if (!value)
		return fail_here(r,
				 arena_printf(r->arena,
					      "there is no anchor '" STR_FMT "' before "
					      "this alias",
					      STR_ARG(name)));
	return copy_of(r, value);
}

static struct json *read_value(struct reader *r);

static struct json *read_sequence(struct reader *r)
{
	struct json *array = new_value(r, JSON_ARRAY, r->event.start_mark.line + 1);

	while (array && next_event(r)) {
		struct json *member;

		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return array;
		member = read_value(r);
		if (!member)
			return NULL;
		json_append(array, member);
	}
	return NULL;
}

/* Members that are not there already; from one mapping or a list of them. */
static bool merge(struct reader *r, struct json *object, const struct json *from)
{
	if (from->kind != JSON_OBJECT && from->kind != JSON_ARRAY) {
		fail_here(r, "'<<' takes a mapping over, or a list of them");
		return false;
	}
	for (const struct json *m = from->first; m; m = m->next) {
		if (from->kind == JSON_ARRAY) {
			if (m->kind != JSON_OBJECT || !merge(r, object, m))
				return false;
		} else if (!json_get(object, m->key)) {
			struct json *copy = copy_of(r, m);

			if (!copy)
				return false;
			json_append(object, copy);
		}
	}
	return true;
}

static bool add_member(struct reader *r, struct json *object, struct map *keys,
		       struct json *merged)
{
	struct json *member;
	struct str key;
	bool plain;
	const size_t line = r->event.start_mark.line + 1;

	if (r->event.type != YAML_SCALAR_EVENT) {
		fail_here(r, "a key must be plain text");
		return false;
	}
	plain = r->event.data.scalar.plain_implicit;
	key = arena_copy(r->arena, (struct str){ (const char *)r->event.data.scalar.value,
						 r->event.data.scalar.length });
	if (!next_event(r))
		return false;
	member = read_value(r);
	if (!member)
		return false;
	if (plain && str_eq(key, STR("<<"))) {
		json_append(merged, member);
		return true;
	}
	member->key = key;
	if (!map_add(keys, key, member)) {
		fail(r, line,
		     arena_printf(r->arena, "the key '" STR_FMT "' is there twice",
				  STR_ARG(key)));
		return false;
	}
	json_append(object, member);
	return true;
}

/* What is merged comes last: own members win, wherever they stand. */
static struct json *read_mapping(struct reader *r)
{
	struct json *object = new_value(r, JSON_OBJECT, r->event.start_mark.line + 1);
	struct json *merged = json_new(r->arena, JSON_ARRAY);
	struct map keys;

	map_init(&keys, r->arena);
	while (object && next_event(r)) {
		if (r->event.type != YAML_MAPPING_END_EVENT) {
			if (!add_member(r, object, &keys, merged))
				return NULL;
			continue;
		}
		for (const struct json *m = merged->first; m; m = m->next)
			if (!merge(r, object, m))
				return fail_here(r,
						 "'<<' takes a mapping over, or a list "
						 "of them");
		return object;
	}
	return NULL;
}

static struct json *read_kind(struct reader *r)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r);
	case YAML_ALIAS_EVENT:
		return read_alias(r);
	case YAML_SEQUENCE_START_EVENT:
		return read_sequence(r);
	case YAML_MAPPING_START_EVENT:
		return read_mapping(r);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		break;
	}
	return fail_here(r, "a value was expected");
}

static struct json *read_value(struct reader *r)
{
	const struct str anchor = anchor_of(&r->event);
	const struct str name = anchor.at ? arena_copy(r->arena, anchor)
					  : (struct str){ NULL, 0 };
	struct json *j;

	if (++r->depth > YAML_MAX_DEPTH)
		return fail_here(r, "nested deeper than 64");
	j = read_kind(r);
	r->depth--;
	if (j && name.at)
		remember(r, name, j);
	return j;
}

static struct json *read_document(struct reader *r)
{
	struct json *j;

	if (!next_event(r) || !next_event(r)) /* the stream's start, then a document's */
		return NULL;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return new_value(r, JSON_NULL, 1);
	if (!next_event(r))
		return NULL;
	j = read_value(r);
	if (!j || !next_event(r) || !next_event(r)) /* its end, and the stream's */
		return NULL;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return fail_here(r, "a second document begins; one is enough");
	return j;
}

struct json *yaml_parse(struct str text, struct arena *a, struct fault *why)
{
	struct fault ignored = { 0 };
	struct reader r = { .arena = a, .text = text, .why = why ? why : &ignored };
	struct json *j;

	*r.why = (struct fault){ 0 };
	if (!yaml_parser_initialize(&r.parser))
		return fail(&r, 0, "there is no memory for a YAML reader");
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(text.at ? text.at : ""), text.len);
	j = read_document(&r);
	if (r.has_event)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return j;
}
