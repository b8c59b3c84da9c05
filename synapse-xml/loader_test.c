#include "fixture.h"

#include <criterion/criterion.h>

#define SEQUENCE(name, steps) "<sequence " XMLNS " name='" name "'>" steps "</sequence>"
#define RUN(key) "<sequence key='" key "'/>"

Test(loader, links_keys_across_files_in_either_order)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml", SEQUENCE("one", RUN("two")));
	fixture_put(&f, "2.xml", SEQUENCE("two", "<respond/>"));
	cr_expect_str_eq(fixture_build(&f), "");
	cr_expect(fixture_find(&f, REF_SEQUENCE, "one"));
	cr_expect_null(fixture_find(&f, REF_ENDPOINT, "one"));
	fixture_release(&f);
}

Test(loader, warns_of_keys_that_nothing_provides_and_deploys_all_the_same)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml", SEQUENCE("one", "\n" RUN("twoo")));
	cr_expect_str_eq(fixture_build(&f),
			 "1.xml:2: warning: there is no sequence 'twoo'\n");
	cr_expect(fixture_find(&f, REF_SEQUENCE, "one"));
	fixture_put(&f, "2.xml", SEQUENCE("two", "<drop/>"));
	cr_expect_str_eq(fixture_build(&f), "", "it is no news");
	fixture_put(&f, "1.xml", SEQUENCE("one", RUN("twoo")));
	cr_expect_str_eq(fixture_build(&f), "1.xml:1: warning: there is no sequence "
					    "'twoo'; did you mean 'two'?\n");
	fixture_release(&f);
}

Test(loader, refuses_missing_keys_when_told_to)
{
	struct fixture f;

	fixture_init(&f);
	loader_free(f.loader);
	f.settings.refuse_missing_keys = true;
	f.loader = loader_new(&f.settings);
	fixture_put(&f, "1.xml", SEQUENCE("one", RUN("two")));
	fixture_put(&f, "2.xml", SEQUENCE("two", RUN("three")));
	fixture_put(&f, "4.xml", SEQUENCE("four", "<drop/>"));
	cr_expect_str_eq(fixture_build(&f), "1.xml:1: there is no sequence 'two'\n"
					    "2.xml:1: there is no sequence 'three'\n");
	cr_expect_null(fixture_find(&f, REF_SEQUENCE, "one"));
	cr_expect_null(fixture_find(&f, REF_SEQUENCE, "two"));
	cr_expect(fixture_find(&f, REF_SEQUENCE, "four"));
	fixture_release(&f);
}

Test(loader, leaves_a_unit_out_whole_and_keeps_what_it_was)
{
	struct fixture f;
	unsigned deployed, refused;

	fixture_init(&f);
	fixture_put(&f, "1.xml",
		    "<definitions " XMLNS ">" SEQUENCE("a", "")
			    SEQUENCE("b", "") "</definitions>");
	cr_expect_str_eq(fixture_build(&f), "");

	const void *before = fixture_find(&f, REF_SEQUENCE, "b");

	cr_expect(before);
	fixture_put(&f, "1.xml",
		    "<definitions " XMLNS
		    ">" SEQUENCE("a", "") "\n" SEQUENCE("c", "<lgo/>") "</definitions>");
	cr_expect_str_eq(fixture_build(&f),
			 "1.xml:2: unknown mediator <lgo>; did you mean 'log'?\n");
	cr_expect(fixture_find(&f, REF_SEQUENCE, "a"));
	cr_expect(fixture_find(&f, REF_SEQUENCE, "b"));
	cr_expect_null(fixture_find(&f, REF_SEQUENCE, "c"));
	loader_count(f.loader, &deployed, &refused);
	cr_expect_eq(deployed, 1);
	cr_expect_eq(refused, 1);
	fixture_put(&f, "1.xml", "<definitions " XMLNS ">\n\n<broken");
	cr_expect(strstr(fixture_build(&f), "1.xml:3: "));
	cr_expect(fixture_find(&f, REF_SEQUENCE, "b"));
	fixture_put(&f, "1.xml", SEQUENCE("c", ""));
	cr_expect_str_eq(fixture_build(&f), "");
	cr_expect(fixture_find(&f, REF_SEQUENCE, "c"));
	cr_expect_null(fixture_find(&f, REF_SEQUENCE, "b"));
	fixture_release(&f);
}

Test(loader, tells_the_second_of_two_names_where_the_first_is)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "b.xml", SEQUENCE("x", ""));
	cr_expect_str_eq(fixture_build(&f), "");
	fixture_put(&f, "a.xml", "\n" SEQUENCE("x", "<drop/>"));
	cr_expect_str_eq(fixture_build(&f),
			 "a.xml:2: there is a sequence 'x' already, at b.xml:1\n");
	fixture_put(&f, "b.xml", NULL);
	cr_expect_str_eq(fixture_build(&f), "", "it has the name now");
	cr_expect(fixture_find(&f, REF_SEQUENCE, "x"));
	fixture_release(&f);
}

Test(loader, takes_what_a_file_brought_away_with_it)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml", SEQUENCE("one", RUN("two")));
	fixture_put(&f, "2.xml", SEQUENCE("two", ""));
	cr_expect_str_eq(fixture_build(&f), "");
	fixture_put(&f, "2.xml", NULL);
	cr_expect_str_eq(fixture_build(&f),
			 "1.xml:1: warning: there is no sequence 'two'\n");
	cr_expect_null(fixture_find(&f, REF_SEQUENCE, "two"));
	fixture_release(&f);
}

Test(loader, keeps_a_deployment_as_long_as_somebody_holds_it)
{
	struct fixture f;

	fixture_init(&f);
	fixture_put(&f, "1.xml", SEQUENCE("one", "<log level='full'/>"));
	fixture_build(&f);

	struct deployment *old = deployment_ref(f.deployment);
	const struct artifact *one = deployment_artifacts(old);

	fixture_put(&f, "1.xml", NULL);
	fixture_build(&f);
	cr_expect_null(deployment_artifacts(f.deployment));
	cr_expect(str_eq(one->name, STR("one")));
	cr_expect_str_eq(one->where.file, "1.xml");
	cr_expect(str_eq(element_first(one->element->children)->name, STR("log")));
	deployment_unref(old);
	fixture_release(&f);
}

static const struct {
	const char *what, *one, *two, *complaint;
} rounds[] = {
	{ "itself", SEQUENCE("a", "\n" RUN("a")), NULL,
	  "1.xml:2: sequence 'a' runs itself without end: a -> a\n" },
	{ "each other", SEQUENCE("a", RUN("b")), SEQUENCE("b", "<drop/>\n" RUN("a")),
	  "1.xml:1: sequence 'a' runs itself without end: a -> b -> a\n"
	  "2.xml:2: sequence 'b' runs itself without end: a -> b -> a\n" },
	{ "only if", SEQUENCE("a", "<filter xpath='true()'>" RUN("a") "</filter>"), NULL,
	  "" },
	{ "no round", SEQUENCE("a", RUN("b") RUN("b")), SEQUENCE("b", "<drop/>"), "" },
};

Test(loader, refuses_sequences_that_can_never_end)
{
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		struct fixture f;

		fixture_init(&f);
		fixture_put(&f, "1.xml", rounds[i].one);
		if (rounds[i].two)
			fixture_put(&f, "2.xml", rounds[i].two);
		cr_expect_str_eq(fixture_build(&f), rounds[i].complaint, "%s",
				 rounds[i].what);
		fixture_release(&f);
	}
}

static const struct {
	const char *xml, *complaint;
} artifacts[] = {
	{ "<sequence name='x'/>", "1.xml:1: warning: <sequence> is without a namespace; "
				  "Synapse's is taken" },
	{ "<sequnce " XMLNS " name='x'/>",
	  "1.xml:1: unknown artifact <sequnce>; did you mean 'sequence'?" },
	{ "<sequence " XMLNS "/>",
	  "1.xml:1: A sequence mediator should be a named sequence" },
	{ "<proxy " XMLNS " name='P'/>", "1.xml:1: <proxy name=\"P\"> is not supported" },
	{ "<sequence " XMLNS " name='x'><http.get/></sequence>",
	  "1.xml:1: <http.get> is a connector's operation" },
	{ "<sequence " XMLNS " name='x'><class name='a.B'/>\n<script/></sequence>",
	  "1.xml:1: <class name=\"a.B\"> is Java code" },
	{ "<sequence " XMLNS " name='x'><f:log xmlns:f='f'/></sequence>",
	  "1.xml:1: unknown mediator {f}log: Synapse's namespace is" },
	{ "<localEntry " XMLNS " key='k'><a/><b/></localEntry>",
	  "1.xml:1: <localEntry> holds one element, and this is a second" },
	{ "<localEntry " XMLNS " key='k' src='file:/no/such'/>",
	  "1.xml:1: the file /no/such cannot be read: No such file" },
	{ "<localEntry " XMLNS " key='k' src='http://x/y'/>",
	  "1.xml:1: src=\"http://x/y\" is not a file" },
	{ "<project xmlns='http://maven.apache.org/POM/4.0.0'/>", "" },
	{ "<artifacts/>", "" },
};

Test(loader, takes_artifacts_or_says_why_not)
{
	for (size_t i = 0; i < sizeof(artifacts) / sizeof(artifacts[0]); i++) {
		struct fixture f;
		const char *said;

		fixture_init(&f);
		fixture_put(&f, "1.xml", artifacts[i].xml);
		said = fixture_build(&f);
		cr_expect(str_starts(str_of(said), str_of(artifacts[i].complaint)) &&
				  !*said == !*artifacts[i].complaint,
			  "%s: %s", artifacts[i].xml, said);
		fixture_release(&f);
	}
}

Test(loader, has_local_entries_as_text_and_as_xml)
{
	struct fixture f;
	struct arena a = { NULL, NULL };

	fixture_init(&f);
	fixture_put(&f, "1.xml", "<localEntry " XMLNS " key='t'> hello </localEntry>");
	fixture_put(&f, "2.xml",
		    "<localEntry " XMLNS " key='x'><a xmlns=''>1</a></localEntry>");
	cr_expect_str_eq(fixture_build(&f), "");

	struct value text = deployment_local_entry(f.deployment, STR("t"), &a);
	struct value xml = deployment_local_entry(f.deployment, STR("x"), &a);

	cr_expect(text.kind == VALUE_STR && str_eq(text.text, STR("hello")));
	cr_expect_eq(xml.kind, VALUE_XML);
	cr_expect_eq(deployment_local_entry(f.deployment, STR("z"), &a).kind, VALUE_NULL);
	arena_release(&a);
	fixture_release(&f);
}
