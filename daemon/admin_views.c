#include <sys/utsname.h>
#include <unistd.h>

#include "daemon/admin_priv.h"

static const struct artifact *first_of(const struct server *s)
{
	return s->deployment ? deployment_artifacts(s->deployment) : NULL;
}

/* Fills in what a list, or the page of one, says of an artifact. */
typedef void describe(const struct server *s, const struct artifact *t, struct json *to,
		      struct arena *a);

static struct json *describe_one(const struct server *s, const struct artifact *t,
				 describe *fill, struct arena *a)
{
	struct json *j = json_new(a, JSON_OBJECT);

	member_text(j, a, "name", t->name);
	fill(s, t, j, a);
	return j;
}

static void show_one(struct server *s, struct http_call *c, enum artifact_kind kind,
		     struct str name, describe *fill)
{
	struct arena *a = &c->arena;

	for (const struct artifact *t = first_of(s); t; t = t->next) {
		if (t->kind != kind || !str_eq(t->name, name))
			continue;

		struct json *j = describe_one(s, t, fill, a);

		member_text(j, a, "configuration", admin_source(t, a));
		member_text(
			j, a, "file",
			str_of(arena_printf(a, "%s:%u", t->where.file, t->where.line)));
		reply_json(c, 200, j);
		return;
	}
	admin_error(c, 404, "there is nothing of this name");
}

/* One by name if the parameter is there, else the list. */
static void show(struct server *s, struct http_call *c, enum artifact_kind kind,
		 const char *parameter, describe *fill)
{
	const struct str name = call_parameter(c, str_of(parameter));
	struct json *list;

	if (name.at) {
		show_one(s, c, kind, name, fill);
		return;
	}
	list = json_new(&c->arena, JSON_ARRAY);
	for (const struct artifact *t = first_of(s); t; t = t->next)
		if (t->kind == kind && admin_is_wanted(c, t->name))
			json_append(list, describe_one(s, t, fill, &c->arena));
	admin_list(c, list);
}

static struct str url_of(const struct server *s, const struct artifact *t,
			 struct arena *a)
{
	const struct str context = element_value(t->element, STR("context"));
	const struct str version = element_value(t->element, STR("version"));

	return str_of(arena_printf(a, "http://localhost:%u" STR_FMT "%s" STR_FMT, s->port,
				   STR_ARG(context), version.len ? "/" : "",
				   STR_ARG(version)));
}

static struct json *resource_of(const struct element *e, struct arena *a)
{
	struct json *j = json_new(a, JSON_OBJECT);
	struct json *methods = json_new(a, JSON_ARRAY);
	struct str rest = element_value(e, STR("methods")), method;
	const struct str template = element_value(e, STR("uri-template"));
	const struct str mapping = element_value(e, STR("url-mapping"));

	while (str_cut(&rest, ' ', &method))
		if (method.len)
			json_append(methods, json_string(a, method));
	json_set(j, STR("methods"), methods);
	member_text(j, a, "url",
		    template.len  ? template
		    : mapping.len ? mapping
				  : STR("/"));
	return j;
}

static void describe_api(const struct server *s, const struct artifact *t,
			 struct json *to, struct arena *a)
{
	struct json *resources = json_new(a, JSON_ARRAY), *urls = json_new(a, JSON_ARRAY);
	const struct str url = url_of(s, t, a);

	json_append(urls, json_string(a, url));
	member_text(to, a, "url", url);
	json_set(to, STR("urlList"), urls);
	member_text(to, a, "context", element_value(t->element, STR("context")));
	member_text(to, a, "version", element_value(t->element, STR("version")));
	member_int(to, a, "port", s->port);
	member_text(to, a, "tracing", STR("disabled"));
	element_each(e, t->element)
	{
		if (str_eq(e->name, STR("resource")))
			json_append(resources, resource_of(e, a));
	}
	json_set(to, STR("resources"), resources);
}

static void describe_sequence(const struct server *s, const struct artifact *t,
			      struct json *to, struct arena *a)
{
	struct json *mediators = json_new(a, JSON_ARRAY);

	(void)s;
	member_text(to, a, "container", STR("[ Deployed From Artifact Container ]"));
	member_text(to, a, "stats", STR("disabled"));
	member_text(to, a, "tracing", STR("disabled"));
	element_each(e, t->element) json_append(mediators, json_string(a, e->name));
	json_set(to, STR("mediators"), mediators);
}

static void describe_plainly(const struct server *s, const struct artifact *t,
			     struct json *to, struct arena *a)
{
	(void)s;
	member_text(to, a, "type", t->element->name);
}

void admin_apis(struct server *s, struct http_call *c)
{
	show(s, c, ARTIFACT_API, "apiName", describe_api);
}

void admin_sequences(struct server *s, struct http_call *c)
{
	show(s, c, ARTIFACT_SEQUENCE, "sequenceName", describe_sequence);
}

void admin_local_entries(struct server *s, struct http_call *c)
{
	show(s, c, ARTIFACT_LOCAL_ENTRY, "name", describe_plainly);
}

void admin_templates(struct server *s, struct http_call *c)
{
	show(s, c, ARTIFACT_TEMPLATE, "name", describe_plainly);
}

void admin_proxies(struct server *s, struct http_call *c)
{
	show(s, c, ARTIFACT_PROXY, "proxyServiceName", describe_plainly);
}

/* MI's names; those of a Java machine are empty, as there is none. */
void admin_server(struct server *s, struct http_call *c)
{
	static const char *const java[] = { "javaHome", "javaVersion", "javaVendor" };
	struct arena *a = &c->arena;
	struct json *j = json_new(a, JSON_OBJECT);
	struct utsname system;
	char *directory = arena_alloc(a, 4096);

	member_text(j, a, "productName", STR("Myelin"));
	member_text(j, a, "productVersion", STR("4.4.0"));
	member_text(j, a, "repositoryLocation", str_of(s->paths[0]));
	member_text(j, a, "workDirectory",
		    str_of(getcwd(directory, 4096) ? directory : ""));
	member_text(j, a, "carbonHome", STR(""));
	for (size_t i = 0; i < sizeof(java) / sizeof(java[0]); i++)
		member_text(j, a, java[i], STR(""));
	if (uname(&system) == 0) {
		member_text(j, a, "osName", arena_copy(a, str_of(system.sysname)));
		member_text(j, a, "osVersion", arena_copy(a, str_of(system.release)));
	}
	member_int(j, a, "workers", s->worker_count);
	member_int(j, a, "deployed", s->deployed);
	member_int(j, a, "refused", s->refused);
	reply_json(c, 200, j);
}
