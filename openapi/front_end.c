#include "message/yaml.h"
#include "openapi/openapi_priv.h"

enum { MOST_FILE = 32 * 1024 * 1024, HEAD = 4096 };

struct json *openapi_tree(struct str path, struct str text, struct arena *a,
			  struct fault *why)
{
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	return str_ends(path, STR(".json")) ? json_parse(text, a, why)
					    : yaml_parse(text, a, why);
}

static bool has_our_ending(struct str path)
{
	return str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml")) ||
	       str_ends(path, STR(".json"));
}

/* A line that begins with a member of ours: no need to read the rest of it, twice. */
static bool has_our_line(struct str head)
{
	return str_starts(head, STR("openapi:")) || str_starts(head, STR("swagger:")) ||
	       str_find_str(head, STR("\nopenapi:")) < head.len ||
	       str_find_str(head, STR("\nswagger:")) < head.len;
}

/* Of what is broken, and cannot be told by its members. */
static bool has_our_word(struct str head)
{
	return str_find_str(head, STR("\"openapi\"")) < head.len ||
	       str_find_str(head, STR("\"swagger\"")) < head.len;
}

static bool claims(struct str path, struct str text)
{
	const struct str head = str_first(text, HEAD);
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *document;
	bool ours;

	if (!has_our_ending(path) || text.len > MOST_FILE)
		return false;
	if (!str_ends(path, STR(".json")) && has_our_line(head))
		return true;
	if (str_find_str(text, STR("openapi")) == text.len &&
	    str_find_str(text, STR("swagger")) == text.len)
		return false;
	document = openapi_tree(path, text, &a, &why);
	ours = document ? member(document, "openapi") || member(document, "swagger")
			: has_our_word(head);
	arena_release(&a);
	return ours;
}

static struct element *read(const struct front_end *f, struct str text, const char *file,
			    struct arena *a, struct report *r)
{
	struct translation t = {
		.arena = a, .report = r, .file = file, .meta_file = file
	};
	struct fault why = { 0 };

	(void)f;
	t.document = openapi_tree(str_of(file), text, a, &why);
	if (!t.document) {
		report_error(r, (struct where){ file, why.where.line }, "%s", why.text);
		return NULL;
	}
	return translate_all(&t);
}

static const char *const marks[] = { "api.yaml", "api.yml", "api.json", NULL };

const struct front_end openapi_files = {
	.name = "openapi",
	.claims = claims,
	.read = read,
	.project_marks = marks,
	.claims_project = openapi_claims_project,
	.read_project = openapi_read_project,
};
