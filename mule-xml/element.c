/* Making elements, and asking those that were read. */
#include <stdarg.h>

#include "translate.h"

struct element *mule_word(struct translation *t, const struct element *at,
			  const char *name)
{
	return element_new(t->arena, STR(MYELIN_NS), str_of(name), at->where);
}

struct element *mule_synapse(struct translation *t, const struct element *at,
			     const char *name)
{
	return element_new(t->arena, STR(SYNAPSE_NS), str_of(name), at->where);
}

void mule_set(struct translation *t, struct element *e, const char *name,
	      struct str value)
{
	element_set(e, t->arena, str_of(name), value);
}

void mule_set_text(struct translation *t, struct element *e, const char *name,
		   const char *value)
{
	mule_set(t, e, name, str_of(value));
}

void mule_set_meaning(struct translation *t, struct element *e, const char *literal,
		      const char *name, struct str text)
{
	const struct meaning m = mule_meaning_of(t, text);

	mule_set(t, e, m.is_expression ? name : literal, m.text);
}

void mule_set_expression(struct translation *t, struct element *e, const char *name,
			 struct str text)
{
	if (str_find_str(text, STR("#[")) == text.len)
		text = str_of(arena_printf(t->arena, "#[" STR_FMT "]", STR_ARG(text)));
	mule_set(t, e, name, mule_meaning_of(t, text).text);
}

void mule_set_value(struct translation *t, struct element *e, const char *name,
		    struct str text)
{
	const struct meaning m = mule_meaning_of(t, text);

	/* A brace would make an expression of it. */
	if (!m.is_expression && str_starts(m.text, STR("{")))
		mule_set(t, e, name,
			 str_of(arena_printf(t->arena, "#[" STR_FMT "]",
					     STR_ARG(mule_quoted(t, m.text)))));
	else
		mule_set(t, e, name, m.text);
}

struct str mule_full_name(struct translation *t, const struct element *e)
{
	struct str space = e->ns;

	if (str_starts(space, STR(MULE_NS)))
		space = str_from(space, strlen(MULE_NS));
	if (str_starts(space, STR("ee/")))
		space = STR("ee");
	if (!e->ns.len || str_eq(space, STR("core")))
		return e->name;
	if (!str_starts(e->ns, STR(MULE_NS)))
		space = e->prefix;
	return str_of(arena_printf(t->arena, STR_FMT ":" STR_FMT, STR_ARG(space),
				   STR_ARG(e->name)));
}

struct str mule_attribute(const struct element *e, const char *name)
{
	const struct attribute *a = element_attribute(e, str_of(name));

	return a ? a->value : (struct str){ NULL, 0 };
}

const struct element *mule_child_of(const struct element *e, const char *name)
{
	element_each(child, e)
	{
		if (str_eq(child->name, str_of(name)))
			return child;
	}
	return NULL;
}

bool mule_complain(struct translation *t, const struct element *e, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = arena_vprintf(t->arena, fmt, ap);
	va_end(ap);
	return report_error(t->report, e->where, "%s", text);
}
