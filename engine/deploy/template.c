#include "deploy/template.h"

enum part_kind {
	PART_LITERAL,
	PART_REST,     /* a literal, then whatever follows: /a and a star */
	PART_SIMPLE,   /* {x} */
	PART_RESERVED, /* {+x} */
	PART_LABEL,    /* {.x} */
	PART_SEGMENT,  /* {/x} */
	PART_FRAGMENT, /* {#x} */
};

struct variable {
	struct str name; /* "uri.var.x": as the property it becomes */
	size_t exactly;  /* characters; 0: any number */
	struct variable *next;
};

struct part {
	enum part_kind kind;
	struct str text; /* of PART_LITERAL and PART_REST */
	struct variable *variables;
	int stop; /* first character of the next part; -1: none */
	struct part *next;
};

struct template
{
	struct part *first;
	bool has_query; /* a literal has a question mark in it */
};

/* --- compiling --- */

struct parsing {
	struct arena *arena;
	struct fault *why;
	struct template *template;
	struct part **last;
};

static bool complain(struct parsing *p, struct str expression)
{
	p->why->text = arena_printf(p->arena,
				    "Unsupported template expression: {" STR_FMT "}",
				    STR_ARG(expression));
	return false;
}

static struct template *complain_open(struct parsing *p, struct str rest)
{
	p->why->text = arena_printf(p->arena,
				    "Unsupported template expression: " STR_FMT
				    "; a brace has no partner",
				    STR_ARG(rest));
	return NULL;
}

static struct part *add_part(struct parsing *p, enum part_kind kind)
{
	struct part *part = arena_new(p->arena, struct part);

	part->kind = kind;
	part->stop = -1;
	*p->last = part;
	p->last = &part->next;
	return part;
}

static void add_literal(struct parsing *p, struct str text)
{
	const bool rest = str_ends(text, STR("*"));
	struct part *part;

	if (!text.len)
		return;
	part = add_part(p, rest ? PART_REST : PART_LITERAL);
	part->text = str_first(text, text.len - rest);
	if (str_find(text, '?') < text.len)
		p->template->has_query = true;
}

static bool is_variable_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr(".-_", c)))
			return false;
	}
	return name.len > 0;
}

static bool add_variable(struct parsing *p, struct variable ***last, struct str text)
{
	struct variable *v = arena_new(p->arena, struct variable);
	struct str rest = text, name = text;
	uint64_t exactly = 0;

	str_cut(&rest, ':', &name);
	if (!is_variable_name(name) || (rest.at && !str_to_uint(rest, &exactly)))
		return false;
	v->name = str_of(arena_printf(p->arena, "uri.var." STR_FMT, STR_ARG(name)));
	v->exactly = exactly;
	**last = v;
	*last = &v->next;
	return true;
}

static enum part_kind kind_of(char c)
{
	switch (c) {
	case '+':
		return PART_RESERVED;
	case '.':
		return PART_LABEL;
	case '/':
		return PART_SEGMENT;
	case '#':
		return PART_FRAGMENT;
	default:
		return PART_SIMPLE;
	}
}

static bool add_expression(struct parsing *p, struct str text)
{
	const enum part_kind kind = kind_of(text.len ? text.at[0] : 0);
	struct part *part = add_part(p, kind);
	struct variable **last = &part->variables;
	struct str rest = str_from(text, kind != PART_SIMPLE), name;

	if (!rest.len)
		return complain(p, text);
	while (str_cut(&rest, ',', &name))
		if (!add_variable(p, &last, name))
			return complain(p, text);
	return true;
}

static int first_character(const struct part *part)
{
	if (!part)
		return -1;
	switch (part->kind) {
	case PART_LITERAL:
	case PART_REST:
		return part->text.len ? (unsigned char)part->text.at[0] : -1;
	case PART_LABEL:
		return '.';
	case PART_SEGMENT:
		return '/';
	case PART_FRAGMENT:
		return '#';
	case PART_SIMPLE:
	case PART_RESERVED:
		return -1;
	}
	return -1;
}

const struct template *template_compile(struct str text, struct arena *a,
					struct fault *why)
{
	struct template *t = arena_new(a, struct template);
	struct parsing p = { a, why, t, &t->first };
	struct str rest = text;

	if (rest.len > 1 && str_ends(rest, STR("/")))
		rest = str_first(rest, rest.len - 1);
	if (str_starts(rest, STR("{"))) {
		complain(&p, str_from(str_first(rest, str_find(rest, '}')), 1));
		return NULL;
	}
	while (rest.len) {
		const size_t open = str_find(rest, '{');
		const size_t close = str_find(rest, '}');

		add_literal(&p, str_first(rest, open));
		if (open == rest.len)
			break;
		if (close < open || close == rest.len)
			return complain_open(&p, str_from(rest, open));
		if (!add_expression(
			    &p, str_first(str_from(rest, open + 1), close - open - 1)))
			return NULL;
		rest = str_from(rest, close + 1);
	}
	for (struct part *part = t->first; part; part = part->next)
		part->stop = first_character(part->next);
	return t;
}

/* --- matching --- */

static bool is_reserved(char c)
{
	return strchr(":/?#[]@!$&'()*+,;=", c) && c;
}

static size_t value_length(const struct part *part, struct str rest)
{
	const bool several = part->variables->next;
	const bool all = part->kind == PART_RESERVED || part->kind == PART_FRAGMENT;
	size_t len = 0;

	for (; len < rest.len; len++) {
		const char c = rest.at[len];

		if ((unsigned char)c == part->stop)
			break;
		if (!all && is_reserved(c) && !(several && c == ','))
			break;
	}
	return len;
}

/* The same variable twice must have the same value. */
static bool set_value(struct template_match *m, const struct variable *v,
		      struct str value)
{
	if (v->exactly && value.len != v->exactly)
		return false;
	for (unsigned i = 0; i < m->count; i++)
		if (str_eq(m->values[i].name, v->name))
			return str_eq(m->values[i].raw, value);
	if (m->count < TEMPLATE_MOST_VALUES)
		m->values[m->count++] = (struct template_value){ v->name, value };
	return true;
}

static bool set_values(struct template_match *m, const struct part *part,
		       struct str value)
{
	struct str rest = value, one;

	if (!part->variables->next)
		return set_value(m, part->variables, value);
	for (const struct variable *v = part->variables; v; v = v->next) {
		if (!str_cut(&rest, ',', &one))
			return true;
		if (!set_value(m, v, one))
			return false;
	}
	return true;
}

/* False: does not fit. Counts what it takes into *at. */
static bool match_part(const struct part *part, struct str path, size_t *at,
		       struct template_match *m)
{
	struct str rest = str_from(path, *at);
	size_t len;

	switch (part->kind) {
	case PART_LITERAL:
		*at += part->text.len;
		return str_starts(rest, part->text);
	case PART_REST:
		*at = path.len;
		return str_starts(rest, part->text);
	case PART_LABEL:
	case PART_SEGMENT:
	case PART_FRAGMENT:
		if (!rest.len || rest.at[0] != (part->kind == PART_LABEL     ? '.'
						: part->kind == PART_SEGMENT ? '/'
									     : '#'))
			return true;
		rest = str_from(rest, 1);
		++*at;
		break;
	case PART_SIMPLE:
	case PART_RESERVED:
		break;
	}
	len = value_length(part, rest);
	*at += len;
	return set_values(m, part, str_first(rest, len));
}

/* The path is used up and parts remain: a star, and {q} behind an equals sign, may be
 * empty. */
static bool may_be_empty(const struct part *part, struct str path,
			 struct template_match *m)
{
	if (part->kind == PART_REST)
		return !part->text.len || str_eq(part->text, STR("/"));
	if (part->kind == PART_LITERAL || str_find(path, '=') == path.len)
		return false;
	return set_values(m, part, STR(""));
}

bool template_matches(const struct template *t, struct str path,
		      struct template_match *match)
{
	size_t at = 0;

	match->count = 0;
	for (const struct part *part = t->first; part; part = part->next) {
		if (at == path.len) {
			if (!may_be_empty(part, path, match))
				return false;
			break;
		}
		if (!match_part(part, path, &at, match))
			return false;
	}

	const struct str rest = str_from(path, at);

	if (!rest.len || str_eq(rest, STR("/")))
		return true;
	return !t->has_query && at > 0 && rest.at[0] == '?';
}
