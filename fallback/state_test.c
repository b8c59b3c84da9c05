#include "fallback/state.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fallback/fallback.h"
#include "message/json.h"
#include "synapse-xml/synapse_xml.h"

static const char file[] =
	"product: shop\n"
	"apps:\n"
	"  - app: a\n"
	"    envs: [{ slug: prd, base_url: 'http://localhost:1' }]\n"
	"    actions: [{ tag: go }]\n"
	"fallbacks:\n"
	"  - { tag: pay, name: %s, options: [{ app: a, event: go }] }\n";

static struct arena a;
static char directory[] = "/tmp/state-XXXXXX";
static struct fallback_state *state;
static struct front_end with_state;
static const struct front_end *front_ends[] = { &with_state, &synapse_xml, NULL };
static struct endpoint_settings endpoints;
static struct healths *healths;
static struct loader *loader;
static struct report said;

static void open_state(void)
{
	report_init(&said, &a);
	state = fallback_state_open(directory, &said);
	with_state = fallback_files;
	with_state.ctx = state;
}

static void set_up(void)
{
	static struct loader_settings settings;

	cr_assert(mkdtemp(directory) != NULL);
	open_state();
	healths = healths_new();
	settings = (struct loader_settings){ .vocabulary = &synapse_vocabulary,
					     .front_ends = front_ends,
					     .endpoints = &endpoints,
					     .healths = healths };
	loader = loader_new(&settings);
}

static void tear_down(void)
{
	loader_free(loader);
	healths_free(healths);
	fallback_state_free(state);
	cr_expect_eq(system(arena_printf(&a, "rm -r %s", directory)), 0);
	arena_release(&a);
}

TestSuite(state, .init = set_up, .fini = tear_down);

static void put_file(const char *name)
{
	loader_put(loader, STR("/deploy/pay.yaml"), str_of(arena_printf(&a, file, name)));
}

/* The name of the fallback that is deployed, "" if there is none. */
static const char *served(void)
{
	struct deployment *d;
	const char *name = "";

	fallback_state_join(state, loader);
	d = loader_build(loader, &said);
	for (const struct artifact *t = deployment_artifacts(d); t; t = t->next) {
		struct fault why = { 0 };

		if (!str_eq(t->name, STR("shop/fallback/pay")))
			continue;
		element_each(e, t->element) if (str_eq(e->name, STR("definition")))
			name = arena_copy(&a, json_get(json_parse(e->text, &a, &why),
						       STR("name"))
						      ->text)
				       .at;
	}
	deployment_unref(d);
	return name;
}

static void change(const char *name, uint64_t revision)
{
	const char *text = arena_printf(
		&a, "{\"name\":\"%s\",\"options\":[{\"app\":\"a\",\"event\":\"go\"}]}",
		name);
	struct fault why = { 0 };
	const struct fallback_change c = {
		.name = STR("shop/fallback/pay"),
		.definition = *name ? json_parse(str_of(text), &a, &why) : NULL,
		.revision = revision,
	};

	fallback_state_try(state, &c);
}

static void keep(void)
{
	struct fault why = { 0 };

	cr_assert(fallback_state_keep(state, &why), "%s", why.text);
}

static void start_again(void)
{
	fallback_state_free(state);
	open_state();
	cr_expect_eq(said.errors, 0);
}

Test(state, a_change_lies_over_the_file_until_that_says_something_else)
{
	put_file("old");
	cr_expect_str_eq(served(), "old");
	change("new", 2);
	put_file("old");
	cr_expect_str_eq(served(), "new");
	keep();
	start_again();
	put_file("old");
	cr_expect_str_eq(served(), "new", "it is there after a restart");
	put_file("edited");
	cr_expect_str_eq(served(), "edited");
	start_again();
	put_file("edited");
	cr_expect_str_eq(served(), "edited", "and it stays put aside");
	cr_expect_eq(access(arena_printf(&a, "%s/ductape/shop/fallback.pay.json.archived",
					 directory),
			    F_OK),
		     0);
}

Test(state, what_is_undone_was_never_there)
{
	put_file("old");
	change("new", 2);
	put_file("old");
	cr_expect_str_eq(served(), "new");
	fallback_state_undo(state, loader);
	put_file("old");
	cr_expect_str_eq(served(), "old");
	start_again();
	put_file("old");
	cr_expect_str_eq(served(), "old");
}

Test(state, what_is_deleted_stays_deleted_while_the_file_still_says_it)
{
	put_file("old");
	change("", 2);
	put_file("old");
	cr_expect_str_eq(served(), "");
	keep();
	start_again();
	put_file("old");
	cr_expect_str_eq(served(), "");
	put_file("edited");
	cr_expect_str_eq(served(), "edited");
}

Test(state, what_is_no_stored_definition_is_complained_about)
{
	const char *path = arena_printf(&a, "%s/ductape/shop", directory);
	FILE *f;

	cr_assert_eq(system(arena_printf(&a, "mkdir -p %s", path)), 0);
	f = fopen(arena_printf(&a, "%s/fallback.pay.json", path), "w");
	fputs("{\"revision\":0}", f);
	fclose(f);
	fallback_state_free(state);
	open_state();
	cr_expect_eq(said.errors, 1);
	cr_expect_str_eq(said.first->text, "this is no stored definition");
}

/* Writes one revision after the other, and tells of each, until it is killed. */
static void write_on(int to)
{
	for (uint64_t revision = 2;; revision++) {
		change(arena_printf(&a, "n%llu", (unsigned long long)revision), revision);
		put_file("old");
		keep();
		if (write(to, "x", 1) != 1)
			_exit(1);
	}
}

/* Kills a writer in the middle of what comes after so many revisions. */
static void write_and_kill(unsigned revisions)
{
	int told[2];
	char one;
	pid_t writer;

	cr_assert_eq(pipe(told), 0);
	writer = fork();
	cr_assert(writer >= 0);
	if (writer == 0)
		write_on(told[1]);
	close(told[1]);
	for (unsigned i = 0; i < revisions; i++)
		cr_assert_eq(read(told[0], &one, 1), 1);
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	close(told[0]);
}

Test(state, a_writer_killed_at_any_moment_leaves_a_whole_definition)
{
	for (unsigned round = 0; round < 20; round++) {
		write_and_kill(round % 5);
		start_again();
		put_file("old");
		if (round % 5)
			cr_expect_eq(served()[0], 'n', "%s", served());
	}
}
