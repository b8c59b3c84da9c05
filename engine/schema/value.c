/* One value into one member, by the kind of the field. */
#include <inttypes.h>

#include "schema/schema_priv.h"

static bool complain_wrong(const struct field *f, struct str text, const char *usual,
			   const struct element *e, struct binder *b)
{
	if (f->wrong)
		return report_error(
			b->report, e->where, "%s" STR_FMT, f->wrong,
			STR_ARG(str_ends(str_of(f->wrong), STR(" ")) ? text : STR("")));
	if (f->place == IN_ATTRIBUTE)
		return report_error(b->report, e->where, "%s=\"" STR_FMT "\" is not %s",
				    f->name, STR_ARG(text), usual);
	return report_error(b->report, e->where, "<" STR_FMT ">: '" STR_FMT "' is not %s",
			    STR_ARG(e->name), STR_ARG(text), usual);
}

static bool complain_range(const struct field *f, struct str text,
			   const struct element *e, struct binder *b)
{
	if (f->wrong)
		return complain_wrong(f, text, "", e, b);
	return report_error(b->report, e->where,
			    "%s must be %" PRId64 " to %" PRId64 ", not " STR_FMT,
			    f->name, f->least, f->most, STR_ARG(text));
}

static bool is_limited(const struct field *f)
{
	return f->least || f->most;
}

static bool bind_int(const struct field *f, struct str text, int64_t *to,
		     const struct element *e, struct binder *b)
{
	const struct str digits = str_starts(text, STR("+")) ? str_from(text, 1) : text;

	if (!str_to_int(digits, to))
		return complain_wrong(f, text, "a number", e, b);
	if (is_limited(f) && (*to < f->least || *to > f->most))
		return complain_range(f, text, e, b);
	return true;
}

static bool bind_uint(const struct field *f, struct str text, uint64_t *to,
		      const struct element *e, struct binder *b)
{
	if (!str_to_uint(text, to))
		return complain_wrong(f, text, "a number", e, b);
	if (is_limited(f) && (*to < (uint64_t)f->least || *to > (uint64_t)f->most))
		return complain_range(f, text, e, b);
	return true;
}

static bool bind_float(const struct field *f, struct str text, float *to,
		       const struct element *e, struct binder *b)
{
	double number;

	if (!str_to_double(text, &number))
		return complain_wrong(f, text, "a number", e, b);
	*to = (float)number;
	return true;
}

static bool bind_bool(const struct field *f, struct str text, bool *to,
		      const struct element *e, struct binder *b)
{
	*to = str_eq_nocase(text, STR("true"));
	if (!*to && !str_eq_nocase(text, STR("false")))
		report_warning(b->report, e->where,
			       "%s=\"" STR_FMT
			       "\" is neither true nor false, and counts as false",
			       f->name, STR_ARG(text));
	return true;
}

static const char *choices_text(const struct field *f, struct arena *a)
{
	const char *list = "";

	for (const char *const *c = f->choices; *c; c++)
		list = arena_printf(a, "%s%s%s", list, *list ? ", " : "", *c);
	return list;
}

static bool bind_choice(const struct field *f, struct str text, unsigned *to,
			const struct element *e, struct binder *b)
{
	for (unsigned i = 0; f->choices[i]; i++) {
		const struct str choice = str_of(f->choices[i]);

		if (f->any_case ? str_eq_nocase(text, choice) : str_eq(text, choice)) {
			*to = i;
			return true;
		}
	}

	const char *usual = arena_printf(b->arena, "one of %s",
					 choices_text(f, b->arena));

	return complain_wrong(f, text, usual, e, b);
}

static bool next_code(struct str *rest, struct str *code)
{
	while (rest->len && strchr(", \t\r\n", rest->at[0]))
		*rest = str_from(*rest, 1);

	size_t len = 0;
	while (len < rest->len && !strchr(", \t\r\n", rest->at[len]))
		len++;
	*code = str_first(*rest, len);
	*rest = str_from(*rest, len);
	return len > 0;
}

static bool bind_codes(const struct field *f, struct str text, struct codes *to,
		       const struct element *e, struct binder *b)
{
	int *codes = arena_alloc(b->arena, (text.len / 2 + 1) * sizeof(*codes));
	struct str rest = text;
	struct str code;
	unsigned count = 0;

	while (next_code(&rest, &code)) {
		int64_t number;

		if (!str_to_int(code, &number) || number < INT32_MIN ||
		    number > INT32_MAX)
			return complain_wrong(f, text, "a list of numbers", e, b);
		codes[count++] = (int)number;
	}
	*to = (struct codes){ codes, count };
	return true;
}

static bool bind_expr(const struct field *f, struct str text, const struct expr **to,
		      const struct element *e, struct binder *b)
{
	const enum expr_form form = f->kind == FIELD_EXPR    ? FORM_EXPR
				    : f->kind == FIELD_VALUE ? FORM_VALUE
							     : FORM_TEMPLATE;

	if (!str_trim(text).len && f->wrong)
		return complain_wrong(f, text, "", e, b);
	*to = b->expr(b, text, form, e);
	if (*to && b->bound)
		b->bound(b, (struct bound){ .thing = *to, .element = e, .text = text });
	return *to;
}

/* {…} is looked up each time; {{…}} as well, its inner braces are the expression's. */
static bool bind_ref(const struct field *f, struct str text, struct ref **to,
		     const struct element *e, struct binder *b)
{
	struct ref *ref = arena_new(b->arena, struct ref);

	*ref = (struct ref){ .key = text,
			     .kind = f->refers,
			     .must_exist = f->must_exist,
			     .where = e->where };
	if (str_starts(text, STR("{")) && str_ends(text, STR("}"))) {
		ref->dynamic = b->expr(b, text, FORM_VALUE, e);
		if (!ref->dynamic)
			return false;
	}
	b->ref(b, ref);
	*to = ref;
	return true;
}

bool bind_text(const struct field *f, struct str text, void *self,
	       const struct element *e, struct binder *b)
{
	void *member = (char *)self + f->offset;

	switch (f->kind) {
	case FIELD_STR:
		*(struct str *)member = text;
		return true;
	case FIELD_UINT:
		return bind_uint(f, str_trim(text), member, e, b);
	case FIELD_INT:
		return bind_int(f, str_trim(text), member, e, b);
	case FIELD_FLOAT:
		return bind_float(f, str_trim(text), member, e, b);
	case FIELD_BOOL:
		return bind_bool(f, str_trim(text), member, e, b);
	case FIELD_CHOICE:
		return bind_choice(f, str_trim(text), member, e, b);
	case FIELD_CODES:
		return bind_codes(f, text, member, e, b);
	case FIELD_EXPR:
	case FIELD_VALUE:
	case FIELD_TEMPLATE:
		return bind_expr(f, text, member, e, b);
	case FIELD_REF:
		return bind_ref(f, text, member, e, b);
	case FIELD_ONE:
	case FIELD_LIST:
	case FIELD_STEPS:
	case FIELD_ENDPOINT:
	case FIELD_ENDPOINTS:
	case FIELD_XML:
	case FIELD_IGNORED:
		return true;
	}
	return false;
}

static void *bind_struct(const struct field *f, const struct element *child,
			 struct binder *b)
{
	void *item = arena_alloc(b->arena, f->schema->size);

	return schema_bind(f->schema, child, item, b) ? item : NULL;
}

/* Mediators in a child without a table of its own, such as <inSequence onError="…">. */
static void check_steps(const struct element *child, struct binder *b)
{
	for (const struct attribute *a = child->attributes; a; a = a->next)
		if (!a->ns.len && !str_eq(a->name, STR("onError")) &&
		    !is_known_everywhere(a->name))
			report_error(b->report, child->where,
				     "<" STR_FMT "> has no attribute '" STR_FMT "'",
				     STR_ARG(child->name), STR_ARG(a->name));
}

bool bind_child(const struct field *f, const struct element *child, void *self,
		struct binder *b)
{
	void *member = (char *)self + f->offset;

	switch (f->kind) {
	case FIELD_ONE:
		*(void **)member = bind_struct(f, child, b);
		return *(void **)member;
	case FIELD_STEPS:
		check_steps(child, b);
		*(const struct node **)member = b->steps(b, child, child->children);
		return *(const struct node **)member;
	case FIELD_ENDPOINT:
		*(const struct node **)member = b->endpoint(b, child);
		return *(const struct node **)member;
	case FIELD_XML:
		*(const struct element **)member = child;
		return true;
	case FIELD_LIST:
	case FIELD_ENDPOINTS:
	case FIELD_STR:
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_FLOAT:
	case FIELD_BOOL:
	case FIELD_CHOICE:
	case FIELD_CODES:
	case FIELD_EXPR:
	case FIELD_VALUE:
	case FIELD_TEMPLATE:
	case FIELD_REF:
	case FIELD_IGNORED:
		return bind_text(f, child->text, self, child, b);
	}
	return false;
}

bool bind_all(const struct field *f, const struct element *parent, void *self,
	      struct binder *b)
{
	struct items *items = (struct items *)(void *)((char *)self + f->offset);
	unsigned count = 0;
	bool fine = true;

	element_each(child, parent)
	{
		count += field_takes(f, child);
	}

	void **at = arena_alloc(b->arena, (count + 1) * sizeof(*at));

	count = 0;
	element_each(child, parent)
	{
		if (!field_takes(f, child))
			continue;
		if (f->kind == FIELD_LIST)
			at[count] = bind_struct(f, child, b);
		else
			*(const struct node **)&at[count] = b->endpoint(b, child);
		fine = at[count++] && fine;
	}
	*items = (struct items){ at, count };
	return fine;
}
