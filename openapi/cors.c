/* Who may ask from pages of other origins: x-wso2-cors, or api.yaml's. */
#include "openapi/openapi_priv.h"

static void set_list(struct translation *t, struct element *e, const char *name,
		     const struct json *list, const char *separator)
{
	struct str all = STR("");

	if (!list || list->kind != JSON_ARRAY)
		return;
	for (const struct json *one = list->first; one; one = one->next)
		if (one->kind == JSON_STRING)
			all = print_text(t, STR_FMT "%s" STR_FMT, STR_ARG(all),
					 all.len ? separator : "", STR_ARG(one->text));
	if (all.len)
		put(t, e, name, all);
}

struct element *translate_cors(struct translation *t, struct where where)
{
	const struct json *own = member(t->document, "x-wso2-cors");
	const struct json *c = own ? own : member(t->meta, "corsConfiguration");
	struct element *e = our_word(t, "cors", where);

	if (!c || c->kind != JSON_OBJECT)
		return e;
	if (!is_true(c, "corsConfigurationEnabled", own != NULL))
		return own ? NULL : e;
	set_list(t, e, "origins", member(c, "accessControlAllowOrigins"), " ");
	set_list(t, e, "methods", member(c, "accessControlAllowMethods"), ", ");
	set_list(t, e, "headers", member(c, "accessControlAllowHeaders"), ", ");
	set_list(t, e, "expose", member(c, "accessControlExposeHeaders"), ", ");
	if (is_true(c, "accessControlAllowCredentials", false))
		put(t, e, "credentials", STR("true"));
	return e;
}
