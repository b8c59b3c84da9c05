#include "schema/schema_priv.h"

/* Known everywhere, and without meaning. */
static const char *const everywhere[] = { "description", "statistics", "trace",
					  "traceFilter", NULL };

enum { MOST_TYPOS = 2, MOST_NAMED = 12 };

bool field_takes(const struct field *f, const struct element *child)
{
	if (f->place != IN_CHILD || !str_eq(child->name, str_of(f->name)))
		return false;
	return f->ours ? element_is_ours(child) : element_is(child, child->name);
}

static const struct field *field_of_child(const struct schema *s,
					  const struct element *child)
{
	for (const struct field *f = s->fields; f->name; f++)
		if (field_takes(f, child))
			return f;
	return NULL;
}

static const struct field *field_of_attribute(const struct schema *s,
					      const struct attribute *a)
{
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == IN_ATTRIBUTE && f->ours == (a->ns.len > 0) &&
		    str_eq(a->name, str_of(f->name)))
			return f;
	return NULL;
}

static const struct attribute *attribute_taken(const struct field *f,
					       const struct element *e)
{
	return element_attribute_ns(e, f->ours ? STR(MYELIN_NS) : STR(""),
				    str_of(f->name));
}

static const struct field *field_in(const struct schema *s, enum field_place place)
{
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == place)
			return f;
	return NULL;
}

bool is_known_everywhere(struct str name)
{
	for (const char *const *known = everywhere; *known; known++)
		if (str_eq(name, str_of(*known)))
			return true;
	return false;
}

/* "uri" for "uri-template", or the other way round. */
static const struct field *begins_alike(const struct schema *s, struct str name,
					enum field_place place)
{
	for (const struct field *f = s->fields; f->name; f++) {
		const struct str known = str_of(f->name);

		if (f->place == place && f->kind != FIELD_IGNORED && name.len > 2 &&
		    (str_starts(known, name) ||
		     (known.len > 2 && str_starts(name, known))))
			return f;
	}
	return NULL;
}

static const struct field *nearest(const struct schema *s, struct str name,
				   enum field_place place)
{
	const struct field *best = begins_alike(s, name, place);
	size_t least = MOST_TYPOS + 1;

	if (name.len < least)
		least = name.len;
	for (const struct field *f = s->fields; f->name; f++)
		if (f->place == place && str_is_nearer(name, str_of(f->name), &least))
			best = f;
	return best;
}

/* "; it has uri-template, method", or that it has none; "" if they are too many. */
static const char *all_there_are(const struct schema *s, enum field_place place,
				 struct arena *a)
{
	const char *names = NULL;
	unsigned count = 0;

	for (const struct field *f = s->fields; f->name; f++) {
		if (f->place != place || f->kind == FIELD_IGNORED)
			continue;
		names = arena_printf(a, "%s%s%s%s", names ? names : "; it has ",
				     count++ ? ", " : "", f->ours ? "m:" : "", f->name);
	}
	if (count > MOST_NAMED)
		return "";
	return names ? names : "; it has none";
}

static bool complain_unknown(const struct schema *s, enum field_place place,
			     struct str name, struct where at, struct binder *b)
{
	const struct field *guess = nearest(s, name, place);
	const char *what = place == IN_CHILD ? "child" : "attribute";

	if (!guess)
		return report_error(b->report, at, "<%s> has no %s '" STR_FMT "'%s",
				    s->element, what, STR_ARG(name),
				    all_there_are(s, place, b->arena));
	return report_error(
		b->report, at, "<%s> has no %s '" STR_FMT "'; did you mean '%s%s'?",
		s->element, what, STR_ARG(name), guess->ours ? "m:" : "", guess->name);
}

static bool complain_missing(const struct schema *s, const struct field *f,
			     const struct element *e, struct binder *b)
{
	if (f->complaint)
		return report_error(b->report, e->where, "%s", f->complaint);
	switch (f->place) {
	case IN_ATTRIBUTE:
		return report_error(b->report, e->where, "<%s> needs an attribute '%s'",
				    s->element, f->name);
	case IN_CHILD:
		return report_error(b->report, e->where, "<%s> needs a child <%s>",
				    s->element, f->name);
	case IN_TEXT:
		return report_error(b->report, e->where, "<%s> needs a text", s->element);
	case IN_CONTENT:
		return report_error(b->report, e->where, "<%s> needs something in it",
				    s->element);
	}
	return false;
}

static const struct element *child_taken(const struct field *f, const struct element *e)
{
	element_each(child, e)
	{
		if (field_takes(f, child))
			return child;
	}
	return NULL;
}

static const struct element *first_unclaimed(const struct schema *s,
					     const struct element *e)
{
	element_each(child, e)
	{
		if (!field_of_child(s, child) && !is_known_everywhere(child->name))
			return child;
	}
	return NULL;
}

/* A value that is empty is as good as none, where one is required. */
static bool is_given(const struct schema *s, const struct field *f,
		     const struct element *e)
{
	const struct attribute *attribute;

	switch (f->place) {
	case IN_ATTRIBUTE:
		attribute = attribute_taken(f, e);
		return attribute && (attribute->value.len || !f->required);
	case IN_CHILD:
		return child_taken(f, e);
	case IN_TEXT:
		return e->text.len;
	case IN_CONTENT:
		return first_unclaimed(s, e);
	}
	return false;
}

static void bind_absent(const struct schema *s, const struct element *e, void *self,
			struct binder *b)
{
	for (const struct field *f = s->fields; f->name; f++) {
		if (is_given(s, f, e))
			continue;
		if (f->required)
			complain_missing(s, f, e, b);
		else if (f->fallback)
			bind_text(f, str_of(f->fallback), self, e, b);
	}
}

static void note_given(const struct field *f, void *self)
{
	if (f->given)
		*(bool *)((char *)self + f->given) = true;
}

static void bind_given(const struct field *f, struct str text, void *self,
		       const struct element *e, struct binder *b)
{
	note_given(f, self);
	bind_text(f, text, self, e, b);
}

static void bind_attributes(const struct schema *s, const struct element *e, void *self,
			    struct binder *b)
{
	for (const struct attribute *a = e->attributes; a; a = a->next) {
		const struct field *f;

		if (a->ns.len && !str_eq(a->ns, STR(MYELIN_NS)))
			continue;
		f = field_of_attribute(s, a);
		if (!f && (a->ns.len || !is_known_everywhere(a->name)))
			complain_unknown(s, IN_ATTRIBUTE, a->name, e->where, b);
		else if (f && f->kind == FIELD_IGNORED && f->complaint)
			report_warning(b->report, e->where, "%s", f->complaint);
		else if (f && is_given(s, f, e))
			bind_given(f, a->value, self, e, b);
	}
}

static bool is_list(const struct field *f)
{
	return f->kind == FIELD_LIST || f->kind == FIELD_ENDPOINTS;
}

static void bind_known_child(const struct schema *s, const struct field *f,
			     const struct element *child, void *self, struct binder *b)
{
	if (child_taken(f, child->parent) != child) {
		if (!is_list(f) && f->kind != FIELD_IGNORED)
			report_warning(b->report, child->where,
				       "only the first <%s> of <%s> counts", f->name,
				       s->element);
		return;
	}
	note_given(f, self);
	if (f->kind == FIELD_IGNORED && f->complaint)
		report_warning(b->report, child->where, "%s", f->complaint);
	else if (is_list(f))
		bind_all(f, child->parent, self, b);
	else
		bind_child(f, child, self, b);
}

static void bind_children(const struct schema *s, const struct element *e, void *self,
			  struct binder *b)
{
	const bool has_content = field_in(s, IN_CONTENT);

	element_each(child, e)
	{
		const struct field *f = field_of_child(s, child);

		if (f)
			bind_known_child(s, f, child, self, b);
		else if (!has_content && !is_known_everywhere(child->name))
			complain_unknown(s, IN_CHILD, child->name, child->where, b);
	}
}

/* The children no field claims, as a chain of their own; they know their parent. */
static const struct element *unclaimed(const struct schema *s, const struct element *e,
				       struct arena *a)
{
	struct element *first = NULL;
	struct element **last = &first;

	element_each(child, e)
	{
		if (field_of_child(s, child) || is_known_everywhere(child->name))
			continue;
		*last = arena_new(a, struct element);
		**last = *child;
		(*last)->next = NULL;
		last = &(*last)->next;
	}
	return first;
}

static void bind_content(const struct schema *s, const struct element *e, void *self,
			 struct binder *b)
{
	const struct field *text = field_in(s, IN_TEXT);
	const struct field *content = field_in(s, IN_CONTENT);
	void *member;

	if (text && e->text.len)
		bind_text(text, e->text, self, e, b);
	if (!content)
		return;
	member = (char *)self + content->offset;
	if (content->kind == FIELD_XML)
		*(const struct element **)member = first_unclaimed(s, e);
	else if (content->kind == FIELD_STEPS)
		*(const struct node **)member = b->steps(b, e, unclaimed(s, e, b->arena));
}

void warn_of_stray_text(const struct element *e, struct binder *b)
{
	const struct str text = str_trim(e->text);

	if (text.len)
		report_warning(b->report, e->where,
			       "the text '" STR_FMT "' in <" STR_FMT "> means nothing",
			       STR_ARG(str_first(text, str_find(text, '\n'))),
			       STR_ARG(e->name));
}

bool schema_bind(const struct schema *s, const struct element *e, void *self,
		 struct binder *b)
{
	const unsigned before = b->report->errors;

	bind_absent(s, e, self, b);
	bind_attributes(s, e, self, b);
	bind_children(s, e, self, b);
	bind_content(s, e, self, b);
	if (b->bound)
		b->bound(b, (struct bound){ .thing = self, .schema = s, .element = e });
	if (!field_in(s, IN_TEXT) && !field_in(s, IN_CONTENT))
		warn_of_stray_text(e, b);
	if (b->report->errors == before && s->check)
		s->check(self, e, b);
	return b->report->errors == before;
}
