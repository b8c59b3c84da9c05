#include "deploy/path.h"

#include "base/buf.h"
#include "expr/regex.h"

enum { MOST_PATTERN = 16 * 1024, MOST_GROUPS = 1 + 2 * TEMPLATE_MOST_VALUES };

struct path_pattern {
	struct str literal;        /* without a slash at its end; of all that is fixed */
	const struct regex *regex; /* NULL: literal */
	struct str names[TEMPLATE_MOST_VALUES];
	unsigned count;
};

static struct str without_slash(struct str path)
{
	return str_ends(path, STR("/")) ? str_first(path, path.len - 1) : path;
}

static void add_literal(struct str text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];
		const bool rest = c == '*' && i > 0 && text.at[i - 1] == '/';

		if (c == '/' && i + 1 < text.len && text.at[i + 1] == '*')
			continue;
		if (rest)
			buf_add(to, STR("(?:/.*)?"));
		else
			buf_printf(to, strchr("\\.[]{}()*+-?^$|", c) ? "\\%c" : "%c", c);
	}
}

/* False: *why. */
static bool translate(struct path_pattern *p, struct str text, struct buf *to,
		      struct arena *a, struct fault *why)
{
	struct str rest = without_slash(text);

	while (rest.len) {
		const size_t open = str_find(rest, '{'), close = str_find(rest, '}');

		add_literal(str_first(rest, open), to);
		if (open == rest.len)
			return true;
		if (close < open || close == rest.len) {
			why->text = "a brace is not closed";
			return false;
		}
		if (p->count == TEMPLATE_MOST_VALUES) {
			why->text = "too many values in one path";
			return false;
		}
		p->names[p->count++] = str_of(arena_printf(
			a, "uri.var." STR_FMT,
			STR_ARG(str_first(str_from(rest, open + 1), close - open - 1))));
		buf_add(to, STR("([^/]+)"));
		rest = str_from(rest, close + 1);
	}
	return true;
}

const struct path_pattern *path_compile(struct str text, struct arena *a,
					struct fault *why)
{
	struct path_pattern *p = arena_new(a, struct path_pattern);
	struct buf b;
	bool fine;

	p->literal = without_slash(text);
	if (str_find(text, '{') == text.len && str_find(text, '*') == text.len)
		return p;
	buf_init(&b, MOST_PATTERN);
	fine = translate(p, text, &b, a, why);
	if (fine)
		p->regex = regex_compile(buf_str(&b), a, why);
	buf_release(&b);
	return fine && p->regex ? p : NULL;
}

bool path_matches(const struct path_pattern *p, struct str path,
		  struct template_match *match)
{
	struct str groups[MOST_GROUPS];
	const struct str plain = without_slash(path);

	if (!p->regex)
		return str_eq(p->literal, plain);
	if (!regex_matches(p->regex, plain, 0, NULL))
		return false;
	if (!p->count)
		return true;

	const unsigned count = regex_find_groups(p->regex, plain, 0, groups, MOST_GROUPS);

	for (unsigned i = 0; i < p->count && i + 1 < count; i++)
		match->values[match->count++] = (struct template_value){ p->names[i],
									 groups[i + 1] };
	return true;
}
