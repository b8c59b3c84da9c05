/* Projects of apictl: api.yaml, Definitions/, deployment_environments.yaml (§3.1). */
#include "openapi/openapi_priv.h"

static const char *const metadata[] = { "api.yaml", "api.yml", "api.json", NULL };
static const char *const definitions[] = {
	"Definitions/swagger.yaml",      "Definitions/swagger.yml",
	"Definitions/swagger.json",      "Definitions/openapi.yaml",
	"Definitions/openapi.yml",       "Definitions/openapi.json",
	"Meta-information/swagger.yaml", NULL,
};
static const char *const environments[] = { "deployment_environments.yaml",
					    "deployment_environments.yml",
					    "deployment_environments.json", NULL };

const struct zip_file *find_member(const struct zip_file *files, const char *const *names)
{
	for (; *names; names++)
		for (const struct zip_file *f = files; f; f = f->next)
			if (str_eq(f->name, str_of(*names)))
				return f;
	return NULL;
}

bool openapi_claims_project(const struct zip_file *files)
{
	const struct zip_file *api = find_member(files, metadata);
	struct arena a = { 0 };
	struct fault why = { 0 };
	const struct json *j;
	bool ours;

	if (!api)
		return false;
	if (find_member(files, definitions))
		return true;
	j = openapi_tree(api->name, api->text, &a, &why);
	ours = str_eq(text_in(j, "type"), STR("api")) ||
	       member(member(j, "data"), "context");
	arena_release(&a);
	return ours;
}

const struct json *read_member(struct translation *t, const struct zip_file *f,
			       const char *path, const char **file)
{
	struct fault why = { 0 };
	const struct json *j;

	*file = print_text(t, "%s/" STR_FMT, path, STR_ARG(f->name)).at;
	j = openapi_tree(f->name, f->text, t->arena, &why);
	if (!j)
		report_error(t->report, (struct where){ *file, why.where.line }, "%s",
			     why.text);
	return j;
}

static void take_hosts(struct translation *t, const struct zip_file *files,
		       const char *path)
{
	const struct zip_file *f = find_member(files, environments);
	const char *file;
	const struct json *j = f ? read_member(t, f, path, &file) : NULL;
	const struct json *data = member(j, "data");

	t->hosts = STR("localhost");
	for (const struct json *e = data ? data->first : NULL; e; e = e->next) {
		const struct str host = text_in(e, "deploymentVhost");

		if (host.len && !str_eq_nocase(host, STR("localhost")))
			t->hosts = print_text(t, STR_FMT " " STR_FMT, STR_ARG(t->hosts),
					      STR_ARG(host));
	}
}

static void warn_of_clients(struct translation *t, const struct zip_file *files)
{
	for (; files; files = files->next)
		if (str_starts(files->name, STR("Client-certificates/"))) {
			report_warning(t->report, (struct where){ t->meta_file, 1 },
				       "Client-certificates are not looked at: clients "
				       "show tokens; tls.verify_clients asks all of them "
				       "for a certificate");
			return;
		}
}

struct element *openapi_read_project(const struct zip_file *files, const char *path,
				     struct arena *a, struct report *r)
{
	struct translation t = { .arena = a, .report = r };
	const struct zip_file *meta = find_member(files, metadata);
	const struct zip_file *definition = find_member(files, definitions);
	const struct json *whole = read_member(&t, meta, path, &t.meta_file);

	if (!definition) {
		report_error(r, (struct where){ t.meta_file, 1 },
			     "the project has no Definitions/swagger.yaml");
		return NULL;
	}
	t.document = read_member(&t, definition, path, &t.file);
	if (!whole || !t.document)
		return NULL;
	t.meta = member(whole, "data") ? member(whole, "data") : whole;
	take_hosts(&t, files, path);
	take_certificates(&t, files, path);
	warn_of_clients(&t, files);
	return translate_all(&t);
}
