/*
 * # enrich
 *
 * Takes a part of the message and puts it somewhere else: into the body, beside or
 * into an element, in the place of a JSON value, or into a property.
 *
 *	<enrich>
 *	    <source type="body" clone="true"/>
 *	    <target type="property" property="REQUEST"/>
 *	</enrich>
 *
 *	<enrich>
 *	    <source type="inline">{"paid": true}</source>
 *	    <target action="child" xpath="json-eval($.order)"/>
 *	</enrich>
 *
 * Action remove takes what the source's JSON paths lead to away.
 */
#include "common.h"
#include "enrich.h"
#include "expr/jsonpath.h"
#include "expr/regex.h"
#include "mediators.h"

const char enrich_logger[] = "org.apache.synapse.mediators.elementary.EnrichMediator";

static const char *const source_types[] = { "custom",   "envelope", "body",
					    "property", "inline",   NULL };
static const char *const target_types[] = { "custom", "envelope", "body", "property",
					    "inline", "key",      NULL };
static const char *const actions[] = { "replace", "child", "sibling", "remove", NULL };

/* clang-format off */
static const struct field source_fields[] = {
	{ ATTR_CHOICE(struct enrich_source, type, "type"), .choices = source_types,
	  .fallback = "custom", .wrong = "Unexpected source type",
	  .doc = "Where from: an expression, the envelope, the body, a property, or here." },
	{ ATTR_BOOL(struct enrich_source, clone, "clone"), .fallback = "true",
	  .doc = "false: taken away from where it was." },
	{ ATTR_STR(struct enrich_source, xpath, "xpath"),
	  .doc = "Of custom: XPath or json-eval(…)." },
	{ ATTR_STR(struct enrich_source, property, "property"), .doc = "Its name." },
	{ ATTR_STR(struct enrich_source, key, "key"),
	  .doc = "Of inline: the local entry that holds it." },
	{ TEXT_STR(struct enrich_source, text), .doc = "Of inline: the text." },
	{ CONTENT_XML(struct enrich_source, element), .doc = "Of inline: the element." },
	{ NULL },
};

static const struct field target_fields[] = {
	{ ATTR_CHOICE(struct enrich_target, type, "type"), .choices = target_types,
	  .fallback = "custom", .wrong = "Unexpected target type",
	  .doc = "Where to." },
	{ ATTR_CHOICE(struct enrich_target, action, "action"), .choices = actions,
	  .fallback = "replace", .wrong = "Unexpected target action",
	  .doc = "In its place, into it, behind it; or take the source away." },
	{ ATTR_STR(struct enrich_target, xpath, "xpath"),
	  .doc = "Of custom and key: XPath or json-eval(…)." },
	{ ATTR_STR(struct enrich_target, property, "property"), .doc = "Its name." },
	{ NULL },
};
/* clang-format on */

static bool is_json_path(struct str text)
{
	return str_starts(text, STR("json-eval("));
}

static struct str inner_path(struct str text)
{
	return is_json_path(text) ? str_first(str_from(text, 10), text.len - 11) : text;
}

static const struct jsonpath *compile_path(struct str text, const struct element *e,
					   struct binder *b)
{
	struct fault why = { 0 };
	const struct jsonpath *path = jsonpath_compile(str_trim(text), b->arena, &why);

	if (!path)
		report_error(b->report, e->where, "%s", why.text);
	return path;
}

static struct enrich_piece *piece(const struct enrich_piece ***last, struct str text,
				  struct arena *a)
{
	struct enrich_piece *p = arena_new(a, struct enrich_piece);

	p->text = text;
	**last = p;
	*last = &p->next;
	return p;
}

/* {expr} within the text is evaluated each time. */
static bool read_inline(struct enrich_source *s, struct str text, const struct element *e,
			struct binder *b)
{
	struct fault why = { 0 };
	const struct regex *braces = regex_compile(STR("\\{[^\\s\",<>}\\]]+\\}"),
						   b->arena, &why);
	const struct enrich_piece **last = &s->inline_text;
	struct str found;
	size_t at = 0;

	while (regex_find(braces, text, at, &found)) {
		const size_t begin = (size_t)(found.at - text.at);
		struct enrich_piece *p;

		piece(&last, str_first(str_from(text, at), begin - at), b->arena);
		p = piece(&last, found, b->arena);
		p->expression = b->expr(b, str_first(str_from(found, 1), found.len - 2),
					FORM_EXPR, e);
		if (!p->expression)
			return false;
		at = begin + found.len;
	}
	piece(&last, str_from(text, at), b->arena);
	return true;
}

static bool check_source(void *self, const struct element *e, struct binder *b)
{
	struct enrich_source *s = self;
	const struct str text = s->element ? element_text(s->element, b->arena) : s->text;

	s->inline_is_xml = s->element || str_starts(text, STR("<"));
	if (s->type == ENRICH_INLINE)
		return read_inline(s, text, e, b);
	if (s->type == ENRICH_PROPERTY && !s->property.len)
		return report_error(b->report, e->where,
				    "property attribute is required for PROPERTY type");
	if (s->type == ENRICH_CUSTOM && !s->xpath.len)
		return report_error(b->report, e->where,
				    "xpath attribute is required for CUSTOM type");
	return true;
}

static bool check_target(void *self, const struct element *e, struct binder *b)
{
	struct enrich_target *t = self;

	if (t->type == ENRICH_INLINE)
		return report_error(b->report, e->where,
				    "Inline not support for target attribute");
	if (t->type == ENRICH_PROPERTY && !t->property.len)
		return report_error(b->report, e->where,
				    "property attribute is required for PROPERTY type");
	if (t->type == ENRICH_CUSTOM && t->action != ENRICH_REMOVE && !t->xpath.len)
		return report_error(b->report, e->where,
				    "xpath attribute is required for CUSTOM type");
	if (t->type == ENRICH_ENVELOPE && t->action != ENRICH_REPLACE)
		return report_error(b->report, e->where, "Invalid target action");
	return true;
}

static const struct schema source_schema = {
	.element = "source",
	.doc = "What is taken.",
	.size = sizeof(struct enrich_source),
	.fields = source_fields,
	.check = check_source,
};

static const struct schema target_schema = {
	.element = "target",
	.doc = "Where it is put.",
	.size = sizeof(struct enrich_target),
	.fields = target_fields,
	.check = check_target,
};

/* clang-format off */
static const struct field fields[] = {
	{ CHILD_ONE(struct enrich, source, "source", struct enrich_source),
	  .schema = &source_schema, .required = true,
	  .complaint = "source element is mandatory", .doc = "What is taken." },
	{ CHILD_ONE(struct enrich, target, "target", struct enrich_target),
	  .schema = &target_schema, .required = true,
	  .complaint = "target element is mandatory", .doc = "Where it is put." },
	{ NULL },
};
/* clang-format on */

static bool complain(const struct element *e, struct binder *b, const char *what)
{
	return report_error(b->report, e->where, "Wrong combination of %s", what);
}

static bool fit_together(const struct enrich *en, const struct element *e,
			 struct binder *b)
{
	const unsigned from = en->source->type, to = en->target->type;

	if (en->target->action == ENRICH_REMOVE) {
		if (from != ENRICH_CUSTOM)
			return complain(e, b, "source type and target action");
		return to == ENRICH_BODY || to == ENRICH_PROPERTY ||
		       complain(e, b, "target type and target action");
	}
	if ((from == ENRICH_ENVELOPE && to <= ENRICH_BODY) ||
	    (from == ENRICH_BODY && (to == ENRICH_ENVELOPE || to == ENRICH_BODY)) ||
	    (from == ENRICH_CUSTOM && to == ENRICH_ENVELOPE) ||
	    (to == ENRICH_KEY &&
	     (from == ENRICH_BODY || en->target->action != ENRICH_REPLACE)))
		return complain(e, b, "source and target type");
	return true;
}

/* "json-eval($.a)", or a part of "json-eval($.a,$.b)". */
static struct str removed_path(struct str text)
{
	const struct str path = str_from(text, is_json_path(text) ? 10 : 0);
	const bool closes = str_ends(path, STR(")")) && str_find(path, '(') == path.len;

	return str_first(path, path.len - closes);
}

/* Several JSON paths between commas, all of which are removed. */
static bool compile_removed(struct enrich_source *s, const struct element *e,
			    struct binder *b)
{
	const struct jsonpath **paths = arena_alloc(b->arena,
						    (s->xpath.len + 2) * sizeof(*paths));
	struct str rest = s->xpath;
	struct str one;
	unsigned count = 0;

	s->paths = paths;
	while (str_cut(&rest, ',', &one)) {
		paths[count] = compile_path(removed_path(str_trim(one)), e, b);
		if (!paths[count++])
			return false;
	}
	return true;
}

static bool compile_source(struct enrich *en, const struct element *e, struct binder *b)
{
	struct enrich_source *s = en->source;

	if (s->type != ENRICH_CUSTOM)
		return true;
	if (en->target->action == ENRICH_REMOVE && str_find(s->xpath, '$') < s->xpath.len)
		return compile_removed(s, e, b);
	if (is_json_path(s->xpath))
		s->path = compile_path(inner_path(s->xpath), e, b);
	s->expression = b->expr(b, s->xpath, FORM_EXPR, e);
	return s->expression && (s->path || !is_json_path(s->xpath));
}

/* "$.a.b" into "$.a" and "b". */
static bool compile_key(struct enrich_target *t, struct str path, const struct element *e,
			struct binder *b)
{
	size_t dot = path.len;

	while (dot > 0 && path.at[dot - 1] != '.')
		dot--;
	if (dot < 2)
		return report_error(b->report, e->where, "Unexpected target type");
	t->member = str_from(path, dot);
	t->parent = compile_path(str_first(path, dot - 1), e, b);
	return t->parent;
}

static bool compile_target(struct enrich_target *t, const struct element *e,
			   struct binder *b)
{
	const struct str path = inner_path(t->xpath);

	if (t->type == ENRICH_KEY)
		return compile_key(t, path, e, b);
	if (t->type != ENRICH_CUSTOM || !t->xpath.len)
		return true;
	if (!is_json_path(t->xpath)) {
		t->expression = b->expr(b, t->xpath, FORM_EXPR, e);
		return t->expression;
	}
	if (t->action == ENRICH_REPLACE &&
	    (str_eq(path, STR("$")) || str_eq(path, STR("$."))))
		return report_error(b->report, e->where,
				    "Acting replace is not supported for root path in "
				    "type custom. Please use type body action replace "
				    "instead");
	t->path = compile_path(path, e, b);
	return t->path;
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct enrich *en = self;

	return fit_together(en, e, b) && compile_source(en, e, b) &&
	       compile_target(en->target, e, b);
}

static const struct schema schema = {
	.element = "enrich",
	.doc = "Takes a part of the message and puts it somewhere else.",
	.size = sizeof(struct enrich),
	.fields = fields,
	.check = check,
};

bool enrich_inline(const struct enrich_source *s, struct exchange *x, struct str *text,
		   struct fault *why)
{
	struct buf buf;
	bool good = true;

	buf_init(&buf, 64 << 20);
	for (const struct enrich_piece *p = s->inline_text; p && good; p = p->next) {
		struct str value = p->text;
		struct fault no = { 0 };

		if (p->expression)
			good = expr_text(p->expression, &x->message, &value, NULL, why);
		if (p->expression && !str_starts(value, STR("<")) &&
		    !json_parse(value, &x->arena, &no))
			json_write_string(value, &buf);
		else
			buf_add(&buf, value);
	}
	*text = arena_copy(&x->arena, buf_str(&buf));
	buf_release(&buf);
	return good;
}

static bool property_is_xml(struct exchange *x, struct str name)
{
	const struct value v = message_property(&x->message, SCOPE_DEFAULT, name);

	return v.kind == VALUE_XML ||
	       (v.kind == VALUE_STR && str_starts(str_trim(v.text), STR("<")));
}

static bool works_on_json(const struct enrich *en, struct exchange *x)
{
	const struct enrich_source *s = en->source;
	const struct enrich_target *t = en->target;

	if (x->message.content.kind != CONTENT_JSON)
		return false;
	if (s->type == ENRICH_ENVELOPE || t->type == ENRICH_ENVELOPE)
		return false;
	if (s->type == ENRICH_CUSTOM && !s->path)
		return false;
	if (t->type == ENRICH_CUSTOM && !t->path)
		return false;
	if (s->type == ENRICH_INLINE && s->inline_is_xml)
		return false;
	return s->type != ENRICH_PROPERTY || !property_is_xml(x, s->property);
}

static enum flow enrich(const struct node *n, struct exchange *x, void *state)
{
	const struct enrich *en = (const struct enrich *)n;
	enum flow flow;

	(void)state;
	if (en->target->action == ENRICH_REMOVE)
		flow = enrich_remove(en, x);
	else if (works_on_json(en, x))
		flow = enrich_json(en, x);
	else
		flow = enrich_xml(en, x);
	if (en->target->type == ENRICH_BODY || en->target->type == ENRICH_ENVELOPE)
		message_remove_property(&x->message, SCOPE_AXIS2, STR("NO_ENTITY_BODY"));
	return flow;
}

const struct node_type enrich_mediator = {
	.name = "enrich",
	.brief = "Takes a part of the message and puts it somewhere else.",
	.schema = &schema,
	.needs = NEEDS_TREE,
	.run = enrich,
};
