/* Flows and their processors, each to the word that does it. */
#include "front_end.h"
#include "translate.h"

enum { MOST_DEPTH = 100 };

struct element *mule_kept(struct translation *t, const struct element *e,
			  struct element *to)
{
	const struct str target = mule_attribute(e, "target"),
			 value = mule_attribute(e, "targetValue");
	struct element *k;

	if (!target.len)
		return to;
	k = mule_word(t, e, "keep");
	mule_set(t, k, "target", target);
	mule_set_expression(t, k, "value", value.len ? value : STR("#[payload]"));
	element_add(to, k);
	return k;
}

static bool logger(struct translation *t, const struct element *e, struct element *to)
{
	struct element *say = mule_word(t, e, "say");

	if (mule_attribute(e, "level").len)
		mule_set(t, say, "level", mule_attribute(e, "level"));
	if (mule_attribute(e, "message").at)
		mule_set_meaning(t, say, "message", "expression",
				 mule_attribute(e, "message"));
	if (mule_attribute(e, "category").len)
		mule_set(t, say, "category", mule_attribute(e, "category"));
	element_add(to, say);
	return true;
}

static bool set_payload(struct translation *t, const struct element *e,
			struct element *to)
{
	struct element *s = mule_word(t, e, "set");

	if (!mule_attribute(e, "value").at)
		return mule_complain(t, e, "<set-payload> needs a value");
	mule_set_text(t, s, "to", "payload");
	mule_set_meaning(t, s, "value", "expression", mule_attribute(e, "value"));
	if (mule_attribute(e, "mimeType").len)
		mule_set(t, s, "type", mule_attribute(e, "mimeType"));
	element_add(to, s);
	return true;
}

static bool set_variable(struct translation *t, const struct element *e,
			 struct element *to)
{
	struct element *s = mule_word(t, e, "set");
	const struct str name = mule_attribute(e, "variableName");
	const bool removes = str_eq(e->name, STR("remove-variable"));

	if (!name.len || (!removes && !mule_attribute(e, "value").at))
		return mule_complain(t, e, "<" STR_FMT "> needs variableName%s",
				     STR_ARG(e->name), removes ? "" : " and value");
	if (str_find_str(name, STR("#[")) < name.len)
		return mule_complain(t, e,
				     "variableName=\"" STR_FMT
				     "\" is no name; expressions are not supported here",
				     STR_ARG(name));
	mule_set_text(t, s, "to", arena_printf(t->arena, "vars." STR_FMT, STR_ARG(name)));
	if (removes) {
		mule_set_text(t, s, "remove", "true");
	} else {
		mule_set_meaning(t, s, "value", "expression", mule_attribute(e, "value"));
		if (mule_attribute(e, "mimeType").len)
			mule_set(t, s, "type", mule_attribute(e, "mimeType"));
	}
	element_add(to, s);
	return true;
}

static bool raise_error(struct translation *t, const struct element *e,
			struct element *to)
{
	struct element *r = mule_word(t, e, "raise");
	struct str type;

	if (!mule_can_be_raised(t, e, mule_attribute(e, "type"), &type))
		return false;
	mule_set(t, r, "type", type);
	if (mule_attribute(e, "description").len)
		mule_set_meaning(t, r, "description", "expression",
				 mule_attribute(e, "description"));
	element_add(to, r);
	return true;
}

static bool choice(struct translation *t, const struct element *e, struct element *to)
{
	struct element *c = mule_word(t, e, "choose");
	bool fine = true;

	element_add(to, c);
	element_each(part, e)
	{
		struct element *p;

		if (str_eq(part->name, STR("when"))) {
			p = mule_word(t, part, "when");
			mule_set_expression(t, p, "test",
					    mule_attribute(part, "expression"));
		} else if (str_eq(part->name, STR("otherwise"))) {
			p = mule_word(t, part, "otherwise");
		} else {
			fine = mule_unsupported(t, part);
			continue;
		}
		element_add(c, p);
		fine = mule_steps(t, part, p) && fine;
	}
	return fine;
}

static bool try_scope(struct translation *t, const struct element *e, struct element *to)
{
	struct element *attempt = mule_word(t, e, "try");
	const struct str action = mule_attribute(e, "transactionalAction");
	bool fine;

	if (action.len && !str_eq(action, STR("INDIFFERENT")))
		return mule_complain(t, e, "transactions are not supported");
	element_add(to, attempt);
	fine = mule_steps(t, e, attempt);
	return mule_handlers(t, e, mule_child_of(e, "error-handler"), attempt) && fine;
}

static bool flow_ref(struct translation *t, const struct element *e, struct element *to)
{
	struct element *call = mule_synapse(t, e, "sequence");
	const struct meaning name = mule_meaning_of(t, mule_attribute(e, "name"));

	if (!name.text.len)
		return mule_complain(t, e, "<flow-ref> needs a name");
	mule_set(t, call, "key",
		 name.is_expression ? str_of(arena_printf(t->arena, "{" STR_FMT "}",
							  STR_ARG(name.text)))
				    : name.text);
	element_add(mule_kept(t, e, to), call);
	return true;
}

static bool add_part(struct translation *t, const struct element *e, const char *to,
		     struct element *set_word)
{
	struct element *part = mule_word(t, e, "part");
	const struct str resource = mule_attribute(e, "resource");
	struct str script = e->text;

	if (resource.len && !mule_project_file(t, resource, &script))
		return mule_complain(t, e,
				     "resource=\"" STR_FMT "\": there is no such file",
				     STR_ARG(resource));
	mule_set_text(t, part, "to", to);
	mule_set(t, part, "expression",
		 mule_meaning_of(t, str_of(arena_printf(t->arena, "#[" STR_FMT "]",
							STR_ARG(script))))
			 .text);
	element_add(set_word, part);
	return true;
}

static bool transform(struct translation *t, const struct element *e, struct element *to)
{
	struct element *s = mule_word(t, e, "set");
	bool fine = true;

	element_each(group, e)
	{
		element_each(part, group)
		{
			const char *where = "payload";

			if (str_eq(part->name, STR("set-attributes")))
				where = "attributes";
			else if (str_eq(part->name, STR("set-variable")))
				where = arena_printf(
					t->arena, "vars." STR_FMT,
					STR_ARG(mule_attribute(part, "variableName")));
			else if (!str_eq(part->name, STR("set-payload"))) {
				fine = mule_unsupported(t, part);
				continue;
			}
			fine = add_part(t, part, where, s) && fine;
		}
	}
	if (element_first(s->children))
		element_add(to, s);
	else
		report_warning(t->report, e->where, "<ee:transform> sets nothing");
	return fine;
}

/* A text with #[…] in it, of a file or written here. */
static bool parse_template(struct translation *t, const struct element *e,
			   struct element *to)
{
	struct element *s = mule_word(t, e, "set");
	const struct element *content = mule_child_of(e, "content");
	const struct str location = mule_attribute(e, "location");
	struct str text = content ? content->text : STR("");

	if (!content && !location.len)
		return mule_complain(t, e,
				     "<parse-template> needs a location or "
				     "<content>");
	if (!content && !mule_project_file(t, location, &text))
		return mule_complain(t, e,
				     "location=\"" STR_FMT "\": there is no such file",
				     STR_ARG(location));
	mule_set_text(t, s, "to", "payload");
	mule_set_meaning(t, s, "value", "expression", text);
	if (mule_attribute(e, "outputMimeType").len)
		mule_set(t, s, "type", mule_attribute(e, "outputMimeType"));
	element_add(mule_kept(t, e, to), s);
	return true;
}

static bool no_operation(struct translation *t, const struct element *e,
			 struct element *to)
{
	(void)t;
	(void)e;
	(void)to;
	return true;
}

static const struct {
	const char *name;
	bool (*translate)(struct translation *t, const struct element *e,
			  struct element *to);
} processors[] = {
	{ "logger", logger },
	{ "set-payload", set_payload },
	{ "set-variable", set_variable },
	{ "remove-variable", set_variable },
	{ "raise-error", raise_error },
	{ "choice", choice },
	{ "try", try_scope },
	{ "flow-ref", flow_ref },
	{ "foreach", mule_foreach_scope },
	{ "parallel-foreach", mule_parallel_foreach },
	{ "until-successful", mule_until_successful },
	{ "first-successful", mule_first_successful },
	{ "round-robin", mule_round_robin },
	{ "scatter-gather", mule_scatter_gather },
	{ "async", mule_async },
	{ "http:request", mule_request },
	{ "ee:transform", transform },
	{ "parse-template", parse_template },
	{ "idempotent-message-validator", mule_idempotent },
	{ "ee:cache", mule_cache },
	{ "os:store", mule_store_operation },
	{ "os:retrieve", mule_store_operation },
	{ "os:contains", mule_store_operation },
	{ "os:remove", mule_store_operation },
	{ "os:clear", mule_store_operation },
	{ "os:retrieve-all", mule_store_operation },
	{ "os:retrieve-all-keys", mule_store_operation },
	{ "description", no_operation },
};

bool mule_step(struct translation *t, const struct element *e, struct element *to)
{
	const struct str name = mule_full_name(t, e);
	bool fine = true;

	for (size_t i = 0; i < sizeof(processors) / sizeof(processors[0]); i++) {
		if (!str_eq(name, str_of(processors[i].name)))
			continue;
		if (++t->depth > MOST_DEPTH)
			fine = mule_complain(t, e, "nested too deep");
		else
			fine = processors[i].translate(t, e, to);
		t->depth--;
		return fine;
	}
	return mule_is_skipped(t, e) || mule_unsupported(t, e);
}

const char *mule_processor(unsigned i)
{
	return i < sizeof(processors) / sizeof(processors[0]) ? processors[i].name : NULL;
}

static bool is_source(struct translation *t, const struct element *e)
{
	return str_eq(mule_full_name(t, e), STR("http:listener"));
}

bool mule_steps(struct translation *t, const struct element *e, struct element *to)
{
	bool fine = true;

	element_each(p, e)
	{
		if (str_eq(p->name, STR("error-handler"))) {
			if (element_first(p->next))
				fine = mule_complain(
					t, p,
					"<error-handler> must be the last in its "
					"<" STR_FMT ">",
					STR_ARG(e->name));
			continue;
		}
		if (is_source(t, p) && element_first(e->children) == p &&
		    str_eq(e->name, STR("flow")))
			continue;
		fine = mule_step(t, p, to) && fine;
	}
	return fine;
}

static void add_artifact(struct translation *t, struct element *e)
{
	*t->last = e;
	t->last = &e->next;
}

static bool flow(struct translation *t, const struct element *e)
{
	struct element *artifact = mule_synapse(t, e, "sequence");
	struct element *s = artifact, *body = artifact;
	const struct element *first = element_first(e->children);
	const bool is_flow = str_eq(e->name, STR("flow"));
	bool fine = true;

	t->flow = mule_attribute(e, "name");
	if (!t->flow.len)
		return mule_complain(t, e, "<" STR_FMT "> needs a name",
				     STR_ARG(e->name));
	mule_set(t, s, "name", t->flow);
	if (is_flow) {
		fine = mule_gate(t, e, !first || !is_source(t, first), &s);
		body = mule_word(t, e, "try");
		element_add(s, body);
	} else if (mule_child_of(e, "error-handler")) {
		return mule_complain(t, e, "a <sub-flow> has no <error-handler>");
	}
	fine = mule_steps(t, e, body) && fine;
	if (is_flow)
		fine = mule_handlers(t, e, mule_child_of(e, "error-handler"), body) &&
		       fine;
	add_artifact(t, artifact);
	if (is_flow && first && is_source(t, first))
		fine = mule_listener(t, e, first) && fine;
	return fine;
}

/* Global elements that others refer to; nothing of their own is deployed. */
static const char *const referred[] = { "http:listener-config",
					"ee:object-store-caching-strategy",
					"error-handler",
					"tls:context",
					"configuration",
					"configuration-properties",
					"secure-properties:config",
					"global-property",
					"on-error-continue",
					"on-error-propagate",
					"description",
					"import",
					NULL };

static bool global(struct translation *t, const struct element *e)
{
	const struct str name = mule_full_name(t, e);

	if (str_eq(name, STR("flow")) || str_eq(name, STR("sub-flow")))
		return flow(t, e);
	if (str_eq(name, STR("http:request-config")))
		return mule_request_config(t, e);
	if (str_eq(name, STR("os:object-store")))
		return mule_store(t, e);
	for (unsigned i = 0; referred[i]; i++)
		if (str_eq(name, str_of(referred[i])))
			return true;
	return mule_is_skipped(t, e) || mule_unsupported(t, e);
}

/* Handlers and configs of other files were read with their placeholders. */
static bool fill_all(struct translation *t, struct element *root)
{
	bool fine = mule_fill_placeholders(t, root);

	map_each(entry, &t->project.elements)
	{
		struct report *own = t->report, ignored;

		report_init(&ignored, t->arena);
		t->report = &ignored;
		mule_fill_placeholders(t, entry->value);
		t->report = own;
	}
	return fine;
}

static struct element *read(const struct front_end *f, struct str text, const char *file,
			    struct arena *a, struct report *r)
{
	struct translation t = { .arena = a, .report = r, .file = file };
	struct element *root = mule_read_text(text, file, a, r);
	bool fine;

	(void)f;
	if (!root)
		return NULL;
	t.last = &t.first;
	mule_project_gather(&t, root);
	fine = fill_all(&t, root);
	fine = mule_check_attributes(&t, root) && fine;
	element_each(e, root)
	{
		fine = global(&t, e) && fine;
	}
	if (!fine)
		return NULL;
	if (!t.first) { /* only configs: something that is there and does nothing */
		t.first = mule_synapse(&t, root, "definitions");
	}
	return t.first;
}

const struct front_end mule_xml = {
	.name = "mule-xml",
	.claims = mule_claims,
	.read = read,
	.beside = mule_project_state,
};
