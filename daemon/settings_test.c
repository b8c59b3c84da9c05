#include "daemon/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

struct fixture {
	struct settings settings;
	struct arena arena;
	struct report report;
};

static void setup(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	settings_init(&f->settings);
	report_init(&f->report, &f->arena);
}

static void teardown(struct fixture *f)
{
	settings_release(&f->settings);
	arena_release(&f->arena);
}

static const char *first_complaint(const struct fixture *f)
{
	return f->report.first ? f->report.first->text : "";
}

/* clang-format off */
static const struct {
	const char *set, *says;
	unsigned errors, warnings;
} cases[] = {
	{ "http.port=0", "", 0, 0 },
	{ "http.port=70000", "http.port = 70000 is not between 0 and 65535", 1, 0 },
	{ "http.port=x", "http.port = \"x\" is not a whole number", 1, 0 },
	{ "http.prt=1", "there is no setting 'http.prt'; did you mean 'http.port'?", 0, 1 },
	{ "no.such.thing.at.all=1", "there is no setting 'no.such.thing.at.all'", 0, 1 },
	{ "log.level=loud",
	  "log.level = \"loud\" is not one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL", 1, 0 },
	{ "log.short_names=perhaps", "log.short_names = \"perhaps\" is not true or false", 1, 0 },
	{ "mule.request.Primary_Service=http://127.0.0.1:1", "", 0, 0 },
	{ "endpoint.compat", "endpoint.compat needs an = and a value", 1, 0 },
};
/* clang-format on */

Test(settings, are_checked)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		setup(&f);
		settings_set(&f.settings, cases[i].set, &f.report);
		settings_apply(&f.settings, &f.report);
		cr_expect_str_eq(first_complaint(&f), cases[i].says, "%s: %s",
				 cases[i].set, first_complaint(&f));
		cr_expect_eq(f.report.errors, cases[i].errors, "%s", cases[i].set);
		cr_expect_eq(f.report.warnings, cases[i].warnings, "%s", cases[i].set);
		teardown(&f);
	}
}

/* All ways to write one key. */
static const char *const global_timeout[] = {
	"mediation.synapse.global_timeout_interval=7000",
	"mediation.\"synapse.global_timeout_interval\"=7000",
	"mediation.global_timeout_interval=7000",
	"synapse_properties.'synapse.global_timeout_interval'=\"7000\"",
	"synapse.global_timeout_interval = 7000",
};

Test(settings, dotted_and_quoted_keys_are_the_same)
{
	for (size_t i = 0; i < sizeof(global_timeout) / sizeof(global_timeout[0]); i++) {
		struct fixture f;

		setup(&f);
		settings_set(&f.settings, global_timeout[i], &f.report);
		cr_expect(settings_apply(&f.settings, &f.report));
		cr_expect_eq(f.settings.endpoints.global_timeout, 7000, "%s",
			     global_timeout[i]);
		cr_expect_eq(f.report.warnings, 0, "%s: %s", global_timeout[i],
			     first_complaint(&f));
		teardown(&f);
	}
}

/* clang-format off */
static const struct {
	const char *set[3];
	uint64_t port, tls_port, admin_port, probe_port;
} ports[] = {
	{ { NULL }, 8290, 8253, 9164, 9201 },
	{ { "server.offset=0" }, 8280, 8243, 9154, 9191 },
	{ { "transport.http.listener.port=9000" }, 9010, 8253, 9164, 9201 },
	{ { "http.port=9000", "transport.http.listener.port=1" }, 9000, 8253, 9164, 9201 },
	{ { "mediation.internal_http_api_port=9300" }, 8290, 8253, 9164, 9310 },
	{ { "admin.port=0", "probe.port=0", "https.port=0" }, 8290, 0, 0, 0 },
};
/* clang-format on */

Test(settings, ports_follow_the_offset_unless_given_exactly)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct fixture f;

		setup(&f);
		for (size_t j = 0; j < 3 && ports[i].set[j]; j++)
			settings_set(&f.settings, ports[i].set[j], &f.report);
		cr_expect(settings_apply(&f.settings, &f.report), "%s",
			  first_complaint(&f));
		cr_expect_eq(f.settings.port, ports[i].port, "row %zu", i);
		cr_expect_eq(f.settings.tls_port, ports[i].tls_port, "row %zu", i);
		cr_expect_eq(f.settings.admin_port, ports[i].admin_port, "row %zu", i);
		cr_expect_eq(f.settings.probe_port, ports[i].probe_port, "row %zu", i);
		teardown(&f);
	}
}

Test(settings, a_file_is_read_and_what_is_set_wins)
{
	char path[] = "/tmp/settings_test_XXXXXX";
	const int fd = mkstemp(path);
	static const char text[] =
		"[server]\noffset = 20\n[endpoint]\ncompat = \"original\"\n"
		"[[internal_apis.users]]\nuser.name = \"eve\"\nuser.password = \"pw\"\n"
		"[nonsense]\nx = 1\n";
	struct fixture f;

	setup(&f);
	cr_assert_eq(write(fd, text, sizeof(text) - 1), (ssize_t)sizeof(text) - 1);
	close(fd);
	cr_expect(settings_read(&f.settings, path, &f.report));
	settings_set(&f.settings, "server.offset=30", &f.report);
	cr_expect(settings_apply(&f.settings, &f.report));
	cr_expect_eq(f.settings.port, 8310);
	cr_expect_eq(f.settings.endpoints.compat, COMPAT_ORIGINAL);
	cr_expect(str_eq(f.settings.admin_user, STR("eve")));
	cr_expect_eq(f.report.warnings, 1);
	cr_expect_eq(f.report.first->where.line, 9);
	unlink(path);
	teardown(&f);
}
