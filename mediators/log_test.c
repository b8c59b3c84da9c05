#include "tests/rows.h"

#define CLASS "LogMediator "

/* clang-format off */
static const struct row rows[] = {
	{ "<log level='custom'><property name='a' value='1'/>"
	  "<property name='b' value='2'/></log>", "", "done",
	  "INFO " CLASS "a = 1, b = 2\n" },
	{ "<log level='custom' separator=' | ' category='warn'>"
	  "<property name='a' value='1'/><property name='b' value='2'/></log>", "", "done",
	  "WARN " CLASS "a = 1 | b = 2\n" },
	{ "<log level='custom' separator='\\n'><property name='a' value='1'/>"
	  "<property name='b' value='2'/></log>", "", "done", "a = 1\nb = 2\n" },
	{ "<log level='custom' category='FATAL'><property name='a' value='1'/></log>",
	  "", "done", "FATAL " CLASS "a = 1\n" },
	{ "<log/>", "", "done",
	  "INFO " CLASS "To: /orders/7?x=y, MessageID: urn:uuid:c-1, "
	  "correlation_id: c-1, Direction: request\n" },
	{ "<log><property name='a' value='1'/></log>", "", "done",
	  "Direction: request, a = 1\n" },
	{ "<log level='full'><property name='a' value='1'/></log>", "{\"b\" : 1}", "done",
	  "Direction: request, a = 1, Payload: {\"b\" : 1}\n" },
	{ "<log logFullPayload='true'/>", "{\"b\" : 1}", "done",
	  "Direction: request, Payload: {\"b\" : 1}\n" },
	{ "<log level='full'/>", "<a>x</a>", "done",
	  "Direction: request, Envelope: <?xml version='1.0' encoding='utf-8'?>"
	  "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
	  "<soapenv:Body><a>x</a></soapenv:Body></soapenv:Envelope>\n" },
	{ "<log level='custom' logMessageID='true'><property name='a' value='1'/></log>",
	  "", "done", "MessageID: urn:uuid:c-1, correlation_id: c-1, a = 1\n" },
	{ "<log><message>it\\tis</message><property name='a' value='1'/></log>", "",
	  "done", CLASS "it\tis, a = 1\n" },
	{ "<log><message>order of ${payload.who}\\t!</message></log>",
	  "{\"who\": \"Ann\"}", "done", CLASS "order of Ann\t!\n" },
	{ "<log><message>of ${payload.none}!</message></log>", "{}", "done", CLASS "of !\n" },
	{ "<log level='custom'><property name='a' expression='$ctx:none'/></log>", "",
	  "done", "a = null\n" },
	{ "<log level='custom'><property name='a' expression='json-eval($.x)'/></log>",
	  "{}", "done", "a = \n" },
	{ "<log level='headers'/>", "<a/>", "done", CLASS " correlation_id : c-1\n" },
	/* what is said about mistakes */
	{ "<log level='ful'/>", "",
	  "1: Invalid log level. Level has to be one of the following : simple, headers, "
	  "full, custom" },
	{ "<log category='LOUD'/>", "",
	  "1: Invalid log category. Category has to be one of the following : INFO, TRACE, "
	  "DEBUG, WARN, ERROR, FATAL" },
	{ "<log lebel='full'/>", "",
	  "1: <log> has no attribute 'lebel'; did you mean 'level'?" },
	{ "<log>\n<property value='1'/></log>", "",
	  "2: Entry name is a required attribute for a Log property" },
	{ "<log><property name='a' value=' '/></log>", "",
	  "1: Entry attribute value (if specified) is required for a Log property" },
	{ "<log>\n\n<property name='a'/></log>", "",
	  "3: Entry attribute value OR expression must be specified for a Log property" },
	{ "<log><mesage>x</mesage></log>", "",
	  "1: <log> has no child 'mesage'; did you mean 'message'?" },
};
/* clang-format on */

Test(log, writes_lines_as_the_original_does)
{
	ROWS_CHECK(rows);
}

Test(log, evaluates_nothing_that_nobody_would_see)
{
	struct world w;

	world_init(&w);
	w.log_level = LOG_WARN;
	row_run(&w, "<log level='custom'><property name='a' value='1'/></log>", "");
	cr_expect_str_eq(world_log(&w), "");
	world_release(&w);
}

Test(log, names_the_api_in_its_own_line_and_not_in_the_services)
{
	struct world w;

	world_init(&w);
	cr_assert(world_deploy(&w, "<api name='A' context='/a'><resource methods='GET'>"
				   "<inSequence><log level='custom'>"
				   "<property name='n' value='1'/></log>"
				   "<log><message>m</message></log><respond/>"
				   "</inSequence></resource></api>"),
		  "%s", world_complaint(&w));
	world_request(&w, "GET /a?q=1", NULL, 10);
	cr_expect(row_logged(&w, "INFO " CLASS "{api:A} n = 1\n"), "%s", world_log(&w));
	cr_expect(row_logged(&w, "INFO API_LOGGER.A n = 1\n"), "%s", world_log(&w));
	cr_expect(row_logged(&w, CLASS "{api:A GET /a?q=1} m\n"), "%s", world_log(&w));
	world_release(&w);
}
