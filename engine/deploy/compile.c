#include "deploy/build_priv.h"

#include "flow/sequence.h"

/* The reader stops there as well; trees that a front end made do not pass it. */
enum { MOST_DEPTH = 256, MOST_TYPOS = 2 };

static struct build *build_of(struct binder *b)
{
	return b->ctx;
}

/* --- words --- */

/* A type named "m:try" is a word of our namespace. */
static bool is_named(const struct element *e, const char *type)
{
	if (element_is_ours(e))
		return str_starts(str_of(type), STR("m:")) &&
		       str_eq(e->name, str_of(type + 2));
	return element_is(e, str_of(type));
}

static const struct node_type *mediator_type(const struct vocabulary *v,
					     const struct element *e)
{
	for (const struct node_type *const *t = v->mediators; *t; t++)
		if (is_named(e, (*t)->name))
			return *t;
	return NULL;
}

static const struct artifact_type *artifact_type_of(const struct vocabulary *v,
						    const struct element *e)
{
	for (const struct artifact_type *const *t = v->artifacts; *t; t++)
		if (is_named(e, (*t)->element))
			return *t;
	return NULL;
}

/* An entry named "." is for all names with a dot in them: operations of connectors. */
static const struct refused *refusal(const struct vocabulary *v, const struct element *e)
{
	const bool dotted = str_find(e->name, '.') < e->name.len;

	for (const struct refused *r = v->refused; r->name; r++)
		if (is_named(e, r->name) || (dotted && strcmp(r->name, ".") == 0))
			return r;
	return NULL;
}

static void guess(const char *candidate, struct str name, const char **best,
		  size_t *least)
{
	if (name.len < *least)
		*least = name.len;
	if (str_is_nearer(name, str_of(candidate), least))
		*best = candidate;
}

static const char *nearest_mediator(const struct vocabulary *v, struct str name)
{
	const char *best = NULL;
	size_t least = MOST_TYPOS + 1;

	for (const struct node_type *const *t = v->mediators; *t; t++)
		guess((*t)->name, name, &best, &least);
	for (const struct refused *r = v->refused; r->name; r++)
		guess(r->name, name, &best, &least);
	return best;
}

static const char *nearest_artifact(const struct vocabulary *v, struct str name)
{
	const char *best = NULL;
	size_t least = MOST_TYPOS + 1;

	for (const struct artifact_type *const *t = v->artifacts; *t; t++)
		guess((*t)->element, name, &best, &least);
	return best;
}

/* As types are named. */
static struct str full_name(struct binder *b, const struct element *e)
{
	if (!element_is_ours(e))
		return e->name;
	return str_of(arena_printf(b->arena, "m:" STR_FMT, STR_ARG(e->name)));
}

static bool complain_refused(struct binder *b, const struct refused *r,
			     const struct element *e)
{
	const struct str name = element_value(e, STR("name"));

	if (name.len)
		return report_error(b->report, e->where,
				    "<" STR_FMT " name=\"" STR_FMT "\"> %s",
				    STR_ARG(e->name), STR_ARG(name), r->instead);
	return report_error(b->report, e->where, "<" STR_FMT "> %s", STR_ARG(e->name),
			    r->instead);
}

static bool complain_unknown(struct binder *b, const struct element *e, const char *what,
			     const char *nearest)
{
	if (e->ns.len && !element_is_ours(e) && !element_is(e, e->name))
		return report_error(b->report, e->where,
				    "unknown %s {" STR_FMT "}" STR_FMT
				    ": Synapse's namespace is " SYNAPSE_NS,
				    what, STR_ARG(e->ns), STR_ARG(e->name));
	return report_error(b->report, e->where, "unknown %s <%s" STR_FMT ">%s%s%s", what,
			    element_is_ours(e) ? "m:" : "", STR_ARG(e->name),
			    nearest ? "; did you mean '" : "", nearest ? nearest : "",
			    nearest ? "'?" : "");
}

/* --- the binder's hooks --- */

static struct str namespace_of(const void *ctx, struct str prefix)
{
	return element_namespace(ctx, prefix);
}

static const struct expr *compile_expr(struct binder *b, struct str text,
				       enum expr_form form, const struct element *scope)
{
	const struct expr_scope names = { namespace_of, scope };
	struct build *build = build_of(b);
	struct fault why = { 0 };
	const struct expr *e = NULL;

	switch (form) {
	case FORM_EXPR:
		e = expr_compile(text, &names, b->arena, &why);
		break;
	case FORM_VALUE:
		e = expr_compile_value(text, &names, b->arena, &why);
		break;
	case FORM_TEMPLATE:
		e = expr_compile_template(text, &names, b->arena, &why);
		break;
	}
	if (!e)
		report_error(b->report, scope->where, "%s", why.text);
	else if (e->needs > build->needs)
		build->needs = e->needs;
	return e;
}

/* <sequence key="…"> straight below an artifact is run whenever the artifact is. */
static void note_passage(struct build *build, const struct ref *ref)
{
	const struct element *step = build->step;

	if (!step || step->parent != build->artifact || ref->dynamic ||
	    ref->kind != REF_SEQUENCE || !element_is(step, STR("sequence")))
		return;

	struct passage *p = arena_new(build->arena, struct passage);
	*p = (struct passage){ build->artifact, ref, build->unit, build->draft.passages };
	build->draft.passages = p;
}

static void collect_ref(struct binder *b, struct ref *ref)
{
	struct build *build = build_of(b);
	struct use *use = arena_new(build->arena, struct use);

	*use = (struct use){ ref, build->unit, build->draft.uses };
	build->draft.uses = use;
	note_passage(build, ref);
}

static void keep(struct build *build, const void *key, const struct bound *bound)
{
	const struct str name = { (const char *)&key, sizeof(key) };

	map_set(&build->deployment->rest->bound, arena_copy(build->arena, name),
		(void *)(uintptr_t)bound);
}

static void keep_bound(struct binder *b, struct bound what)
{
	struct bound *bound = arena_new(b->arena, struct bound);

	*bound = what;
	keep(build_of(b), bound->thing, bound);
	if (bound->schema)
		keep(build_of(b), bound->element, bound);
}

/* Those that stand in no other one. */
static void note_endpoint(struct build *build, const struct node *node)
{
	struct way_out *w = arena_new(build->arena, struct way_out);

	*w = (struct way_out){ node, NULL };
	*build->draft.last_way_out = w;
	build->draft.last_way_out = &w->next;
}

/* What an endpoint's expressions need is the endpoint's own concern. */
static const struct node *compile_endpoint(struct binder *b, const struct element *e)
{
	struct build *build = build_of(b);
	const enum needs needs = build->needs;
	const struct node *n;

	build->endpoint_depth++;
	n = endpoint_compile(b, e);
	build->endpoint_depth--;
	build->needs = needs;
	if (n && build->endpoint_depth == 0)
		note_endpoint(build, n);
	return n;
}

/* Of <inSequence> and the like, which have no table; what has one binds its own. */
static struct ref *on_error_of(struct binder *b, const struct element *e)
{
	const struct attribute *key = element_attribute(e, STR("onError"));
	const struct build *build = build_of(b);

	if (!key || !key->value.len || e == build->step || e == build->artifact)
		return NULL;

	struct ref *ref = arena_new(b->arena, struct ref);
	*ref = (struct ref){ .key = key->value, .kind = REF_SEQUENCE, .where = e->where };
	b->ref(b, ref);
	return ref;
}

/* Goes on after a mistake: all of them are to be told. */
static const struct node *compile_steps(struct binder *b, const struct element *e,
					const struct element *first)
{
	struct sequence *s = arena_new(b->arena, struct sequence);
	unsigned count = 0;
	bool fine = true;

	first = element_first(first);
	for (const struct element *c = first; c; c = element_first(c->next))
		count++;

	const struct node **steps = arena_alloc(b->arena, (count + 1) * sizeof(*steps));

	s->node = (struct node){ &sequence_type, e->where, NEEDS_NOTHING };
	s->steps = steps;
	s->on_error = on_error_of(b, e);
	warn_of_stray_text(e, b);
	for (const struct element *c = first; c; c = element_first(c->next)) {
		steps[s->count] = compile_mediator(b, c);
		fine = steps[s->count++] && fine;
	}
	return fine ? &s->node : NULL;
}

static const struct node *bind_mediator(struct binder *b, const struct node_type *type,
					const struct element *e)
{
	struct build *build = build_of(b);
	/* Every node begins with its struct node; the schema fills the rest. */
	struct node *n = arena_alloc(b->arena, type->schema->size);

	*n = (struct node){ type, e->where, type->needs };
	build->needs = type->needs;
	if (!schema_bind(type->schema, e, n, b))
		return NULL;
	if (build->needs > n->needs)
		n->needs = build->needs;
	return n;
}

const struct node *compile_mediator(struct binder *b, const struct element *e)
{
	struct build *build = build_of(b);
	const struct vocabulary *v = build->settings->vocabulary;
	const struct node_type *type = mediator_type(v, e);
	const struct refused *refused = type ? NULL : refusal(v, e);

	if (refused) {
		complain_refused(b, refused, e);
		return NULL;
	}
	if (!type) {
		complain_unknown(b, e, "mediator", nearest_mediator(v, full_name(b, e)));
		return NULL;
	}
	if (build->depth == MOST_DEPTH) {
		report_error(b->report, e->where, "nested deeper than %d", MOST_DEPTH);
		return NULL;
	}

	const struct element *outer = build->step;
	const enum needs needs = build->needs;

	build->step = e;
	build->depth++;
	const struct node *n = bind_mediator(b, type, e);
	build->depth--;
	build->step = outer;
	build->needs = needs;
	return n;
}

/* --- the build --- */

struct binder *build_binder(struct build *b)
{
	return &b->binder;
}

struct arena *build_arena(struct build *b)
{
	return b->arena;
}

struct report *build_report(struct build *b)
{
	return b->binder.report;
}

static const struct name *taken(const struct build *b, enum ref_kind kind,
				struct str name)
{
	const struct name *n = map_get(&b->draft.named[kind], name);

	return n ? n : deployment_name(b->deployment, kind, name);
}

bool build_add_name(struct build *b, enum ref_kind kind, struct str name,
		    const void *thing, struct where where)
{
	const struct name *first = taken(b, kind, name);

	if (first)
		return report_error(build_report(b), where,
				    "there is a %s '" STR_FMT "' already, at %s:%u",
				    ref_kind_name(kind), STR_ARG(name), first->where.file,
				    first->where.line);

	struct name *n = arena_new(b->arena, struct name);
	*n = (struct name){ .kind = kind,
			    .name = name,
			    .thing = thing,
			    .where = where,
			    .element = b->artifact,
			    .next = b->draft.names };
	b->draft.names = n;
	map_add(&b->draft.named[kind], name, n);
	return true;
}

bool build_add_artifact(struct build *b, enum artifact_kind kind, struct str name,
			const struct element *e, const struct node *node)
{
	struct artifact *a = arena_new(b->arena, struct artifact);

	*a = (struct artifact){ kind, name, e->where, e, node, NULL };
	*b->draft.last_artifact = a;
	b->draft.last_artifact = &a->next;
	return true;
}

/* A deployment's hold on a probe. */
struct hold {
	struct probes *probes;
	struct probe *probe;
};

static void let_go(void *thing)
{
	const struct hold *hold = thing;

	probe_unref(hold->probes, hold->probe);
}

struct probe *build_add_probe(struct build *b, struct str identity,
			      const struct probed *probed)
{
	struct probes *probes = b->settings->shared ? b->settings->shared->probes : NULL;
	struct probed *p = arena_new(b->arena, struct probed);
	struct hold *hold = arena_new(b->arena, struct hold);

	if (!probes)
		return NULL;
	*hold = (struct hold){ probes, probe_ref(probes, identity) };
	arena_on_release(b->arena, let_go, hold);
	*p = *probed;
	p->probe = hold->probe;
	p->next = b->draft.probes;
	b->draft.probes = p;
	return p->probe;
}

static struct probe *add_contact(struct binder *b, struct str identity,
				 const struct probe_policy *policy,
				 const struct node *node)
{
	const struct probed probed = { .policy = *policy,
				       .node = node,
				       .where = node->where };

	return build_add_probe(build_of(b), identity, &probed);
}

static bool complain_like(struct build *b, const struct api *api, const struct api *first)
{
	if (str_eq(api->full_name, first->full_name))
		return report_error(build_report(b), api->where,
				    "Duplicate resource definition by the name: " STR_FMT
				    ", the first is at %s:%u",
				    STR_ARG(api->full_name), first->where.file,
				    first->where.line);
	if (api->specific && first->specific)
		return report_error(
			build_report(b), api->where,
			"the same path and methods are served by " STR_FMT ", at %s:%u",
			STR_ARG(first->full_name), first->where.file, first->where.line);
	return report_error(build_report(b), api->where,
			    "URL context: " STR_FMT
			    " is already registered with the API: " STR_FMT ", at %s:%u",
			    STR_ARG(api->context), STR_ARG(first->full_name),
			    first->where.file, first->where.line);
}

bool build_add_api(struct build *b, struct api *api)
{
	const struct api *first = routes_like(b->apis, api);

	if (!first)
		first = routes_like(b->draft.apis, api);
	if (first && first->shared && api->shared)
		return true;
	if (first)
		return complain_like(b, api, first);

	struct api **last = &b->draft.apis;

	while (*last)
		last = &(*last)->next;
	*last = api;
	return true;
}

bool build_element(struct build *b, const struct element *e)
{
	const struct vocabulary *v = b->settings->vocabulary;
	const struct artifact_type *type = artifact_type_of(v, e);
	const struct refused *refused = type ? NULL : refusal(v, e);
	const struct element *outer = b->artifact;

	if (refused)
		return complain_refused(&b->binder, refused, e);
	if (!type)
		return complain_unknown(&b->binder, e, "artifact",
					nearest_artifact(v, e->name));
	b->artifact = e;
	const bool fine = type->compile(b, e);
	b->artifact = outer;
	return fine;
}

void build_join_probes(struct build *b)
{
	struct deployed *d = b->deployment->rest;

	for (struct probed *p = b->draft.probes, *next; p; p = next) {
		next = p->next;
		p->next = d->probes;
		d->probes = p;
	}
	b->draft.probes = NULL;
}

void build_hold(struct build *b, struct source *source)
{
	struct deployed *d = b->deployment->rest;
	struct held_source *held = arena_new(b->arena, struct held_source);

	*held = (struct held_source){ source_ref(source), d->sources };
	d->sources = held;
}

static void join(struct build *b, struct source *source)
{
	struct deployed *d = b->deployment->rest;

	build_hold(b, source);
	for (struct name *n = b->draft.names; n; n = n->next)
		map_add(&d->names[n->kind], n->name, n);
	if (b->draft.artifacts) {
		*d->last_artifact = b->draft.artifacts;
		d->last_artifact = b->draft.last_artifact;
	}
	if (b->draft.ways_out) {
		*d->last_way_out = b->draft.ways_out;
		d->last_way_out = b->draft.last_way_out;
	}
	for (struct api *api = b->draft.apis, *next; api; api = next) {
		next = api->next;
		routes_add(&b->apis, api);
	}
	for (struct use *u = b->draft.uses, *next; u; u = next) {
		next = u->next;
		u->next = b->uses;
		b->uses = u;
	}
	for (struct passage *p = b->draft.passages, *next; p; p = next) {
		next = p->next;
		p->next = b->passages;
		b->passages = p;
	}
	for (struct linked *l = b->draft.linked, *next; l; l = next) {
		next = l->next;
		l->next = b->linked;
		b->linked = l;
	}
	build_join_probes(b);
}

static void begin_draft(struct build *b)
{
	b->draft = (struct draft){ .last_artifact = &b->draft.artifacts,
				   .last_way_out = &b->draft.ways_out };
	for (unsigned kind = 0; kind < REF_KINDS; kind++)
		map_init(&b->draft.named[kind], &b->draft.scratch);
}

bool build_unit(struct build *b, struct source *source, void *unit, struct report *r)
{
	const unsigned before = r->errors;

	begin_draft(b);
	b->endpoint_depth = 0;
	b->binder.report = r;
	b->unit = unit;
	b->house.unit = str_of(source->file);
	b->house.anonymous = 0;
	for (const struct element *e = source->elements; e; e = element_first(e->next)) {
		const unsigned errors = r->errors;

		if (!build_element(b, e) && r->errors == errors)
			report_error(r, e->where, "<" STR_FMT "> could not be deployed",
				     STR_ARG(e->name));
	}
	arena_release(&b->draft.scratch);
	if (r->errors != before)
		return false;
	join(b, source);
	return true;
}

void build_init(struct build *b, const struct loader_settings *s, struct deployment *d)
{
	*b = (struct build){ .settings = s, .deployment = d, .arena = &d->arena };
	b->house.settings = s->endpoints;
	b->house.healths = s->healths;
	b->house.add_probe = add_contact;
	map_init(&b->house.templates, b->arena);
	b->binder = (struct binder){
		.arena = b->arena,
		.steps = compile_steps,
		.endpoint = compile_endpoint,
		.expr = compile_expr,
		.ref = collect_ref,
		.bound = s->keep_models ? keep_bound : NULL,
		.endpoints = &b->house,
		.shared = s->shared,
		.ctx = b,
	};
}
