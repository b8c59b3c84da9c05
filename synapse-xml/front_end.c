#include "reader.h"
#include "synapse_xml.h"

/* Roots without a namespace that stand in projects and are no artifacts. */
static const char *const others[] = { "artifacts", "artifact",  "project",
				      "resources", "unit-test", NULL };

/* What stands before the root: a byte order mark, blanks, <?…?> and comments. */
static struct str skip_prolog(struct str text)
{
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	for (;;) {
		struct str end = STR("?>");

		text = str_trim(text);
		if (str_starts(text, STR("<!--")))
			end = STR("-->");
		else if (!str_starts(text, STR("<?")))
			return text;
		text = str_from(text, str_find_str(text, end) + end.len);
	}
}

static struct str name_at(struct str text)
{
	size_t len = 0;

	while (len < text.len && !strchr(" \t\r\n/>=\"'", text.at[len]))
		len++;
	return str_first(text, len);
}

/* The value of xmlns or xmlns:prefix in a start tag; "" if it is not there. */
static struct str namespace_in(struct str tag, struct str prefix)
{
	for (;;) {
		struct str name, value;
		const size_t at = str_find_str(tag, STR("xmlns"));

		if (at == tag.len)
			return STR("");
		tag = str_from(tag, at + strlen("xmlns"));
		name = name_at(tag);
		value = str_from(tag, str_find(tag, '='));
		value = str_trim(str_from(value, 1));
		if (value.len && (prefix.len ? str_starts(name, STR(":")) &&
						       str_eq(str_from(name, 1), prefix)
					     : !name.len))
			return str_first(str_from(value, 1),
					 str_find(str_from(value, 1), value.at[0]));
	}
}

static bool is_other(struct str name)
{
	for (const char *const *other = others; *other; other++)
		if (str_eq(name, str_of(*other)))
			return true;
	return false;
}

/* Of Synapse in other times, or misspelled; compile says which it should be. */
static bool is_nearly_ours(struct str ns)
{
	return str_starts(ns, STR("http://ws.apache.org/")) ||
	       str_find_str(ns, STR("synapse")) < ns.len ||
	       str_distance(ns, STR(SYNAPSE_NS)) <= 6;
}

/* Broken XML is ours as well, so that somebody says what is wrong with it. */
static bool claims(struct str path, struct str text)
{
	const struct str start = skip_prolog(text);
	struct str tag, name, prefix = STR(""), ns;

	if (!str_starts(start, STR("<")))
		return str_ends(path, STR(".xml"));
	tag = str_first(start, str_find(start, '>'));
	name = name_at(str_from(tag, 1));
	if (str_find(name, ':') < name.len)
		str_cut(&name, ':', &prefix);
	ns = namespace_in(tag, prefix);
	if (!ns.len)
		return !is_other(name);
	return str_eq(ns, STR(MYELIN_NS)) || is_nearly_ours(ns);
}

static struct element *read(const struct front_end *f, struct str text, const char *file,
			    struct arena *a, struct report *r)
{
	struct element *root = reader_read(text, file, a, r);

	(void)f;
	if (root && !root->ns.len)
		report_warning(r, root->where,
			       "<" STR_FMT
			       "> is without a namespace; Synapse's is taken: "
			       "xmlns=\"" SYNAPSE_NS "\"",
			       STR_ARG(root->name));
	return root;
}

const struct front_end synapse_xml = {
	.name = "synapse-xml",
	.claims = claims,
	.read = read,
};
