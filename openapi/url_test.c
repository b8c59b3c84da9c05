#include <criterion/criterion.h>
#include <stdlib.h>

#include "openapi/openapi_priv.h"

/* As written, and as it is called; or what is wrong with it. */
static const struct {
	const char *text, *url, *complaint;
} rows[] = {
	{ "http://localhost:2380/v2", "http://localhost:2380/v2", "" },
	{ " localhost:2380/v2/ ", "http://localhost:2380/v2", "" },
	{ "https://a.example//", "https://a.example", "" },
	{ "http://10.0.0.1", "http://10.0.0.1", "" },
	{ "http://svc_one.default.svc:80/x", "http://svc_one.default.svc:80/x", "" },
	{ "http://${URL_TEST_HOST}:8080/v2", "http://from.env:8080/v2", "" },
	{ "${URL_TEST_HOST}", "http://from.env", "" },
	{ "http://${URL_TEST_NONE}/", NULL, "the environment has no 'URL_TEST_NONE'" },
	{ "http://${URL_TEST_HOST", NULL, "the environment has no" },
	{ "ftp://a/", NULL, "only http and https can be called" },
	{ "http://", NULL, "no proper host and port" },
	{ "http:///x", NULL, "no proper host and port" },
	{ "http://a:0/", NULL, "no proper host and port" },
	{ "http://a:65536/", NULL, "no proper host and port" },
	{ "http://a:b/", NULL, "no proper host and port" },
	{ "http://-a/", NULL, "no proper host and port" },
	{ "http://a b/", NULL, "no proper host and port" },
	{ "http://user@a/", NULL, "no proper host and port" },
	{ "http://a/b c", NULL, "a character in its path" },
	{ "http://a/{b}", NULL, "a character in its path" },
	{ "", NULL, "no proper host and port" },
};

Test(url, of_a_backend_is_completed_or_complained_about)
{
	setenv("URL_TEST_HOST", "from.env", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct report r;
		struct translation t = { .arena = &a, .report = &r };
		struct str url;
		bool fine;

		report_init(&r, &a);
		fine = url_check(&t, str_of(rows[i].text), (struct where){ "f", 1 },
				 &url);
		cr_expect_eq(fine, rows[i].url != NULL, "%s", rows[i].text);
		if (fine)
			cr_expect(str_eq(url, str_of(rows[i].url)), "%s: " STR_FMT,
				  rows[i].text, STR_ARG(url));
		else
			cr_expect(strstr(r.first->text, rows[i].complaint), "%s: %s",
				  rows[i].text, r.first->text);
		arena_release(&a);
	}
}

/* A server, and its url with the variables' defaults. */
static const struct {
	const char *server, *url;
} servers[] = {
	{ "{\"url\":\"https://a/v1\"}", "https://a/v1" },
	{ "{\"url\":\"https://{h}.a/{v}\",\"variables\":{\"h\":{\"default\":\"x\"},"
	  "\"v\":{\"default\":\"2\"}}}",
	  "https://x.a/2" },
	{ "{\"url\":\"https://{h}/\"}", "https:///" },
	{ "{\"url\":\"https://{h\"}", "https://{h" },
	{ "{}", "" },
};

Test(url, of_a_server_has_its_variables_filled_in)
{
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		struct arena a = { 0 };
		struct translation t = { .arena = &a };
		struct fault why = { 0 };
		const struct json *server = json_parse(str_of(servers[i].server), &a,
						       &why);
		const struct str url = url_of_server(&t, server);

		cr_expect(str_eq(url, str_of(servers[i].url)), "%s: " STR_FMT,
			  servers[i].server, STR_ARG(url));
		arena_release(&a);
	}
}
