#include "duct/duct_priv.h"

/* Where we are in a string; every function takes its piece off the front. */
struct cursor {
	struct str rest;
	struct arena *arena;
	unsigned depth;
};

struct duct *duct_new(struct arena *a, enum duct_kind kind)
{
	struct duct *d = arena_new(a, struct duct);

	d->kind = kind;
	return d;
}

void duct_append(struct duct *to, struct duct *piece)
{
	*(to->last ? &to->last->next : &to->first) = piece;
	to->last = piece;
}

static struct duct *text_piece(struct str text, struct arena *a)
{
	struct duct *d = duct_new(a, DUCT_TEXT);

	d->text = text;
	return d;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool starts_with(const struct cursor *c, char first)
{
	return c->rest.len && c->rest.at[0] == first;
}

static void skip_blanks(struct cursor *c)
{
	while (c->rest.len && strchr(" \t\r\n", c->rest.at[0]))
		c->rest = str_from(c->rest, 1);
}

/* What roots there are; $Token is the older name of $Secret. */
static bool is_root(struct str name)
{
	static const char *const roots[] = { "Input",    "Response", "Sequence",
					     "Variable", "Constant", "Session",
					     "Secret",   "Token",    "Auth",
					     "Default",  "Now",      "Run",
					     "Size",     "Length" };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (str_eq(name, str_of(roots[i])))
			return true;
	return false;
}

static struct duct *parse_value(struct cursor *c);
static struct duct *parse_dollar(struct cursor *c);

/* One {name} or [0]; in a brace another reference may stand ($Size{$Input{list}}). */
static struct duct *parse_segment(struct cursor *c)
{
	const char close = c->rest.at[0] == '{' ? '}' : ']';
	struct cursor inside = *c;
	struct duct *segment;
	size_t end;

	inside.rest = str_from(c->rest, 1);
	if (starts_with(&inside, '$') && ++inside.depth < DUCT_MAX_DEPTH) {
		segment = parse_dollar(&inside);
		if (segment && starts_with(&inside, close)) {
			c->rest = str_from(inside.rest, 1);
			return segment;
		}
	}
	end = str_find(c->rest, close);
	if (end == c->rest.len)
		return NULL;
	segment = text_piece(str_trim(str_first(str_from(c->rest, 1), end - 1)),
			     c->arena);
	c->rest = str_from(c->rest, end + 1);
	return segment;
}

/* These are of something. */
static bool is_size(struct str root)
{
	return str_eq(root, STR("Size")) || str_eq(root, STR("Length"));
}

static struct duct *parse_reference(struct cursor *c, struct str root)
{
	struct duct *d = duct_new(c->arena, DUCT_REF);

	d->text = root;
	while (starts_with(c, '{') || starts_with(c, '[')) {
		struct duct *segment = parse_segment(c);

		if (!segment && starts_with(c, '{'))
			return NULL;
		if (!segment)
			break;
		duct_append(d, segment);
	}
	return is_size(root) && !d->first ? NULL : d;
}

static bool parse_arguments(struct cursor *c, struct duct *to, char close)
{
	for (;;) {
		struct duct *argument;

		skip_blanks(c);
		if (starts_with(c, close) && !to->first)
			break;
		argument = parse_value(c);
		if (!argument)
			return false;
		duct_append(to, argument);
		skip_blanks(c);
		if (starts_with(c, close))
			break;
		if (!starts_with(c, ','))
			return false;
		c->rest = str_from(c->rest, 1);
	}
	c->rest = str_from(c->rest, 1);
	return true;
}

static unsigned count_of(const struct duct *d)
{
	unsigned count = 0;

	for (const struct duct *i = d->first; i; i = i->next)
		count++;
	return count;
}

static struct duct *parse_call(struct cursor *c, const struct duct_function *function)
{
	struct duct *d = duct_new(c->arena, DUCT_CALL);

	d->function = function;
	c->rest = str_from(c->rest, 1);
	if (!parse_arguments(c, d, ')'))
		return NULL;
	return count_of(d) >= function->least && count_of(d) <= function->most ? d : NULL;
}

/* At a dollar. NULL, and nothing taken: it means nothing, it is text. */
static struct duct *parse_dollar(struct cursor *c)
{
	struct cursor ahead = *c;
	const struct duct_function *function;
	struct duct *d = NULL;
	struct str name;
	size_t len = 1;

	while (len < c->rest.len && is_name_char(c->rest.at[len]))
		len++;
	name = str_first(str_from(c->rest, 1), len - 1);
	ahead.rest = str_from(c->rest, len);
	ahead.depth++;
	function = starts_with(&ahead, '(') ? duct_function_named(name) : NULL;
	if (ahead.depth >= DUCT_MAX_DEPTH)
		return NULL;
	if (function)
		d = parse_call(&ahead, function);
	else if (is_root(name))
		d = parse_reference(&ahead, name);
	if (d)
		c->rest = ahead.rest;
	return d;
}

static size_t end_of_quoted(struct str inside, char quote)
{
	size_t i = 0;

	while (i < inside.len && inside.at[i] != quote)
		i += inside.at[i] == '\\' && i + 1 < inside.len ? 2 : 1;
	return i;
}

/* \n and the like are what they are in JSON; before anything else a \ only protects it.
 */
static struct str unescaped(struct str s, struct arena *a)
{
	static const char letters[] = "nrtbf", means[] = "\n\r\t\b\f";
	char *to = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		const bool escape = s.at[i] == '\\' && i + 1 < s.len;
		const char c = s.at[escape ? ++i : i];
		const char *known = escape && c ? strchr(letters, c) : NULL;

		to[len++] = known ? means[known - letters] : c;
	}
	return (struct str){ to, len };
}

/* In quotes references stand for values as well: '$Input{a}'. */
static struct duct *parse_quoted(struct cursor *c)
{
	const char quote = c->rest.at[0];
	const struct str inside = str_from(c->rest, 1);
	const size_t end = end_of_quoted(inside, quote);

	if (end >= inside.len)
		return NULL;
	c->rest = str_from(inside, end + 1);
	return duct_parse_text(unescaped(str_first(inside, end), c->arena), c->depth + 1,
			       c->arena);
}

/* A number, true, false, null, or else a bare word that is text. */
static struct duct *parse_word(struct cursor *c)
{
	struct fault why = { 0 };
	struct duct *d = duct_new(c->arena, DUCT_VALUE);
	struct str word;
	size_t len = 0;

	while (len < c->rest.len && !strchr(",)]", c->rest.at[len]))
		len++;
	word = str_trim(str_first(c->rest, len));
	c->rest = str_from(c->rest, len);
	d->value = json_parse(word, c->arena, &why);
	return d->value ? d : text_piece(word, c->arena);
}

static struct duct *compile(const struct json *j, unsigned depth, struct arena *a);

/* How long the object at the front of s is; 0: it does not end. */
static size_t length_of_object(struct str s)
{
	size_t depth = 0;
	char quote = '\0';

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i];

		if (quote && c == '\\')
			i++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"')
			quote = c;
		else if (c == '{')
			depth++;
		else if (c == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

static struct duct *parse_object(struct cursor *c)
{
	const size_t len = length_of_object(c->rest);
	struct fault why = { 0 };
	const struct json *j = len ? json_parse(str_first(c->rest, len), c->arena, &why)
				   : NULL;

	if (!j)
		return NULL;
	c->rest = str_from(c->rest, len);
	return compile(j, c->depth + 1, c->arena);
}

/* An argument. */
static struct duct *parse_value(struct cursor *c)
{
	struct duct *list;

	if (!c->rest.len)
		return NULL;
	switch (c->rest.at[0]) {
	case '$':
		return parse_dollar(c);
	case '"':
	case '\'':
		return parse_quoted(c);
	case '[':
		list = duct_new(c->arena, DUCT_LIST);
		c->rest = str_from(c->rest, 1);
		if (++c->depth >= DUCT_MAX_DEPTH || !parse_arguments(c, list, ']'))
			return NULL;
		c->depth--;
		return list;
	case '{':
		return parse_object(c);
	default:
		return parse_word(c);
	}
}

static void append_text(struct duct *join, const char *from, const char *to,
			struct arena *a)
{
	if (to > from)
		duct_append(join,
			    text_piece((struct str){ from, (size_t)(to - from) }, a));
}

struct duct *duct_parse_text(struct str text, unsigned depth, struct arena *a)
{
	struct cursor c = { .rest = text, .arena = a, .depth = depth };
	struct duct *join = duct_new(a, DUCT_JOIN);
	const char *from = text.at;

	while (c.rest.len) {
		const char *here = c.rest.at;
		const bool doubled = c.rest.len > 1 && here[0] == '$' && here[1] == '$';
		struct duct *piece = here[0] == '$' && !doubled ? parse_dollar(&c) : NULL;

		if (piece || doubled) {
			append_text(join, from, doubled ? here + 1 : here, a);
			if (doubled)
				c.rest = str_from(c.rest, 2);
			else
				duct_append(join, piece);
			from = c.rest.at;
		} else {
			c.rest = str_from(c.rest, 1);
		}
	}
	append_text(join, from, text.at + text.len, a);
	if (!join->first)
		return text_piece(STR(""), a);
	return join->first == join->last ? join->first : join;
}

static struct duct *compile(const struct json *j, unsigned depth, struct arena *a)
{
	struct duct *d;

	if (depth >= DUCT_MAX_DEPTH)
		return NULL;
	if (j->kind == JSON_STRING)
		return duct_parse_text(j->text, depth, a);
	if (j->kind != JSON_ARRAY && j->kind != JSON_OBJECT) {
		d = duct_new(a, DUCT_VALUE);
		d->value = j;
		return d;
	}
	d = duct_new(a, j->kind == JSON_ARRAY ? DUCT_LIST : DUCT_OBJECT);
	for (const struct json *i = j->first; i; i = i->next) {
		struct duct *member = compile(i, depth + 1, a);

		if (!member)
			return NULL;
		member->key = i->key;
		duct_append(d, member);
	}
	return d;
}

struct duct *duct_compile(const struct json *mapping, struct arena *a, struct fault *why)
{
	struct duct *d = compile(mapping, 0, a);

	if (!d)
		*why = (struct fault){
			.text = arena_printf(a, "a mapping is nested deeper than %d",
					     DUCT_MAX_DEPTH),
			.where.line = mapping->line,
		};
	return d;
}
