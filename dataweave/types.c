/* Types: of `as` and `is`, of parameters, and those that a script names itself. */
#include "dataweave/parser_priv.h"

#define CHECK(x)                     \
	do {                         \
		if (!(x))            \
			return NULL; \
	} while (0)

static const struct {
	const char *word;
	enum dw_type_name name;
} type_names[] = {
	{ "Any", DW_TYPE_ANY },
	{ "Nothing", DW_TYPE_ANY },
	{ "Null", DW_TYPE_NULL },
	{ "Boolean", DW_TYPE_BOOLEAN },
	{ "Number", DW_TYPE_NUMBER },
	{ "String", DW_TYPE_STRING },
	{ "DateTime", DW_TYPE_DATE_TIME },
	{ "LocalDateTime", DW_TYPE_LOCAL_DATE_TIME },
	{ "Date", DW_TYPE_DATE },
	{ "Time", DW_TYPE_TIME },
	{ "LocalTime", DW_TYPE_LOCAL_TIME },
	{ "Period", DW_TYPE_PERIOD },
	{ "Regex", DW_TYPE_REGEX },
	{ "Range", DW_TYPE_RANGE },
	{ "Array", DW_TYPE_ARRAY },
	{ "Object", DW_TYPE_OBJECT },
	{ "Function", DW_TYPE_FUNCTION },
	{ "Key", DW_TYPE_KEY },
	{ "Binary", DW_TYPE_BINARY },
	{ "CData", DW_TYPE_STRING },
	{ "Uri", DW_TYPE_STRING },
	{ "Enum", DW_TYPE_STRING },
	{ "TimeZone", DW_TYPE_STRING },
	{ "Iterator", DW_TYPE_ARRAY },
	{ "Dictionary", DW_TYPE_OBJECT },
	{ "SimpleType", DW_TYPE_ANY },
	{ "Comparable", DW_TYPE_ANY },
	{ "Namespace", DW_TYPE_ANY },
};

static bool type_named(struct str word, enum dw_type_name *name)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
		if (!str_eq(word, str_of(type_names[i].word)))
			continue;
		*name = type_names[i].name;
		return true;
	}
	return false;
}

/* <String, Number>: what is inside is not checked, as the product does not either. */
static bool skip_type_arguments(struct dw_parser *p)
{
	if (!dw_take_sign(p, "<"))
		return true;
	do {
		if (!dw_type(p))
			return false;
	} while (dw_take_sign(p, ","));
	return dw_expect(p, ">");
}

static const struct dw_type *named_here(const struct dw_parser *p, struct str name)
{
	for (const struct dw_alias *a = p->aliases; a; a = a->outer)
		if (str_eq(a->name, name))
			return a->type;
	return NULL;
}

void dw_name_type(struct dw_parser *p, struct str name, const struct dw_type *type)
{
	struct dw_alias *a = arena_new(p->arena, struct dw_alias);

	*a = (struct dw_alias){ name, type, p->aliases };
	p->aliases = a;
}

/* (a: Number) -> String */
static struct dw_type *function_type(struct dw_parser *p, struct dw_type *t)
{
	size_t depth = 0;

	t->name = DW_TYPE_FUNCTION;
	do {
		if (dw_is_sign(p, 0, "("))
			depth++;
		else if (dw_is_sign(p, 0, ")"))
			depth--;
		else if (dw_peek(p, 0)->kind == DW_TOKEN_END)
			break;
		p->at++;
	} while (depth);
	CHECK(dw_expect(p, "->"));
	CHECK(dw_type(p));
	return t;
}

/* A word: one of ours, or one that the script named. */
static bool by_name(struct dw_parser *p, struct dw_type *t)
{
	const struct dw_type *known = named_here(p, dw_peek(p, 0)->text);

	dw_skip_modules(p);
	t->text = dw_peek(p, 0)->text;
	if (known)
		*t = *known;
	else if (dw_peek(p, 0)->kind != DW_TOKEN_NAME || !type_named(t->text, &t->name))
		return dw_unexpected(p, "a type");
	p->at++;
	return true;
}

static struct dw_type *one_type(struct dw_parser *p)
{
	struct dw_type *t = arena_new(p->arena, struct dw_type);

	if (dw_is_sign(p, 0, "{")) { /* an object's shape */
		t->name = DW_TYPE_OBJECT;
		CHECK(dw_shape(p));
		return t;
	}
	if (dw_is_sign(p, 0, "("))
		return function_type(p, t);
	if (dw_peek(p, 0)->kind == DW_TOKEN_STRING) { /* "one" | "two" */
		t->name = DW_TYPE_STRING;
		p->at++;
		return t;
	}
	dw_take_sign(p, ":");
	CHECK(by_name(p, t));
	CHECK(skip_type_arguments(p));
	if (dw_is_sign(p, 0, "{"))
		CHECK(t->options = dw_object(p));
	return t;
}

/* { name: String, age?: Number }: what is in it is not checked. */
bool dw_shape(struct dw_parser *p)
{
	size_t depth = 0;

	do {
		if (dw_is_sign(p, 0, "{"))
			depth++;
		else if (dw_is_sign(p, 0, "}"))
			depth--;
		else if (dw_peek(p, 0)->kind == DW_TOKEN_END)
			return dw_unexpected(p, "'}'");
		p->at++;
	} while (depth);
	return true;
}

static struct dw_node *type_in_depth(struct dw_parser *p)
{
	struct dw_node *n = dw_node(p, DW_LITERAL);
	struct dw_type *t;

	CHECK(t = one_type(p));
	if (dw_take_sign(p, "|"))
		CHECK(t->either = dw_type(p));
	n->type = t;
	return n;
}

const struct dw_type *dw_type(struct dw_parser *p)
{
	struct dw_node *n = dw_nested(p, type_in_depth);

	return n ? n->type : NULL;
}

/* A type where a value stands: `typeOf(x) == String`. */
struct dw_node *dw_type_value(struct dw_parser *p, struct str name)
{
	const struct dw_type *known = named_here(p, name);
	struct dw_type *t = arena_new(p->arena, struct dw_type);
	struct dw_node *n;

	if (known)
		*t = *known;
	else if (!type_named(name, &t->name))
		return NULL;
	n = dw_node(p, DW_LITERAL);
	t->text = name;
	n->value = (struct dw_value){ .kind = DW_TYPE, .type = t, .text = name };
	return n;
}

bool dw_type_parameters(struct dw_parser *p)
{
	struct dw_type *any = arena_new(p->arena, struct dw_type);

	if (!dw_take_sign(p, "<"))
		return true;
	any->name = DW_TYPE_ANY;
	do {
		if (dw_peek(p, 0)->kind != DW_TOKEN_NAME)
			return dw_unexpected(p, "the name of a type");
		dw_name_type(p, dw_peek(p, 0)->text, any);
		p->at++;
	} while (dw_take_sign(p, ","));
	return dw_expect(p, ">");
}
