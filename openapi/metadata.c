/* Name, version, base path, hosts, and whether tokens are asked for (§3.1). */
#include "openapi/openapi_priv.h"

static struct str first_of(struct str a, struct str b)
{
	return a.len ? a : b;
}

static bool is_base_path(struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		const char c = path.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || (c && strchr("~/_.-", c))))
			return false;
	}
	return str_starts(path, STR("/"));
}

static struct str without_slashes(struct str path)
{
	while (path.len > 1 && str_ends(path, STR("/")))
		path = str_first(path, path.len - 1);
	return path;
}

struct str with_version(struct translation *t, struct str path)
{
	const struct str token = STR("{version}");
	const size_t at = str_find_str(path, token);

	if (at == path.len)
		return path;
	return print_text(t, STR_FMT STR_FMT STR_FMT, STR_ARG(str_first(path, at)),
			  STR_ARG(t->version), STR_ARG(str_from(path, at + token.len)));
}

/* /context/version, and /context alone for the default version. */
static void paths_of_metadata(struct translation *t)
{
	const struct str token = STR("{version}");
	struct str context = without_slashes(text_in(t->meta, "context"));
	const size_t at = str_find_str(context, token);
	const struct str tail = print_text(t, "/" STR_FMT, STR_ARG(t->version));

	if (!context.len)
		return;
	if (at < context.len) {
		t->base_path = with_version(t, context);
		context = without_slashes(str_first(context, at));
	} else if (str_ends(context, tail)) {
		t->base_path = context;
		context = str_first(context, context.len - tail.len);
	} else {
		t->base_path = print_text(
			t, STR_FMT STR_FMT,
			STR_ARG(str_eq(context, STR("/")) ? STR("") : context),
			STR_ARG(tail));
	}
	if (is_true(t->meta, "isDefaultVersion", false) && context.len)
		t->default_path = context;
}

/* What the definition says wins, as in the original. False: complained. */
static bool paths_of_definition(struct translation *t)
{
	const struct json *servers = member(t->document, "servers");
	const struct json *own = member(t->document, "x-wso2-basePath");
	struct str path = text_in(t->document, "basePath");
	const struct json *from = member(t->document, "basePath");

	for (const struct json *s = servers ? servers->first : NULL; s; s = s->next) {
		const struct str url = url_of_server(t, s);

		if (str_find_str(url, STR("://")) == url.len)
			continue;
		if (url_path(url).len)
			path = url_path(url);
		from = s;
	}
	if (own) {
		path = text_in(t->document, "x-wso2-basePath");
		from = own;
	}
	if (path.len) {
		t->base_path = without_slashes(with_version(t, path));
		t->default_path = STR("");
	}
	if (!t->base_path.len)
		return report_error(t->report, where_of(t->file, t->document),
				    "there is no base path; give x-wso2-basePath, or a "
				    "server with a path");
	return is_base_path(t->base_path) ||
	       report_error(t->report, where_of(path.len ? t->file : t->meta_file, from),
			    "base path '" STR_FMT
			    "' may have letters, digits, / ~ _ . and - only, and begins "
			    "with /",
			    STR_ARG(t->base_path));
}

static bool take_names(struct translation *t)
{
	const struct json *info = member(t->document, "info");

	t->name = first_of(text_in(t->meta, "name"), text_in(info, "title"));
	t->version = first_of(text_in(t->meta, "version"), text_in(info, "version"));
	if (!t->name.len || !t->version.len)
		return report_error(t->report, where_of(t->file, info),
				    "an API needs a %s",
				    t->name.len ? "version" : "name (info.title)");
	t->full_name = print_text(t, STR_FMT ":v" STR_FMT, STR_ARG(t->name),
				  STR_ARG(t->version));
	return true;
}

static bool check_type(struct translation *t)
{
	const struct str type = text_in(t->meta, "type");
	const struct str how = text_in(t->meta, "endpointImplementationType");
	const struct json *at = member(t->meta, "type");

	if (type.len && !str_eq_nocase(type, STR("HTTP")) &&
	    !str_eq_nocase(type, STR("APIPRODUCT")))
		return report_error(t->report, where_of(t->meta_file, at),
				    "APIs of type " STR_FMT " are not supported; HTTP is",
				    STR_ARG(type));
	t->mocked = str_eq_nocase(how, STR("MOCKED_OAS"));
	if (how.len && !t->mocked && !str_eq_nocase(how, STR("ENDPOINT")))
		return report_error(
			t->report,
			where_of(t->meta_file,
				 member(t->meta, "endpointImplementationType")),
			"endpointImplementationType " STR_FMT
			" is not supported; ENDPOINT and MOCKED_OAS are",
			STR_ARG(how));
	return true;
}

static bool is_prototype(const struct translation *t)
{
	return str_eq_nocase(text_in(t->meta, "lifeCycleStatus"), STR("PROTOTYPED")) ||
	       str_eq_nocase(text_in(member(t->meta, "endpointConfig"),
				     "implementation_status"),
			     STR("prototyped"));
}

bool translate_metadata(struct translation *t)
{
	if (!take_names(t) || !check_type(t))
		return false;
	paths_of_metadata(t);
	if (t->meta && !text_in(t->meta, "context").len)
		report_error(t->report, where_of(t->meta_file, t->meta),
			     "an API needs a context");
	t->auth_header = first_of(
		text_in(t->document, "x-wso2-auth-header"),
		first_of(text_in(t->meta, "authorizationHeader"), STR("Authorization")));
	t->open = openapi_settings()->open || is_prototype(t);
	take_schemes(t);
	list_operations(t);
	return paths_of_definition(t);
}
