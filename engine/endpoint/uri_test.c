#include "endpoint/uri.h"

#include <criterion/criterion.h>

/* "name=value;name=value" */
static bool find(const void *ctx, struct str name, struct str *value)
{
	struct str rest = str_of(ctx), pair;

	while (str_cut(&rest, ';', &pair)) {
		struct str is = pair, key;

		str_cut(&is, '=', &key);
		if (!str_eq(key, name))
			continue;
		*value = is;
		return true;
	}
	return false;
}

/* clang-format off */
/* The tables of endpoints.md §10.2 and §10.3, with u. for uri.var. and q. for query.param. */
static const struct {
	const char *template, *variables, *url;
	bool legacy;
} expansions[] = {
	{ "http://h/{u.x}", "u.x=a b/c?d:1&e:@", "http://h/a%20b%2Fc%3Fd%3A1%26e%3A%40", false },
	{ "http://h/{+u.x}", "u.x=a b/c?d:1&e:@%20%zz", "http://h/a%20b/c?d:1&e:@%20%25zz", false },
	{ "http://h/{+u.x}", "u.x=[::1]|{}<>\"^`\\", "http://h/%5B::1%5D%7C%7B%7D%3C%3E%22%5E%60%5C", false },
	{ "http://h/{+u.x}", "u.x=a#b", "http://h/a#b", false },
	{ "{u.base}/p/{u.x}", "u.base=http://h:8080;u.x=\xc3\xa9~-_.!*'()$",
	  "http://h:8080/p/%C3%A9~-_.%21%2A%27%28%29%24", false },
	{ "http://h/p{?q.a,q.b}", "q.a=1;q.b=x y", "http://h/p?q.a=1&q.b=x%20y", false },
	{ "http://h/p{?q.a,q.b}", "q.b=z", "http://h/p?q.b=z", false },
	{ "http://h/{u.x}", "u.x=100%25", "http://h/100%2525", false },
	{ "http://h/{u.x}", "u.y=1", "http://h/", false },
	{ "http://h:{u.p}/x", "u.p=80 80", "http://h:80%2080/x", false },
	{ "{u.base}{+u.path}{+u.query}", "u.base=http://h:90;u.path=/a/b c;u.query=?x:1&y:\xc3\xa9",
	  "http://h:90/a/b%20c?x:1&y:%C3%A9", false },
	{ "http://h/{+u.x}", "u.x=a$1b$", "http://h/a$1b$", false },
	{ "http://h/a b/{u.x}", "u.x=1", "http://h/a b/{u.x}", false },
	{ "http://h/{u.x:3}", "u.x=abcdef", "http://h/abc", false },
	{ "http://h/{u.x:1}", "u.x=\xc3\xa9t", "http://h/%C3%A9", false },
	{ "http://h{/u.x,u.y}", "u.x=a;u.y=b/c", "http://h/a/b%2Fc", false },
	{ "http://h/p?f:1{&u.x}", "u.x=", "http://h/p?f:1&u.x=", false },
	{ "http://h/p{;u.x,u.y}", "u.x=1;u.y=", "http://h/p;u.x=1;u.y", false },
	{ "http://h/p{.u.x}", "u.x=json", "http://h/p.json", false },
	{ "http://h/p{#u.x}", "u.x=a/b", "http://h/p#a/b", false },
	{ "http://h/{u.x*}", "u.x=1", "http://h/1", false },
	{ "http://h/{u.x", "u.x=1", "http://h/{u.x", false },
	{ "http://h/{u.x}", "u.x=a%20b%23c", "http://h/a%20b#c", true },
	{ "http://h/{u.x}", "u.x=a b+c", "http://h/a%20b%20c", true },
	{ "http://h/{u.x}", "u.x=50%", "http://h/50%25", true },
	{ "http://h/{u.x}", "u.y=1", "http://h/", true },
	{ "{u.x}", "u.x=nowhere", "{u.x}", true },
	{ "http://h/a?b:{u.x}", "u.x=1 2", "http://h/a?b:1%202", true },
};

static const struct {
	const char *address, *rest, *url;
	bool collapse;
} joins[] = {
	{ "http://h/api", "/x?y=1", "http://h/api/x?y=1", true },
	{ "http://h/api/", "/x", "http://h/api/x", true },
	{ "http://h/api/", "?y=1", "http://h/api?y=1", true },
	{ "http://h/api", "x", "http://h/api/x", true },
	{ "http://h/api", "?y=1", "http://h/api?y=1", true },
	{ "http://h/api/", "x", "http://h/api/x", true },
	{ "http://h/api", "", "http://h/api", true },
	{ "http://h/api/", "/x", "http://h/api//x", false },
	{ "jms:/queue", "/x", "jms:/queue", true },
};

static const struct {
	const char *address, *variables, *url;
} fills[] = {
	{ "http://h/a", "", "http://h/a" },
	{ "http://${host}/a", "host=x y", "http://x y/a" },
	{ "http://${host}/a", "", "http://${host}/a" },
	{ "http://${host}/${path}", "path=p", "http://${host}/p" },
	{ "http://h/${open", "open=1", "http://h/${open" },
};

static const struct {
	const char *url, *wire; /* NULL: refused */
} wires[] = {
	{ "http://h/a", "http://h/a" },
	{ "https://h:1?x", "https://h:1?x" },
	{ "http://h/a b", "http://h/a%20b" },
	{ "http://h/\xc3\xa9", "http://h/%C3%A9" },
	{ "http://h/a#b", "http://h/a" },
	{ "http://h/a\r\nX: y", NULL },
	{ "http:///a", NULL },
	{ "localhost:8183/x", NULL },
	{ "htp://h/", NULL },
	{ "", NULL },
};
/* clang-format on */

#define EACH(i, table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

Test(uri, expands_templates)
{
	struct arena a = { 0 };

	EACH(i, expansions)
	{
		const struct uri_variables v = { find, expansions[i].variables };
		const struct str template = str_of(expansions[i].template);
		const struct str url = expansions[i].legacy
					       ? uri_expand_legacy(template, &v, &a)
					       : uri_expand(template, &v, &a);

		cr_expect(str_eq(url, str_of(expansions[i].url)), "%s with %s: " STR_FMT,
			  expansions[i].template, expansions[i].variables, STR_ARG(url));
	}
	arena_release(&a);
}

Test(uri, joins_the_rest_of_a_path)
{
	struct arena a = { 0 };

	EACH(i, joins)
	{
		const struct str url = uri_join(str_of(joins[i].address),
						str_of(joins[i].rest), joins[i].collapse,
						&a);

		cr_expect(str_eq(url, str_of(joins[i].url)), "%s + %s: " STR_FMT,
			  joins[i].address, joins[i].rest, STR_ARG(url));
	}
	arena_release(&a);
}

Test(uri, fills_in_properties)
{
	struct arena a = { 0 };

	EACH(i, fills)
	{
		const struct uri_variables v = { find, fills[i].variables };
		const struct str url = uri_fill(str_of(fills[i].address), &v, &a);

		cr_expect(str_eq(url, str_of(fills[i].url)), "%s: " STR_FMT,
			  fills[i].address, STR_ARG(url));
	}
	arena_release(&a);
}

Test(uri, goes_on_the_wire_clean_or_not_at_all)
{
	struct arena a = { 0 };

	EACH(i, wires)
	{
		struct str url = { "", 0 };
		const bool fine = uri_for_wire(str_of(wires[i].url), &a, &url);

		cr_expect_eq(fine, wires[i].wire != NULL, "%s", wires[i].url);
		if (fine && wires[i].wire)
			cr_expect(str_eq(url, str_of(wires[i].wire)), "%s: " STR_FMT,
				  wires[i].url, STR_ARG(url));
	}
	arena_release(&a);
}
