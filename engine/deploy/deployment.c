#include "deploy/build_priv.h"

#include "message/xml.h"
#include "deploy/local_entry.h"
#include "schema/element.h"

enum { MOST_ENTRY = 64 << 20 };

const char *ref_kind_name(enum ref_kind kind)
{
	static const char *const names[REF_KINDS] = {
		[REF_SEQUENCE] = "sequence",
		[REF_ENDPOINT] = "endpoint",
		[REF_LOCAL_ENTRY] = "local entry",
		[REF_TEMPLATE] = "template",
		[REF_ENDPOINT_TEMPLATE] = "template of endpoints",
		[REF_DEFINITION] = "definition",
	};

	return names[kind];
}

struct source *source_ref(struct source *s)
{
	atomic_fetch_add_explicit(&s->references, 1, memory_order_relaxed);
	return s;
}

/* The source lies in its own arena. */
void source_unref(struct source *s)
{
	if (!s || atomic_fetch_sub_explicit(&s->references, 1, memory_order_acq_rel) != 1)
		return;

	struct arena arena = s->arena;

	arena_release(&arena);
}

const struct name *deployment_name(const struct deployment *d, enum ref_kind kind,
				   struct str name)
{
	return map_get(&d->rest->names[kind], name);
}

static void hold(const struct names *n)
{
	deployment_ref((struct deployment *)n);
}

static void let_go(const struct names *n)
{
	deployment_unref((struct deployment *)n);
}

static const void *find(const struct names *n, enum ref_kind kind, struct str key)
{
	const struct name *found = deployment_name((const struct deployment *)n, kind,
						   key);

	return found ? found->thing : NULL;
}

/* Lies in its own arena too, so that releasing that is all there is to do. */
struct deployment *deployment_new(void)
{
	struct arena arena = { NULL, NULL };
	struct deployment *d = arena_new(&arena, struct deployment);

	d->names.find = find;
	d->names.hold = hold;
	d->names.let_go = let_go;
	d->rest = arena_new(&arena, struct deployed);
	d->routes = arena_new(&arena, struct routes);
	d->arena = arena;
	atomic_init(&d->rest->references, 1);
	d->rest->last_artifact = &d->rest->artifacts;
	d->rest->last_way_out = &d->rest->ways_out;
	map_init(&d->rest->bound, &d->arena);
	for (unsigned kind = 0; kind < REF_KINDS; kind++)
		map_init(&d->rest->names[kind], &d->arena);
	return d;
}

struct deployment *deployment_ref(struct deployment *d)
{
	atomic_fetch_add_explicit(&d->rest->references, 1, memory_order_relaxed);
	return d;
}

void deployment_unref(struct deployment *d)
{
	if (!d ||
	    atomic_fetch_sub_explicit(&d->rest->references, 1, memory_order_acq_rel) != 1)
		return;

	/* What nodes registered to be released may still look into the sources. */
	struct arena arena = d->arena;
	struct held_source *held = d->rest->sources;
	struct arena kept = { NULL, NULL };
	struct held_source *copies = NULL;

	for (; held; held = held->next) {
		struct held_source *copy = arena_new(&kept, struct held_source);

		*copy = (struct held_source){ held->source, copies };
		copies = copy;
	}
	arena_release(&arena);
	for (; copies; copies = copies->next)
		source_unref(copies->source);
	arena_release(&kept);
}

const struct artifact *deployment_artifacts(const struct deployment *d)
{
	return d->rest->artifacts;
}

const struct way_out *deployment_ways_out(const struct deployment *d)
{
	return d->rest->ways_out;
}

const struct probed *deployment_probes(const struct deployment *d)
{
	return d->rest->probes;
}

const struct bound *deployment_bound(const struct deployment *d, const void *thing)
{
	return map_get(&d->rest->bound,
		       (struct str){ (const char *)&thing, sizeof(thing) });
}

static struct value as_xml(const struct local_entry *entry, struct arena *a)
{
	struct fault why = { 0 };
	struct xml_tree *tree = xml_parse(entry->text, SOAP_NONE, a, &why);

	if (!tree)
		return value_str(entry->text);

	struct xml_nodes *nodes = arena_new(a, struct xml_nodes);
	nodes->at = arena_new(a, struct xml_node *);
	nodes->at[0] = xml_payload(tree);
	nodes->count = nodes->at[0] != NULL;
	return (struct value){ .kind = VALUE_XML, .xml = nodes };
}

struct value deployment_local_entry(const void *deployment, struct str key,
				    struct arena *a)
{
	const struct name *found = deployment_name(deployment, REF_LOCAL_ENTRY, key);
	const struct local_entry *entry = found ? found->thing : NULL;

	if (!entry)
		return VALUE_NONE;
	return entry->xml ? as_xml(entry, a) : value_str(entry->text);
}
