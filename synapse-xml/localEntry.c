/*
 * # localEntry
 *
 * A text, a piece of XML or a file's text under a name: get-property() finds it, and
 * so do the keys of mediators that work on a resource.
 *
 *	<localEntry key="greeting">Hello</localEntry>
 *	<localEntry key="rates"><rates><usd>1.08</usd></rates></localEntry>
 *	<localEntry key="stylesheet" src="file:conf/orders.xslt"/>
 */
#include <errno.h>
#include <stdio.h>

#include "deploy/local_entry.h"
#include "synapse_xml.h"

enum { MOST_BYTES = 64 << 20 };

struct definition {
	struct str key, src, text;
	const struct element *xml;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct definition, key, "key"), .required = true,
	  .doc = "By which others find it." },
	{ ATTR_STR(struct definition, src, "src"),
	  .doc = "A file that holds it: file:PATH." },
	{ TEXT_STR(struct definition, text), .doc = "The text itself." },
	{ CONTENT_XML(struct definition, xml), .doc = "One element." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "localEntry",
	.doc = "A text or a piece of XML under a name.",
	.size = sizeof(struct definition),
	.fields = fields,
};

/* A path is relative to the directory we were started in, as in the original. */
static bool take_file(struct build *build, const struct element *e, struct str src,
		      struct local_entry *entry)
{
	struct str path = src;
	struct buf text;

	if (str_starts(path, STR("file:")))
		path = str_from(path, strlen("file:"));
	else if (str_find(path, ':') < path.len)
		return report_error(build_report(build), e->where,
				    "src=\"" STR_FMT
				    "\" is not a file; save it beside and use file:PATH",
				    STR_ARG(src));

	const char *name = arena_copy(build_arena(build), path).at;

	buf_init(&text, MOST_BYTES);
	const bool fine = buf_read_file(&text, name);
	const char *why = strerror(errno);

	if (fine)
		entry->text = arena_copy(build_arena(build), buf_str(&text));
	buf_release(&text);
	return fine || report_error(build_report(build), e->where,
				    "the file %s cannot be read: %s", name, why);
}

static void take_xml(struct build *build, const struct element *xml,
		     struct local_entry *entry)
{
	struct buf text;

	buf_init(&text, MOST_BYTES);
	element_write(xml, ELEMENT_EXACT, &text);
	entry->text = arena_copy(build_arena(build), buf_str(&text));
	entry->xml = xml;
	buf_release(&text);
}

static const struct element *second_of(const struct element *e)
{
	const struct element *second = e ? element_first(e->next) : NULL;

	return second && element_is(second, STR("description")) ? second_of(second)
								: second;
}

static bool take(struct build *build, const struct definition *d, const struct element *e,
		 struct local_entry *entry)
{
	const struct element *second = second_of(d->xml);

	if (d->src.len)
		return take_file(build, e, d->src, entry);
	if (second)
		return report_error(
			build_report(build), second->where,
			"<localEntry> holds one element, and this is a second");
	if (!d->xml)
		entry->text = d->text;
	else if (str_ends(d->xml->name, STR(".init")))
		return report_error(build_report(build), d->xml->where,
				    "<" STR_FMT
				    "> configures a connector; there are none here yet: "
				    "use <call> with an <endpoint>",
				    STR_ARG(d->xml->name));
	else
		take_xml(build, d->xml, entry);
	return true;
}

static bool compile(struct build *build, const struct element *e)
{
	struct definition *d = arena_new(build_arena(build), struct definition);
	struct local_entry *entry = arena_new(build_arena(build), struct local_entry);

	return schema_bind(&schema, e, d, build_binder(build)) &&
	       take(build, d, e, entry) &&
	       build_add_name(build, REF_LOCAL_ENTRY, d->key, entry, e->where) &&
	       build_add_artifact(build, ARTIFACT_LOCAL_ENTRY, d->key, e, NULL);
}

const struct artifact_type local_entry_artifact = {
	.element = "localEntry",
	.kind = ARTIFACT_LOCAL_ENTRY,
	.brief = "A text or a piece of XML under a name.",
	.schema = &schema,
	.compile = compile,
};
