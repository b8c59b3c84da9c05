#include "deploy/specific.h"

#include "deploy/path.h"

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
	while (path_cut(&pattern, &want)) {
		if (str_eq(want, STR("*")) && !pattern.len)
			return true;
		if (!path_cut(&path, &have))
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
		const bool more_a = path_cut(&a, &x), more_b = path_cut(&b, &y);

		if (!more_a || !more_b)
			return more_b - more_a;
		if (rank(x) != rank(y))
			return rank(y) - rank(x);
		if (rank(x) == 2 && !str_eq(x, y))
			return 1; /* no path fits both */
	}
}
