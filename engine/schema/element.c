#include "schema/element.h"

const struct element *element_first(const struct element *e)
{
	while (e && !e->name.len)
		e = e->next;
	return e;
}

bool element_is_ours(const struct element *e)
{
	return str_eq(e->ns, STR(MYELIN_NS));
}

bool element_is(const struct element *e, struct str name)
{
	return str_eq(e->name, name) && (!e->ns.len || str_eq(e->ns, STR(SYNAPSE_NS)));
}

const struct element *element_child(const struct element *e, struct str name)
{
	element_each(child, e)
	{
		if (element_is(child, name))
			return child;
	}
	return NULL;
}

const struct attribute *element_attribute_ns(const struct element *e, struct str ns,
					     struct str name)
{
	for (const struct attribute *a = e->attributes; a; a = a->next)
		if (str_eq(a->name, name) && str_eq(a->ns, ns))
			return a;
	return NULL;
}

const struct attribute *element_attribute(const struct element *e, struct str name)
{
	return element_attribute_ns(e, STR(""), name);
}

struct str element_value(const struct element *e, struct str attribute)
{
	const struct attribute *a = element_attribute(e, attribute);

	return a ? a->value : STR("");
}

struct str element_namespace(const struct element *e, struct str prefix)
{
	for (; e; e = e->parent)
		for (const struct namespace *n = e->namespaces; n; n = n->next)
			if (str_eq(n->prefix, prefix))
				return n->uri;
	if (str_eq(prefix, STR("xml")))
		return STR("http://www.w3.org/XML/1998/namespace");
	return (struct str){ NULL, 0 };
}

struct element *element_new(struct arena *a, struct str ns, struct str name,
			    struct where where)
{
	struct element *e = arena_new(a, struct element);

	e->ns = ns;
	e->name = name;
	e->text = STR("");
	e->prefix = str_eq(ns, STR(MYELIN_NS)) ? STR("m") : STR("");
	e->where = where;
	return e;
}

void element_set(struct element *e, struct arena *a, struct str attribute,
		 struct str value)
{
	struct attribute **last = &e->attributes;

	for (; *last; last = &(*last)->next) {
		if (str_eq((*last)->name, attribute) && !(*last)->ns.len) {
			(*last)->value = value;
			return;
		}
	}
	*last = arena_new(a, struct attribute);
	**last = (struct attribute){
		.name = attribute, .prefix = STR(""), .ns = STR(""), .value = value
	};
}

void element_set_ns(struct element *e, struct arena *a, struct str ns,
		    struct str attribute, struct str value)
{
	struct attribute **last = &e->attributes;
	const struct str prefix = STR("m");

	while (*last)
		last = &(*last)->next;
	*last = arena_new(a, struct attribute);
	**last = (struct attribute){
		.name = attribute, .prefix = prefix, .ns = ns, .value = value
	};
	if (str_eq(element_namespace(e, prefix), ns))
		return;

	struct namespace *declared = arena_new(a, struct namespace);

	*declared = (struct namespace){ prefix, ns, e->namespaces };
	e->namespaces = declared;
}

struct element *element_add(struct element *parent, struct element *child)
{
	struct element **last = parent->newest ? &parent->newest->next
					       : &parent->children;

	while (*last)
		last = &(*last)->next;
	*last = child;
	parent->newest = child;
	child->parent = parent;
	return child;
}

void element_add_text(struct element *e, struct arena *a, struct str text)
{
	struct element *run = element_add(e, arena_new(a, struct element));
	const struct str own = str_trim(text);

	run->text = text;
	run->where = e->where;
	e->text = !e->text.len ? own
			       : str_of(arena_printf(a, STR_FMT STR_FMT, STR_ARG(e->text),
						     STR_ARG(own)));
}
