/*
 * Endpoints from a template (endpoints.md §2.4, §9.5): the <endpoint> of the template is
 * copied to where the instance stands, and each value that is all `$parameter` gives way
 * to what the instance says. What comes of it is compiled like any other.
 */
#include "endpoint/definition.h"

/* What a value that is all a parameter becomes; any other stays. */
static struct str put_in(const struct element *instance, struct str value)
{
	const struct str name = str_from(value, 1);

	if (value.len < 2 || value.at[0] != '$')
		return value;
	element_each(p, instance)
	{
		if (element_is(p, STR("parameter")) &&
		    str_eq(element_value(p, STR("name")), name))
			return element_value(p, STR("value"));
	}
	if (str_eq(name, STR("name")) || str_eq(name, STR("uri")))
		return element_value(instance, name);
	return value;
}

static struct attribute *copy_attributes(const struct attribute *from,
					 const struct element *instance, struct arena *a)
{
	struct attribute *first = NULL, **last = &first;

	for (; from; from = from->next) {
		*last = arena_new(a, struct attribute);
		**last = *from;
		(*last)->value = put_in(instance, from->value);
		(*last)->next = NULL;
		last = &(*last)->next;
	}
	return first;
}

/* As deep as XML may be (256). */
static struct element *copy(const struct element *from, struct element *parent,
			    const struct element *instance, struct arena *a)
{
	struct element *e = arena_new(a, struct element);

	*e = *from;
	e->parent = parent;
	e->children = e->next = e->newest = NULL;
	e->text = put_in(instance, from->text);
	e->attributes = copy_attributes(from->attributes, instance, a);
	for (const struct element *c = from->children; c; c = c->next)
		element_add(e, copy(c, e, instance, a));
	return e;
}

const struct element *endpoint_instance(const struct element *instance,
					const struct element *template, struct arena *a)
{
	const struct element *body = element_child(template, STR("endpoint"));
	struct element *e = copy(body, instance->parent, instance, a);

	if (!e->namespaces)
		e->namespaces = template->namespaces;
	if (element_value(instance, STR("name")).len)
		element_set(e, a, STR("name"), element_value(instance, STR("name")));
	return e;
}
