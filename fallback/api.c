#include "fallback/fallback_priv.h"

#define OTHERS "GET PUT PATCH DELETE"

/* The API through which definitions are run; every file brings it, one counts. */
static const struct run_path {
	const char *template, *kind, *methods;
} paths[] = {
	{ "/fallbacks/run", "fallback", "POST" },
	{ "/fallbacks/{tag}/run", "fallback", "POST" },
	{ "/quotas/{tag}/run", "quota", "POST" },
	{ "/features/{tag}/run", "feature", "POST" },
	{ "/fallbacks/run", "wrong-method", OTHERS },
	{ "/fallbacks/{tag}/run", "wrong-method", OTHERS },
	{ "/quotas/{tag}/run", "wrong-method", OTHERS },
	{ "/features/{tag}/run", "wrong-method", OTHERS },
	{ "/*", "nothing", "GET POST PUT PATCH DELETE" },
};

void translate_api(struct translation *t, const struct json *j)
{
	struct element *api = synapse(t, "api", j);

	set_text(t, api, "name", STR("ductape"));
	set_text(t, api, "context", STR("/ductape"));
	element_set_ns(api, t->arena, STR(MYELIN_NS), STR("shared"), STR("true"));
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct element *resource = synapse(t, "resource", j);
		struct element *in = synapse(t, "inSequence", j);
		struct element *run = word(t, "run", j);

		set_text(t, resource, "methods", str_of(paths[i].methods));
		set_text(t, resource, "uri-template", str_of(paths[i].template));
		set_text(t, run, "kind", str_of(paths[i].kind));
		element_add(in, run);
		element_add(resource, in);
		element_add(api, resource);
	}
	add_artifact(t, api);
}
