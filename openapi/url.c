/* Addresses of backends as definitions write them. */
#include "openapi/openapi_priv.h"

#include <stdlib.h>

static bool is_host(struct str host)
{
	for (size_t i = 0; i < host.len; i++) {
		const char c = host.at[i];
		const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				   (c >= '0' && c <= '9');
		const bool inner = i > 0 && (i + 1 < host.len || c == '.');

		if (!plain && !(inner && (c == '-' || c == '.' || c == '_')))
			return false;
	}
	return host.len > 0;
}

static bool is_authority(struct str authority)
{
	const size_t colon = str_find(authority, ':');
	uint64_t port = 80;

	if (colon < authority.len && !str_to_uint(str_from(authority, colon + 1), &port))
		return false;
	return port >= 1 && port <= 65535 && is_host(str_first(authority, colon));
}

static size_t path_at(struct str url)
{
	const size_t host = str_find_str(url, STR("://")) + 3;

	return host + str_find(str_from(url, host), '/');
}

struct str url_path(struct str url)
{
	struct str path = str_from(url, path_at(url));

	path = str_first(path, str_find(path, '?'));
	while (str_ends(path, STR("/")))
		path = str_first(path, path.len - 1);
	return path;
}

/* ${NAME} is what the environment has of that name. False: complained. */
static bool fill_in(struct translation *t, struct str *url, struct where where)
{
	const struct str open = STR("${");
	struct str rest = *url, done = STR("");

	for (size_t at; (at = str_find_str(rest, open)) < rest.len;) {
		const struct str after = str_from(rest, at + open.len);
		const struct str name = str_first(after, str_find(after, '}'));
		const char *value = getenv(arena_copy(t->arena, name).at);

		if (name.len == after.len || !value)
			return report_error(t->report, where,
					    "the environment has no '" STR_FMT
					    "', which url '" STR_FMT "' asks for",
					    STR_ARG(name), STR_ARG(*url));
		done = print_text(t, STR_FMT STR_FMT "%s", STR_ARG(done),
				  STR_ARG(str_first(rest, at)), value);
		rest = str_from(after, name.len + 1);
	}
	*url = print_text(t, STR_FMT STR_FMT, STR_ARG(done), STR_ARG(rest));
	return true;
}

bool url_check(struct translation *t, struct str text, struct where where,
	       struct str *url)
{
	struct str u = str_trim(text);
	size_t host, path;

	if (str_find_str(u, STR("${")) < u.len && !fill_in(t, &u, where))
		return false;
	if (str_find_str(u, STR("://")) == u.len)
		u = print_text(t, "http://" STR_FMT, STR_ARG(u));
	host = str_find_str(u, STR("://")) + 3;
	while (u.len > host && str_ends(u, STR("/")))
		u = str_first(u, u.len - 1);
	path = path_at(u);
	*url = u;
	if (!str_starts(u, STR("http://")) && !str_starts(u, STR("https://")))
		return report_error(t->report, where,
				    "url '" STR_FMT
				    "': only http and https can be called",
				    STR_ARG(text));
	if (path > u.len || !is_authority(str_from(str_first(u, path), host)))
		return report_error(t->report, where,
				    "url '" STR_FMT "' has no proper host and port",
				    STR_ARG(text));
	for (size_t i = path; i < u.len; i++)
		if ((unsigned char)u.at[i] <= ' ' || strchr("<>\"{}|\\^`", u.at[i]))
			return report_error(t->report, where,
					    "url '" STR_FMT "' has a character in its "
					    "path that no url may have",
					    STR_ARG(text));
	return true;
}

struct str url_of_server(struct translation *t, const struct json *server)
{
	const struct json *variables = member(server, "variables");
	struct str rest = text_in(server, "url"), done = STR("");

	while (rest.len) {
		const size_t open = str_find(rest, '{'), close = str_find(rest, '}');
		struct str name, value;

		if (open == rest.len || close < open || close == rest.len)
			break;
		name = str_first(str_from(rest, open + 1), close - open - 1);
		value = text_in(member(variables, arena_copy(t->arena, name).at),
				"default");
		done = print_text(t, STR_FMT STR_FMT STR_FMT, STR_ARG(done),
				  STR_ARG(str_first(rest, open)), STR_ARG(value));
		rest = str_from(rest, close + 1);
	}
	return print_text(t, STR_FMT STR_FMT, STR_ARG(done), STR_ARG(rest));
}
