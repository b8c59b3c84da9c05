#include "base/crypto.h"
#include "fallback/fallback_priv.h"

enum { MOST_FILE = 16 * 1024 * 1024 };

static bool has_our_ending(struct str path)
{
	static const char *const endings[] = { ".yaml",  ".yml",   ".json",
					       ".json5", ".jsonc", ".duct" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(path, str_of(endings[i])))
			return true;
	return false;
}

/* What is broken has no keys to be told by; a word of ours, ending or folder does. */
static bool looks_like_ours(struct str path, struct str text)
{
	static const char *const words[] = { "fallbacks", "healthchecks", "apps",
					     "\"fallback\"", "kind: fallback" };
	size_t found = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		found += str_find_str(text, str_of(words[i])) < text.len;
	return found || str_ends(path, STR(".duct")) ||
	       str_find_str(path, STR("ductape/")) < path.len;
}

static bool claims(struct str path, struct str text)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	struct json *document;
	bool ours;

	if (!has_our_ending(path) || text.len > MOST_FILE)
		return false;
	document = fallback_read(path, text, &a, &why);
	ours = document ? fallback_is_definition(document) : looks_like_ours(path, text);
	arena_release(&a);
	return ours;
}

/* A URL, or the document itself. */
static void set_jwks(struct translation *t, struct element *e, const struct json *jwks)
{
	if (!jwks || jwks->kind == JSON_NULL)
		return;
	set_text(t, e, "jwks",
		 jwks->kind == JSON_STRING ? jwks->text : json_text(jwks, t->arena));
	if (!element_value(e, STR("alg")).len)
		set_text(t, e, "alg", STR("RS256"));
}

static void translate_simple(struct translation *t, const struct json *d,
			     const char *kind, const char *const *members)
{
	struct element *e = word(t, kind, d);
	const struct str tag = tag_of(t, d, "tag", arena_printf(t->arena, "a %s", kind));

	check_members(t, d, members, kind);
	set_text(t, e, "name", name_of(t, kind, tag));
	set_text(t, e, "product", t->product);
	set_text(t, e, "tag", tag);
	set_number(t, e, "expiry", d, "expiry");
	set_member(t, e, "alg", d, "alg");
	set_member(t, e, "key", d, "key");
	set_member(t, e, "header", d, "header");
	set_jwks(t, e, json_get(d, STR("jwks")));
	add_artifact(t, e);
}

/* A list of names, as texts or as maps with a slug. */
static void translate_product(struct translation *t, const struct json *d)
{
	static const char *const members[] = { "kind", "product",     "tag", "name",
					       "envs", "description", NULL };
	const struct json *envs = json_get(d, STR("envs"));
	const struct str tag = tag_of(t, d, "tag", "a product");
	struct element *e = word(t, "product", d);
	const struct str outer = t->product;
	const char *all = "";

	check_members(t, d, members, "a product");
	need_members(t, d, "envs", "product");
	for (const struct json *i = envs && envs->kind == JSON_ARRAY ? envs->first : NULL;
	     i; i = i->next) {
		const struct json *slug = i->kind == JSON_OBJECT
						  ? json_get(i, STR("slug"))
						  : i;

		if (!slug || slug->kind != JSON_STRING || !fallback_is_tag(slug->text))
			report_error(t->report, at(t, i),
				     "envs: each must be a name of letters, digits, _ "
				     "and -");
		else
			all = arena_printf(t->arena, "%s%s" STR_FMT, all, *all ? " " : "",
					   STR_ARG(slug->text));
	}
	t->product = tag;
	set_text(t, e, "name", name_of(t, "product", tag));
	set_text(t, e, "product", tag);
	set_text(t, e, "tag", tag);
	set_text(t, e, "envs", str_of(all));
	t->product = outer;
	add_artifact(t, e);
}

static bool is_remembered(const struct fallback_kind *kind)
{
	return strcmp(kind->one, "app") != 0 && strcmp(kind->one, "session") != 0 &&
	       strcmp(kind->one, "product") != 0;
}

/* What the server can tell and change later, it remembers as it was given. */
static void remember_source(struct translation *t, const struct json *d)
{
	if (!t->state || !t->last)
		return;
	set_text(t, t->last, "revision",
		 str_of(arena_printf(
			 t->arena, "%llu",
			 (unsigned long long)(t->revision ? t->revision : 1))));
	add_json(t, t->last, "definition", "", d);
}

/* Was it changed at run time? Then what was made of it lies elsewhere. */
static bool is_covered(struct translation *t, const struct json *d,
		       const struct fallback_kind *kind)
{
	const struct json *tag = json_get(d, STR("tag"));
	struct str hash;

	if (!t->state || t->revision || !tag || tag->kind != JSON_STRING)
		return false;
	hash = digest_of(DIGEST_SHA256, json_text(d, t->arena), t->arena);
	return fallback_state_covers(t->state, name_of(t, kind->one, tag->text),
				     hex_of(hash, t->arena));
}

static void translate_one(struct translation *t, const struct json *d,
			  const struct fallback_kind *kind)
{
	if (d->kind == JSON_OBJECT && is_covered(t, d, kind))
		return;
	static const char *const cache[] = { "kind",        "product", "tag", "name",
					     "description", "expiry",  NULL };
	static const char *const session[] = { "kind", "product", "tag",  "name", "alg",
					       "key",  "header",  "jwks", NULL };

	if (d->kind != JSON_OBJECT)
		report_error(t->report, at(t, d), "%s: each must be a map", kind->many);
	else if (strcmp(kind->one, "app") == 0)
		translate_app(t, d);
	else if (strcmp(kind->one, "product") == 0)
		translate_product(t, d);
	else if (strcmp(kind->one, "feature") == 0)
		translate_feature(t, d);
	else if (strcmp(kind->one, "healthcheck") == 0)
		translate_healthcheck(t, d);
	else if (strcmp(kind->one, "cache") == 0)
		translate_simple(t, d, "cache", cache);
	else if (strcmp(kind->one, "session") == 0)
		translate_simple(t, d, "session", session);
	else
		translate_fallback(t, d, kind->one);
	if (is_remembered(kind))
		remember_source(t, d);
}

static void translate_bundle(struct translation *t)
{
	static const char *const members[] = {
		"product",  "kind",         "apps",   "fallbacks", "quotas",
		"features", "healthchecks", "caches", "sessions",  "products",
		"name",     "description",  NULL
	};

	check_members(t, t->document, members, "a bundle");
	for (size_t i = 0; i < FALLBACK_KINDS; i++) {
		const struct fallback_kind *kind = &fallback_kinds[i];
		const struct json *d = list_of(t, t->document, kind->many);

		for (; d; d = d->next)
			translate_one(t, d, kind);
	}
}

/* It may have another name than its members say; that is a mistake. */
static void check_kind(struct translation *t, const struct json *kind)
{
	for (size_t i = 0; kind && kind->kind == JSON_STRING && i < FALLBACK_KINDS; i++)
		if (str_eq_nocase(kind->text, str_of(fallback_kinds[i].one)))
			return;
	if (kind)
		report_error(t->report, at(t, kind),
			     "kind must be one of app, fallback, quota, feature, "
			     "healthcheck, cache, session, product");
}

static struct element *read(const struct front_end *f, struct str text, const char *file,
			    struct arena *a, struct report *r)
{
	struct translation t = { .arena = a, .report = r, .file = file };
	struct fault why = { 0 };
	const unsigned before = r->errors;
	const struct fallback_kind *kind;

	t.state = f->ctx;
	if (t.state && !fallback_state_owns(t.state, file, &t.revision))
		t.revision = 0;
	t.document = fallback_read(str_of(file), arena_copy(a, text), a, &why);
	if (!t.document) {
		report_error(r, (struct where){ file, why.where.line }, "%s", why.text);
		return NULL;
	}
	t.product = text_of(&t, t.document, "product");
	if (!t.product.len)
		t.product = STR("default");
	if (!fallback_is_tag(t.product))
		report_error(r, at(&t, json_get(t.document, STR("product"))),
			     "product '" STR_FMT
			     "' may have letters, digits, _ and - only",
			     STR_ARG(t.product));
	kind = fallback_kind_of(t.document);
	if (kind)
		check_kind(&t, json_get(t.document, STR("kind")));
	if (kind)
		translate_one(&t, t.document, kind);
	else
		translate_bundle(&t);
	translate_api(&t, t.document);
	if (t.state && r->errors != before)
		fallback_state_spare(t.state);
	return r->errors == before ? t.first : NULL;
}

const struct front_end fallback_files = {
	.name = "fallback",
	.claims = claims,
	.read = read,
};
