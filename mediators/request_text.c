#include "request_text.h"

static const char hex[] = "0123456789ABCDEF";

static void add_coded(struct buf *to, char c)
{
	buf_add_char(to, '%');
	buf_add_char(to, hex[(unsigned char)c >> 4]);
	buf_add_char(to, hex[(unsigned char)c & 15]);
}

void request_join(struct str base, struct str path, struct buf *to)
{
	while (str_ends(base, STR("/")) && path.len)
		base = str_first(base, base.len - 1);
	if (base.len && !str_starts(base, STR("/")))
		buf_add_char(to, '/');
	buf_add(to, base);
	if (!path.len)
		return;
	while (str_starts(path, STR("/")))
		path = str_from(path, 1);
	buf_add_char(to, '/');
	buf_add(to, path);
}

void request_clean(struct str path, struct buf *to)
{
	bool query = false;

	for (size_t i = 0; i < path.len; i++) {
		const unsigned char c = (unsigned char)path.at[i];

		if (c <= ' ' || c >= 0x7f || c == '#' || c == '"' || c == '<' ||
		    c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' ||
		    c == '|' || c == '}' || (c == '?' && query))
			add_coded(to, path.at[i]);
		else
			buf_add_char(to, path.at[i]);
		query = query || c == '?';
	}
}

void request_in_path(struct str value, struct buf *to)
{
	for (size_t i = 0; i < value.len; i++) {
		const unsigned char c = (unsigned char)value.at[i];

		if (c <= ' ' || c == '?' || c == '#')
			add_coded(to, value.at[i]);
		else
			buf_add_char(to, value.at[i]);
	}
}

void request_encode(struct str text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-._~", c))
			buf_add_char(to, c);
		else
			add_coded(to, c);
	}
}

static size_t authority_end(struct str url)
{
	const size_t scheme = str_find_str(url, STR("://"));
	const struct str rest = str_from(url, scheme + 3);
	size_t end = 0;

	if (scheme == url.len)
		return 0;
	while (end < rest.len && !strchr("/?#", rest.at[end]))
		end++;
	return scheme + 3 + end;
}

void request_resource(struct str address, struct str path, struct buf *to)
{
	const size_t end = authority_end(address);
	const struct str origin = str_first(address, end);
	const struct str host = str_from(origin, str_find_str(origin, STR("://")) + 3);
	const size_t bracket = str_find(host, ']');
	const bool has_port = str_find(bracket < host.len ? str_from(host, bracket)
							  : host,
				       ':') <
			      (bracket < host.len ? host.len - bracket : host.len);
	const struct str rest = str_from(address, end);

	buf_add(to, origin);
	if (!has_port && origin.len)
		buf_add(to, str_starts(origin, STR("https")) ? STR(":443") : STR(":80"));
	path = str_first(path, str_find(path, '?'));
	if (path.len)
		request_join(str_first(rest, str_find(rest, '?')), path, to);
	else
		buf_add(to, str_first(rest, str_find(rest, '?')));
}

void request_redirect(struct str from, struct str location, struct buf *to)
{
	const size_t end = authority_end(from);
	struct str folder = from;

	if (authority_end(location)) {
		buf_add(to, location);
		return;
	}
	if (str_starts(location, STR("/"))) {
		buf_add(to, str_first(from, end));
		buf_add(to, location);
		return;
	}
	while (folder.len > end && folder.at[folder.len - 1] != '/')
		folder.len--;
	buf_add(to, folder);
	if (folder.len == end)
		buf_add_char(to, '/');
	buf_add(to, location);
}

const struct request_failure *request_failure_of(const char *kind)
{
	static const struct request_failure all[] = {
		{ "connect_refused", "HTTP:CONNECTIVITY", "Connection refused." },
		{ "connect_timeout", "HTTP:CONNECTIVITY", "Connection timed out." },
		{ "connect_cancelled", "HTTP:CONNECTIVITY", "Connection cancelled." },
		{ "dns", "HTTP:CONNECTIVITY", "Host name not resolved." },
		{ "tls", "HTTP:CONNECTIVITY", "TLS handshake failed." },
		{ "pool_full", "HTTP:CONNECTIVITY", "Connection limit exceeded." },
		{ "reset", "HTTP:CONNECTIVITY", "Remotely closed." },
		{ "closed_early", "HTTP:CONNECTIVITY", "Remotely closed." },
		{ "protocol", "HTTP:CONNECTIVITY", "The response is not HTTP." },
		{ "write", "HTTP:CONNECTIVITY", "Remotely closed." },
		{ "none_ready", "HTTP:CONNECTIVITY", "No endpoint is ready." },
		{ "suspended", "HTTP:CONNECTIVITY", "The endpoint is suspended." },
		{ "off", "HTTP:CONNECTIVITY", "The endpoint is switched off." },
		{ "bad_url", "HTTP:CONNECTIVITY", "The address is no URL." },
		{ "deadline", "HTTP:TIMEOUT", "Timeout exceeded." },
		{ "idle_timeout", "HTTP:TIMEOUT", "Timeout exceeded." },
	};

	for (size_t i = 0; kind && i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(kind, all[i].kind) == 0)
			return &all[i];
	return NULL;
}

bool request_is_among(struct str statuses, unsigned status)
{
	struct str part;

	while (str_cut(&statuses, ',', &part)) {
		const size_t dots = str_find_str(part, STR(".."));
		uint64_t least, most;

		if (!str_to_uint(str_trim(str_first(part, dots)), &least))
			continue;
		most = least;
		if (dots < part.len &&
		    !str_to_uint(str_trim(str_from(part, dots + 2)), &most))
			continue;
		if (status >= least && status <= most)
			return true;
	}
	return false;
}

static const struct {
	unsigned status;
	const char *type;
} types[] = {
	{ 300, "HTTP:MULTIPLE_CHOICES" },  { 301, "HTTP:MOVED_PERMANENTLY" },
	{ 302, "HTTP:MOVED_TEMPORARILY" }, { 303, "HTTP:SEE_OTHER" },
	{ 304, "HTTP:NOT_MODIFIED" },      { 400, "HTTP:BAD_REQUEST" },
	{ 401, "HTTP:UNAUTHORIZED" },      { 403, "HTTP:FORBIDDEN" },
	{ 404, "HTTP:NOT_FOUND" },         { 405, "HTTP:METHOD_NOT_ALLOWED" },
	{ 406, "HTTP:NOT_ACCEPTABLE" },    { 415, "HTTP:UNSUPPORTED_MEDIA_TYPE" },
	{ 429, "HTTP:TOO_MANY_REQUESTS" }, { 500, "HTTP:INTERNAL_SERVER_ERROR" },
	{ 502, "HTTP:BAD_GATEWAY" },       { 503, "HTTP:SERVICE_UNAVAILABLE" },
	{ 504, "HTTP:GATEWAY_TIMEOUT" },
};

const char *request_type_of(unsigned status, bool by_expression)
{
	if (by_expression)
		return "HTTP:BAD_REQUEST";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].status == status)
			return types[i].type;
	return "MULE:UNKNOWN";
}

const char *request_said(unsigned status, const char *type, struct str sent_type,
			 struct arena *a)
{
	char *words;

	if (strcmp(type, "MULE:UNKNOWN") == 0)
		return arena_printf(a, " with status code %u.", status);
	if (status == 415)
		return arena_printf(a, ": media type " STR_FMT " not supported (415).",
				    STR_ARG(sent_type));
	words = arena_printf(a, ": %s (%u).", strchr(type, ':') + 1, status);
	for (char *c = words; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '_')
			*c = ' ';
	}
	return words;
}
