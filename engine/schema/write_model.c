#include <inttypes.h>
#include <math.h>

#include "schema/model.h"

enum { MOST_DIGITS = 9 };

static bool is_declared(const struct element *e, struct str prefix)
{
	for (const struct namespace *n = e->namespaces; n; n = n->next)
		if (str_eq(n->prefix, prefix))
			return true;
	return false;
}

static void declare(struct element *to, struct str prefix, struct str uri,
		    struct arena *a)
{
	struct namespace **last = &to->namespaces;

	while (*last)
		last = &(*last)->next;
	*last = arena_new(a, struct namespace);
	**last = (struct namespace){ prefix, uri, NULL };
}

void element_take_prefixes(struct element *to, const struct element *from,
			   struct arena *a)
{
	for (const struct element *e = from; e; e = e->parent) {
		for (const struct namespace *n = e->namespaces; n; n = n->next) {
			const struct str means = element_namespace(from, n->prefix);

			if (n->prefix.len && !is_declared(to, n->prefix) &&
			    !str_eq(element_namespace(to, n->prefix), means))
				declare(to, n->prefix, means, a);
		}
	}
}

/* --- values as text; `at` NULL: nothing to be written --- */

static const struct str nothing = { NULL, 0 };

static struct str float_text(float number, struct arena *a)
{
	const char *text = "";
	double back = 0;

	for (int digits = 1; digits <= MOST_DIGITS; digits++) {
		text = arena_printf(a, "%.*g", digits, (double)number);
		if (str_to_double(str_of(text), &back) && (float)back == number)
			break;
	}
	return str_of(text);
}

static struct str codes_text(const struct codes *codes, struct arena *a)
{
	const char *text = codes->count ? "" : NULL;

	for (unsigned i = 0; i < codes->count; i++)
		text = arena_printf(a, "%s%s%d", text, i ? "," : "", codes->at[i]);
	return text ? str_of(text) : nothing;
}

static struct str ref_text(const struct ref *ref)
{
	return ref ? ref->key : nothing;
}

static struct str expr_text_of(const void *expr, const struct model_writer *w)
{
	const struct bound *bound = expr ? w->bound(w, expr) : NULL;

	return bound ? bound->text : nothing;
}

static struct str value_text_of(const struct field *f, const void *member,
				const struct model_writer *w)
{
	struct arena *a = w->arena;

	switch (f->kind) {
	case FIELD_STR:
		return *(const struct str *)member;
	case FIELD_UINT:
		return str_of(arena_printf(a, "%" PRIu64, *(const uint64_t *)member));
	case FIELD_INT:
		return str_of(arena_printf(a, "%" PRId64, *(const int64_t *)member));
	case FIELD_FLOAT:
		return float_text(*(const float *)member, a);
	case FIELD_BOOL:
		return *(const bool *)member ? STR("true") : STR("false");
	case FIELD_CHOICE:
		return str_of(f->choices[*(const unsigned *)member]);
	case FIELD_CODES:
		return codes_text(member, a);
	case FIELD_EXPR:
	case FIELD_VALUE:
	case FIELD_TEMPLATE:
		return expr_text_of(*(const void *const *)member, w);
	case FIELD_REF:
		return ref_text(*(const struct ref *const *)member);
	case FIELD_ONE:
	case FIELD_LIST:
	case FIELD_STEPS:
	case FIELD_ENDPOINT:
	case FIELD_ENDPOINTS:
	case FIELD_XML:
	case FIELD_IGNORED:
		return nothing;
	}
	return nothing;
}

/* --- what is left out --- */

static bool is_zero(const struct field *f, const void *member)
{
	switch (f->kind) {
	case FIELD_UINT:
		return *(const uint64_t *)member == 0;
	case FIELD_INT:
		return *(const int64_t *)member == 0;
	case FIELD_FLOAT:
		return fpclassify((double)*(const float *)member) == FP_ZERO;
	case FIELD_BOOL:
		return !*(const bool *)member;
	case FIELD_CHOICE:
		return *(const unsigned *)member == 0;
	default:
		return false;
	}
}

static bool is_number(const struct field *f)
{
	return f->kind == FIELD_UINT || f->kind == FIELD_INT || f->kind == FIELD_FLOAT;
}

static bool is_same(const struct field *f, struct str text, struct str fallback)
{
	double a, b;

	if (str_eq(text, fallback))
		return true;
	return is_number(f) && str_to_double(text, &a) && str_to_double(fallback, &b) &&
	       !(a < b) && !(a > b);
}

static bool is_left_out(const struct field *f, struct str text, const void *self)
{
	const char *member = (const char *)self + f->offset;

	if (!text.at)
		return true;
	if (f->given)
		return !*(const bool *)((const char *)self + f->given);
	if (f->required)
		return false;
	return f->fallback ? is_same(f, text, str_of(f->fallback)) : is_zero(f, member);
}

/* --- elements --- */

static struct element *new_child(const struct field *f, struct element *parent,
				 struct arena *a)
{
	const struct str ns = f->ours ? STR(MYELIN_NS) : STR(SYNAPSE_NS);

	return element_add(parent, element_new(a, ns, str_of(f->name), parent->where));
}

static void write_value(const struct field *f, const void *self, struct element *to,
			const struct model_writer *w)
{
	const char *member = (const char *)self + f->offset;
	const struct str text = value_text_of(f, member, w);

	if (is_left_out(f, text, self))
		return;
	if (f->place == IN_TEXT)
		element_add_text(to, w->arena, text);
	else if (f->place == IN_CHILD)
		element_add_text(new_child(f, to, w->arena), w->arena, text);
	else if (f->ours)
		element_set_ns(to, w->arena, STR(MYELIN_NS), str_of(f->name), text);
	else
		element_set(to, w->arena, str_of(f->name), text);
}

/* The element as it was read, in a tree where other prefixes may be declared. */
static void copy_xml(const struct element *from, struct element *to, struct arena *a)
{
	struct element *copy = arena_new(a, struct element);
	const struct str none = STR("");

	*copy = *from;
	copy->next = NULL;
	copy->namespaces = NULL;
	element_add(to, copy);
	element_take_prefixes(copy, from, a);
	if (!str_eq(element_namespace(copy, none), element_namespace(from, none)))
		declare(copy, none, element_namespace(from, none), a);
}

static void write_endpoint(const struct field *f, const struct node *n,
			   struct element *to, const struct model_writer *w)
{
	if (n)
		w->endpoint(w, n, new_child(f, to, w->arena));
}

static void write_steps(const struct field *f, const struct node *n, struct element *to,
			const struct model_writer *w)
{
	if (n)
		w->steps(w, n, f->place == IN_CHILD ? new_child(f, to, w->arena) : to);
}

static void write_xml(const struct element *xml, struct element *to,
		      const struct model_writer *w)
{
	if (xml)
		copy_xml(xml, to, w->arena);
}

static void write_one(const struct field *f, const void *item, struct element *to,
		      const struct model_writer *w)
{
	if (item)
		schema_write(f->schema, item, new_child(f, to, w->arena), w);
}

static void write_items(const struct field *f, const struct items *items,
			struct element *to, const struct model_writer *w)
{
	for (unsigned i = 0; i < items->count; i++) {
		if (f->kind == FIELD_LIST)
			write_one(f, items->at[i], to, w);
		else
			write_endpoint(f, items->at[i], to, w);
	}
}

static void write_field(const struct field *f, const void *self, struct element *to,
			const struct model_writer *w)
{
	const void *member = (const char *)self + f->offset;

	switch (f->kind) {
	case FIELD_ONE:
		write_one(f, *(const void *const *)member, to, w);
		break;
	case FIELD_LIST:
	case FIELD_ENDPOINTS:
		write_items(f, member, to, w);
		break;
	case FIELD_STEPS:
		write_steps(f, *(const struct node *const *)member, to, w);
		break;
	case FIELD_ENDPOINT:
		write_endpoint(f, *(const struct node *const *)member, to, w);
		break;
	case FIELD_XML:
		write_xml(*(const struct element *const *)member, to, w);
		break;
	case FIELD_IGNORED:
		break;
	default:
		write_value(f, self, to, w);
	}
}

void schema_write(const struct schema *s, const void *self, struct element *to,
		  const struct model_writer *w)
{
	const struct bound *bound = w->bound(w, self);

	if (bound)
		element_take_prefixes(to, bound->element, w->arena);
	for (const struct field *f = s->fields; f->name; f++)
		write_field(f, self, to, w);
}
