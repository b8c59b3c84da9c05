/* What must be known of all units before the first of them is compiled. */
#include "deploy/build_priv.h"

static bool is_endpoint_template(const struct element *e)
{
	return element_is(e, STR("template")) && element_child(e, STR("endpoint"));
}

/* Endpoints from a template are copies of it, and borrow its texts. */
void build_collect(struct build *b, struct source *source)
{
	bool holds = false;

	for (const struct element *e = source->elements; e; e = element_first(e->next)) {
		const struct str name = element_value(e, STR("name"));

		if (!is_endpoint_template(e) || !name.len)
			continue;
		/* A map knows no const. */
		map_add(&b->house.templates, name, (void *)(uintptr_t)e);
		if (!holds)
			build_hold(b, source);
		holds = true;
	}
}
