/*
 * myelin simulate: plays scenarios, in virtual time or over real sockets.
 */
#include <stdio.h>

#include "tests/live.h"
#include "tests/play.h"
#include "tests/player.h"
#include "tools/tools.h"

static const struct tool_option options[] = {
	{ "trace", NULL,
	  "print each step with file:line and the stack, each attempt and "
	  "log line" },
	{ "live", NULL, "over real sockets, with an engine and the backends as servers" },
	{ "backends", NULL, "only be the scenario's backends, until interrupted" },
	{ NULL, NULL, NULL },
};

static struct scenario *read_scenario(const char *path, struct arena *a)
{
	struct scenario *s;
	struct report r;
	struct str text;

	if (!play_read_file(path, a, &text)) {
		fprintf(stderr, "%s cannot be read\n", path);
		return NULL;
	}
	report_init(&r, a);
	s = scenario_read(path, text, a, &r);
	for (const struct complaint *c = r.first; c; c = c->next)
		fprintf(stderr, "%s:%u: %s\n", c->where.file, c->where.line, c->text);
	return s;
}

static bool play(const struct arguments *arguments, const char *path)
{
	const struct player_options o = { .trace = arguments_has(arguments, "trace") };
	struct arena a = { 0 };
	const struct scenario *s = read_scenario(path, &a);
	bool fine = s != NULL;

	if (fine && arguments_has(arguments, "backends"))
		fine = live_peers(s);
	else if (fine && arguments_has(arguments, "live"))
		fine = live_play(s, "/proc/self/exe");
	else if (fine)
		fine = player_play(s, &o);
	arena_release(&a);
	return fine;
}

static int simulate(const struct arguments *arguments)
{
	unsigned passed = 0;

	if (arguments->count == 0)
		return usage_error(arguments, "which scenario?");
	for (unsigned i = 0; i < arguments->count; i++) {
		const bool fine = play(arguments, arguments->operands[i]);

		passed += fine;
		if (!arguments_has(arguments, "backends"))
			printf("%s %s\n", fine ? "passed" : "FAILED",
			       arguments->operands[i]);
	}
	if (!arguments_has(arguments, "backends"))
		printf("%u passed, %u failed\n", passed, arguments->count - passed);
	return passed == arguments->count ? EXIT_FINE : EXIT_ERRORS;
}

const struct tool simulate_tool = {
	.name = "simulate",
	.operands = "SCENARIO …",
	.brief = "Plays scenarios in virtual time, or over real sockets.",
	.options = options,
	.run = simulate,
};
