#include "deploy/specific.h"

/* The next segment, and what is behind it. False: no more. */
static bool cut_segment(struct str *path, struct str *segment)
{
	if (!str_starts(*path, STR("/")))
		return false;
	*path = str_from(*path, 1);
	*segment = str_first(*path, str_find(*path, '/'));
	*path = str_from(*path, segment->len);
	return true;
}

static bool is_variable(struct str segment)
{
	return segment.len > 2 && segment.at[0] == '{' && str_ends(segment, STR("}"));
}

static void take_value(struct str segment, struct str raw, struct template_match *m)
{
	if (m->count == TEMPLATE_MOST_VALUES)
		return;
	m->values[m->count].name = str_first(str_from(segment, 1), segment.len - 2);
	m->values[m->count++].raw = raw;
}

bool specific_matches(struct str pattern, struct str path, struct template_match *match)
{
	struct str want, have;

	match->count = 0;
	path = str_first(path, str_find(path, '?'));
	while (path.len > 1 && str_ends(path, STR("/")))
		path.len--;
	while (pattern.len > 1 && str_ends(pattern, STR("/")))
		pattern.len--;
	while (cut_segment(&pattern, &want)) {
		if (str_eq(want, STR("*")) && !pattern.len)
			return true;
		if (!cut_segment(&path, &have))
			return false;
		if (is_variable(want) && have.len)
			take_value(want, have, match);
		else if (!str_eq(want, STR("*")) && !str_eq(want, have))
			return false;
	}
	return !path.len;
}

static int rank(struct str segment)
{
	if (str_eq(segment, STR("*")))
		return 0;
	return is_variable(segment) ? 1 : 2;
}

int specific_order(struct str a, struct str b)
{
	struct str x, y;

	for (;;) {
		const bool more_a = cut_segment(&a, &x), more_b = cut_segment(&b, &y);

		if (!more_a || !more_b)
			return more_b - more_a;
		if (rank(x) != rank(y))
			return rank(y) - rank(x);
		if (rank(x) == 2 && !str_eq(x, y))
			return 1; /* no path fits both */
	}
}
