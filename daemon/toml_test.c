#include "daemon/toml.h"

#include <criterion/criterion.h>

#include "base/buf.h"

struct told {
	struct buf text;
};

static void tell(void *ctx, const struct toml_value *v)
{
	struct told *told = ctx;

	buf_printf(&told->text, STR_FMT "=" STR_FMT ";", STR_ARG(v->key),
		   STR_ARG(v->text));
}

/* clang-format off */
static const struct {
	const char *text, *told;
} good[] = {
	{ "", "" },
	{ "# nothing\n\n", "" },
	{ "a = 1", "a=1;" },
	{ "a=1\r\nb=true\r\n", "a=1;b=true;" },
	{ "[server]\noffset = 10 # ten\n", "server.offset=10;" },
	{ "[a.b]\nc.d = \"x\"\n", "a.b.c.d=x;" },
	{ "[mediation]\n\"synapse.global_timeout_interval\" = 120_000",
	  "mediation.synapse.global_timeout_interval=120000;" },
	{ "[mediation]\nsynapse.global_timeout_interval = 120000",
	  "mediation.synapse.global_timeout_interval=120000;" },
	{ "a = 'c:\\dir'", "a=c:\\dir;" },
	{ "a = \"t\\tq\\\"u\\u00e9\"", "a=t\tq\"u\xc3\xa9;" },
	{ "a = \"\"\"\none\ntwo \\\n   three\"\"\"\nb = 2", "a=one\ntwo three;b=2;" },
	{ "a = '''\nit's'''", "a=it's;" },
	{ "a = [\"x\", \"y\"] # list\n", "a=x,y;" },
	{ "a = [\n  1,\n  2, # two\n]\n", "a=1,2;" },
	{ "a = []", "a=;" },
	{ "a = { b = 1, c = { d = 2 } }", "a.b=1;a.c.d=2;" },
	{ "[[u]]\nname = 'a'\n[[u]]\nname = 'b'\n[u.more]\nx = 1",
	  "u.0.name=a;u.1.name=b;u.1.more.x=1;" },
	{ "a = [{ n = 1 }, { n = 2 }]", "a.0.n=1;a.1.n=2;a=;" },
	{ "a = +5\nb = -5\nc = 1.5e3\nd = 2026-11-21T10:00:00Z",
	  "a=5;b=-5;c=1.5e3;d=2026-11-21T10:00:00Z;" },
};

static const struct {
	const char *text;
	unsigned line;
	const char *says;
} bad[] = {
	{ "a", 1, "'a' needs an = and a value" },
	{ "\na = ", 2, "a value should stand here" },
	{ "a = \"x", 1, "a string is not closed" },
	{ "a = \"x\ny\"", 1, "a string is not closed" },
	{ "[a\nb = 1", 1, "[a needs a closing ]" },
	{ "[[a]\nb = 1", 1, "[[a needs two closing ]" },
	{ "a = 1 b = 2", 1, "the line should end here, before 'b'" },
	{ "a = [1 2]", 1, "between [ and ] a comma is missing" },
	{ "a = { b = 1", 1, "between { and } a comma is missing" },
	{ "a = \"\\q\"", 1, "\\q means nothing in a string" },
	{ "a = \"\\ud800\"", 1, "\\ud800 is no character" },
	{ "= 1", 1, "a key should stand here" },
	{ "a..b = 1", 1, "a key should stand here" },
	{ "a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 1, "nested deeper than 32" },
};
/* clang-format on */

Test(toml, values_are_told_with_their_whole_key)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct arena a = { 0 };
		struct told told;
		struct fault why = { 0 };

		buf_init(&told.text, 4096);
		cr_expect(toml_read(str_of(good[i].text), &a, tell, &told, &why),
			  "%s: %s", good[i].text, why.text);
		cr_expect(str_eq(buf_str(&told.text), str_of(good[i].told)),
			  "%s: " STR_FMT, good[i].text, STR_ARG(buf_str(&told.text)));
		buf_release(&told.text);
		arena_release(&a);
	}
}

Test(toml, mistakes_are_named_with_their_line)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = { 0 };
		struct told told;
		struct fault why = { 0 };

		buf_init(&told.text, 4096);
		cr_assert(!toml_read(str_of(bad[i].text), &a, tell, &told, &why), "%s",
			  bad[i].text);
		cr_expect_str_eq(why.text, bad[i].says, "%s: %s", bad[i].text, why.text);
		cr_expect_eq(why.where.line, bad[i].line, "%s: line %u", bad[i].text,
			     why.where.line);
		buf_release(&told.text);
		arena_release(&a);
	}
}
