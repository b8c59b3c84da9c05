#include "writer.h"

#include "flow/sequence.h"
#include "schema/model.h"

static const struct bound *find_bound(const struct model_writer *w, const void *thing)
{
	return deployment_bound(w->ctx, thing);
}

static struct element *new_element(const struct model_writer *w, const char *name,
				   struct where where)
{
	const bool ours = str_starts(str_of(name), STR("m:"));

	return element_new(w->arena, ours ? STR(MYELIN_NS) : STR(SYNAPSE_NS),
			   str_of(ours ? name + 2 : name), where);
}

static void write_steps(const struct model_writer *w, const struct node *steps,
			struct element *to)
{
	const struct sequence *s = (const struct sequence *)steps;

	if (s->on_error)
		element_set(to, w->arena, STR("onError"), s->on_error->key);
	for (unsigned i = 0; i < s->count; i++) {
		const struct node *n = s->steps[i];
		struct element *step = new_element(w, n->type->name, n->where);

		schema_write(n->type->schema, n, element_add(to, step), w);
	}
}

/* What an element became; the tables of endpoints know no nodes. */
static void write_of(const struct model_writer *w, const struct element *read,
		     struct element *to)
{
	const struct bound *bound = w->bound(w, read);

	if (bound)
		schema_write(bound->schema, bound->thing, to, w);
}

static void write_endpoint(const struct model_writer *w, const struct node *n,
			   struct element *to)
{
	write_of(w, endpoint_element(n), to);
}

static bool is_ours(const struct element *e)
{
	for (const struct attribute *a = e->attributes; a; a = a->next)
		if (str_eq(a->ns, STR(MYELIN_NS)))
			return true;
	return element_is_ours(e);
}

static bool has_ours(const struct element *e)
{
	if (is_ours(e))
		return true;
	element_each(child, e)
	{
		if (has_ours(child))
			return true;
	}
	return false;
}

static void declare(struct element *root, struct str prefix, struct str uri,
		    struct arena *a)
{
	struct namespace *n = arena_new(a, struct namespace);

	*n = (struct namespace){ prefix, uri, root->namespaces };
	root->namespaces = n;
}

/* Once at the root, so that it does not stand at each word of ours. */
static void declare_at_root(struct element *root, const struct element *read,
			    struct arena *a)
{
	if (has_ours(read) && !element_namespace(root, STR("m")).at)
		declare(root, STR("m"), STR(MYELIN_NS), a);
	if (!root->parent && !element_namespace(root, STR("")).at)
		declare(root, STR(""), STR(SYNAPSE_NS), a);
}

static struct element *write_artifact(const struct model_writer *w,
				      const struct artifact *a, struct element *root)
{
	const bool ours = element_is_ours(a->element);
	struct element *e = element_new(w->arena, ours ? STR(MYELIN_NS) : STR(SYNAPSE_NS),
					a->element->name, a->where);

	if (root)
		element_add(root, e);
	declare_at_root(root ? root : e, a->element, w->arena);
	write_of(w, a->element, e);
	return e;
}

void synapse_write(const struct deployment *d, struct buf *to)
{
	const struct artifact *first = deployment_artifacts(d);
	struct arena arena = { NULL, NULL };
	const struct model_writer w = { .arena = &arena,
					.bound = find_bound,
					.steps = write_steps,
					.endpoint = write_endpoint,
					.ctx = d };
	struct element *root = NULL;

	if (first && first->next)
		root = new_element(&w, "definitions", first->where);
	/* Before any is written, lest the first ones declare what stands here. */
	for (const struct artifact *a = first; root && a; a = a->next)
		declare_at_root(root, a->element, &arena);
	for (const struct artifact *a = first; a; a = a->next) {
		struct element *e = write_artifact(&w, a, root);

		root = root ? root : e;
	}
	if (root)
		element_write(root, ELEMENT_PRETTY, to);
	arena_release(&arena);
}
