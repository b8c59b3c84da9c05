#include "daemon/multipart.h"

/* The value behind `name` in a header: quoted or up to the next semicolon. */
static struct str parameter(struct str header, struct str name)
{
	struct str rest = header, part;

	while (rest.len && str_cut(&rest, ';', &part)) {
		struct str value = str_trim(part), key;

		if (!str_cut(&value, '=', &key) || !value.at ||
		    !str_eq_nocase(str_trim(key), name))
			continue;
		value = str_trim(value);
		if (value.len >= 2 && value.at[0] == '"')
			value = str_first(str_from(value, 1), value.len - 2);
		return value;
	}
	return (struct str){ NULL, 0 };
}

static bool is_named(struct str head, struct str name)
{
	const struct str disposition = STR("Content-Disposition:");
	struct str line;

	while (head.len && str_cut(&head, '\n', &line)) {
		const struct str field = str_first(line, disposition.len);

		if (str_eq_nocase(field, disposition) &&
		    str_eq(parameter(str_trim(str_from(line, disposition.len)),
				     STR("name")),
			   name))
			return true;
	}
	return false;
}

/* Where the next delimiter begins; text.len: nowhere. */
static size_t find_delimiter(struct str text, struct str boundary)
{
	const struct str dashes = STR("--");
	size_t from = 0;

	while (from < text.len) {
		const size_t at = from + str_find_str(str_from(text, from), boundary);

		if (at >= text.len)
			break;
		if (at >= 2 && str_eq(str_first(str_from(text, at - 2), 2), dashes))
			return at - 2;
		from = at + 1;
	}
	return text.len;
}

static struct str without_line_end(struct str s)
{
	if (str_ends(s, STR("\n")))
		s = str_first(s, s.len - 1);
	return str_ends(s, STR("\r")) ? str_first(s, s.len - 1) : s;
}

bool multipart_find(struct str content_type, struct str body, struct str name,
		    struct str *bytes)
{
	const struct str boundary = parameter(content_type, STR("boundary"));
	const struct str blank = STR("\r\n\r\n");
	struct str rest = body;

	if (!boundary.len ||
	    !str_eq_nocase(str_first(content_type, 20), STR("multipart/form-data;")))
		return false;
	rest = str_from(rest, find_delimiter(rest, boundary) + 2 + boundary.len);
	while (rest.len && !str_starts(rest, STR("--"))) {
		const size_t end = find_delimiter(rest, boundary);
		const struct str part = str_first(rest, end);
		const size_t head = str_find_str(part, blank);

		if (end == rest.len)
			return false;
		if (head < part.len && is_named(str_first(part, head), name)) {
			*bytes = without_line_end(str_from(part, head + blank.len));
			return true;
		}
		rest = str_from(rest, end + 2 + boundary.len);
	}
	return false;
}
