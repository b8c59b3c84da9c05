#include "tests/scenario.h"

/* The pattern's next run of plain text; cuts it and the mark behind it off. */
static struct str plain_run(struct str *pattern)
{
	const size_t one = str_find_str(*pattern, STR("…"));
	const size_t other = str_find_str(*pattern, STR("..."));
	const size_t end = one < other ? one : other;
	struct str run = str_first(*pattern, end);

	*pattern = str_from(*pattern, end + 3);
	return str_trim(run);
}

bool scenario_matches(struct str pattern, struct str text)
{
	while (pattern.len) {
		const struct str run = plain_run(&pattern);
		const size_t at = str_find_str(text, run);

		if (at == text.len && run.len)
			return false;
		text = str_from(text, at + run.len);
	}
	return true;
}

static bool same_host(struct str a, struct str b)
{
	const struct str local = STR("localhost"), literal = STR("127.0.0.1");

	return str_eq_nocase(a, b) || (str_eq(a, local) && str_eq(b, literal)) ||
	       (str_eq(a, literal) && str_eq(b, local));
}

const struct peer *scenario_peer(const struct scenario *s, struct str host, unsigned port,
				 struct str path)
{
	const struct peer *best = NULL;

	for (const struct peer *b = s->peers; b; b = b->next)
		if (b->port == port && same_host(b->host, host) &&
		    str_starts(path, b->path) && (!best || b->path.len > best->path.len))
			best = b;
	return best;
}

struct str scenario_media_type(struct str body)
{
	body = str_trim(body);
	if (str_starts(body, STR("{")) || str_starts(body, STR("[")))
		return STR("application/json");
	if (str_starts(body, STR("<")))
		return STR("application/xml");
	return STR("text/plain");
}
