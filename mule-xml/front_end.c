/* The door: which files are Mule's, and how one is read whole. */
#include "front_end.h"

#include "synapse-xml/reader.h"
#include "translate.h"

static struct str (*find_setting)(const void *ctx, const char *key);
static const void *settings_ctx;

void mule_xml_settings(struct str (*find)(const void *ctx, const char *key),
		       const void *ctx)
{
	find_setting = find;
	settings_ctx = ctx;
}

struct str mule_setting(const char *key)
{
	return find_setting ? find_setting(settings_ctx, key) : (struct str){ NULL, 0 };
}

/* Elements a bare snippet may begin with. */
static const char *const bare[] = { "flow",
				    "sub-flow",
				    "http:listener-config",
				    "http:request-config",
				    "os:object-store",
				    "ee:object-store-caching-strategy",
				    "error-handler",
				    "tls:context",
				    "configuration",
				    "global-property",
				    "configuration-properties",
				    NULL };

/* What stands before the first element: a byte order mark, blanks, <?…?>, comments. */
static struct str skip_prolog(struct str text)
{
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_from(text, 3);
	for (;;) {
		struct str end = STR("?>");

		while (text.len && strchr(" \t\r\n", text.at[0]))
			text = str_from(text, 1);
		if (str_starts(text, STR("<!--")))
			end = STR("-->");
		else if (!str_starts(text, STR("<?")))
			return text;
		text = str_from(text, str_find_str(text, end) + end.len);
	}
}

static struct str root_name(struct str text)
{
	struct str start = skip_prolog(text);
	size_t len = 1;

	if (!str_starts(start, STR("<")))
		return STR("");
	while (len < start.len && !strchr(" \t\r\n/>", start.at[len]))
		len++;
	return str_from(str_first(start, len), 1);
}

static bool is_bare(struct str text)
{
	const struct str name = root_name(text);
	const struct str start = skip_prolog(text);

	for (unsigned i = 0; bare[i]; i++)
		if (str_eq(name, str_of(bare[i])))
			return str_find_str(str_first(start, str_find(start, '>')),
					    STR("ws.apache.org")) >= str_find(start, '>');
	return false;
}

bool mule_claims(struct str path, struct str text)
{
	const struct str start = skip_prolog(text);
	const struct str tag = str_first(start, str_find(start, '>'));

	(void)path;
	if (str_eq(root_name(text), STR("mule")))
		return true;
	return is_bare(text) ||
	       (str_find_str(tag, STR(MULE_NS)) < tag.len && str_starts(start, STR("<")));
}

/* A bare snippet gets a root that declares what it uses; lines stay what they are. */
static struct str wrapped(struct str text, struct arena *a)
{
	static const char root[] = "<mule xmlns=\"" MULE_NS "core\" xmlns:http=\"" MULE_NS
				   "http\" "
				   "xmlns:os=\"" MULE_NS "os\" xmlns:ee=\"" MULE_NS
				   "ee/core\" "
				   "xmlns:tls=\"" MULE_NS "tls\" xmlns:doc=\"" MULE_NS
				   "documentation\">";
	const struct str start = skip_prolog(text);
	const size_t before = (size_t)(start.at - text.at);
	struct buf b;
	struct str made;

	buf_init(&b, text.len + sizeof(root) + 16);
	for (size_t i = 0; i < before; i++)
		if (text.at[i] == '\n')
			buf_add_char(&b, '\n');
	buf_add(&b, str_of(root));
	buf_add(&b, start);
	buf_add(&b, STR("</mule>"));
	made = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return made;
}

struct element *mule_read_text(struct str text, const char *file, struct arena *a,
			       struct report *r)
{
	if (!str_eq(root_name(text), STR("mule")) && is_bare(text))
		text = wrapped(text, a);
	return reader_read(text, file, a, r);
}
