#include "reader.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* "line: text" of each complaint, a newline between them. */
static const char *complaints(const struct report *r, struct arena *a)
{
	const char *all = "";

	for (const struct complaint *c = r->first; c; c = c->next)
		all = arena_printf(a, "%s%s%u: %s", all, *all ? "\n" : "", c->where.line,
				   c->text);
	return all;
}

static const struct {
	const char *xml, *complaint;
} cases[] = {
	{ "<a/>", "" },
	{ "\xEF\xBB\xBF<a/>", "" },
	{ "<?xml version='1.0'?>\r\n<a>\r\n</a>\r\n", "" },
	{ "<a>&lt;&#65;</a>", "" },
	{ "", "1: the file is empty" },
	{ " \n\t", "1: the file is empty" },
	{ "hello", "1: Start tag expected, '<' not found, column 1" },
	{ "<a>\n</b>", "2: Opening and ending tag mismatch: a line 1 and b, column 5" },
	{ "<a>\n<b>\n</a>",
	  "3: Opening and ending tag mismatch: b line 2 and a, column 5" },
	{ "<a>",
	  "1: Premature end of data in tag a line 1, column 4; its end tag is missing" },
	{ "<a/>\n<b/>", "2: Extra content at the end of the document, column 1; a file "
			"has one root element" },
	{ "x\n<?xml version='1.0'?><a/>",
	  "1: Start tag expected, '<' not found, column 1" },
	{ "<a>\n&nbsp;</a>", "2: Entity 'nbsp' not defined, column 7" },
	{ "<a b='1'\nb='2'/>",
	  "2: Attribute b redefined, column 6; an attribute may be given once" },
	{ "<m:a/>", "1: Namespace prefix m on a is not defined, column 5" },
	{ "<!DOCTYPE a>\n<a/>",
	  "1: a definition may have no DOCTYPE and no entities of its own" },
	{ "<!DOCTYPE a [\n<!ENTITY x 'y'>]><a>&x;</a>",
	  "1: a definition may have no DOCTYPE and no entities of its own" },
};

Test(reader, says_what_is_no_xml_and_where)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { NULL, NULL };
		struct report r;

		report_init(&r, &a);

		const struct element *e = reader_read(str_of(cases[i].xml), "t.xml", &a,
						      &r);

		cr_expect_str_eq(complaints(&r, &a), cases[i].complaint, "%s",
				 cases[i].xml);
		cr_expect_eq(e != NULL, !*cases[i].complaint, "%s", cases[i].xml);
		arena_release(&a);
	}
}

static const char bytes[] = "\x7f"
			    "ELF\0\x01\x02\0\0";

Test(reader, takes_bytes_that_are_no_text_for_what_they_are)
{
	struct arena a = { NULL, NULL };
	struct report r;

	report_init(&r, &a);
	cr_expect_null(reader_read((struct str){ bytes, sizeof(bytes) }, "t", &a, &r));
	cr_expect_eq(r.errors, 1);
	arena_release(&a);
}

/* As it was written, whatever stands in it. */
static const char *const faithful[] = {
	"<a xmlns=\"u\"><b c=\"1\" d=\"&quot;&lt;&amp;\">x<e/>y</b> z </a>",
	"<m:a xmlns:m=\"urn:myelin\" m:listen=\"8081\"><b/></m:a>",
	"<a xmlns=\"u\"><b xmlns=\"\"><c/></b></a>",
	"<a xmlns:p=\"u\"><p:b p:c=\"&#10;\">&gt;]]&gt;</p:b></a>",
	"<a>\n  <b/>\n</a>",
};

Test(reader, keeps_all_that_the_writer_needs)
{
	for (size_t i = 0; i < sizeof(faithful) / sizeof(faithful[0]); i++) {
		struct arena a = { NULL, NULL };
		struct report r;
		struct buf text;

		report_init(&r, &a);
		buf_init(&text, 65536);

		const struct element *e = reader_read(str_of(faithful[i]), "t", &a, &r);

		cr_assert(e, "%s", faithful[i]);
		element_write(e, ELEMENT_EXACT, &text);
		cr_expect(str_eq(buf_str(&text), str_of(faithful[i])), STR_FMT,
			  STR_ARG(buf_str(&text)));
		buf_release(&text);
		arena_release(&a);
	}
}

Test(reader, knows_the_lines_of_elements_and_all_their_text)
{
	struct arena a = { NULL, NULL };
	struct report r;

	report_init(&r, &a);

	const struct element *e = reader_read(
		STR("<a>\n one<!-- no -->\n <b\n c='1'/> <![CDATA[<two>]]></a>"), "f.xml",
		&a, &r);
	const struct element *b = element_first(e->children);

	cr_expect_str_eq(b->where.file, "f.xml");
	cr_expect_eq(b->where.line, 4);
	cr_expect(str_eq(e->text, STR("one\n  <two>")), "'" STR_FMT "'",
		  STR_ARG(e->text));
	cr_expect(b->parent == e);
	arena_release(&a);
}

Test(reader, writes_a_part_with_the_namespaces_it_stands_in)
{
	struct arena a = { NULL, NULL };
	struct report r;
	struct buf text;

	report_init(&r, &a);
	buf_init(&text, 4096);

	const struct element *e = reader_read(
		STR("<a xmlns='u' xmlns:p='q'>\n <p:b> <c>x</c> </p:b>\n</a>"), "t", &a,
		&r);

	element_write(element_first(e->children), ELEMENT_COMPACT, &text);
	cr_expect(str_eq(buf_str(&text),
			 STR("<p:b xmlns=\"u\" xmlns:p=\"q\"><c>x</c></p:b>")),
		  STR_FMT, STR_ARG(buf_str(&text)));
	buf_clear(&text);
	element_write(e, ELEMENT_PRETTY, &text);
	cr_expect(str_eq(buf_str(&text), STR("<a xmlns=\"u\" xmlns:p=\"q\">\n"
					     "    <p:b>\n"
					     "        <c>x</c>\n"
					     "    </p:b>\n"
					     "</a>\n")),
		  STR_FMT, STR_ARG(buf_str(&text)));
	buf_release(&text);
	arena_release(&a);
}

Test(reader, bounds_how_deep_it_goes)
{
	struct arena a = { NULL, NULL };
	struct report r;
	struct buf text;

	report_init(&r, &a);
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 100000; i++)
		buf_add(&text, STR("<a>"));
	cr_expect_null(reader_read(buf_str(&text), "t", &a, &r));
	cr_expect_gt(r.errors, 0);
	buf_release(&text);
	arena_release(&a);
}
