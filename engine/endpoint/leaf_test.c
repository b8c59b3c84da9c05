#include <criterion/criterion.h>

#include <stdio.h>

#include "endpoint/health.h"
#include "tests/world.h"

#define EACH(i, table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

/* Sends one message through an <endpoint> of this inside. */
struct once {
	struct world w;
	const struct node *node;
	struct run run;
};

static struct once once; /* large */

static void once_init(enum compat compat, const char *inside)
{
	char xml[2048];

	world_init(&once.w);
	once.w.settings.compat = compat;
	snprintf(xml, sizeof(xml), "<endpoint name='N'>%s</endpoint>", inside);
	once.node = world_compile(&once.w, xml);
	cr_assert(once.node, "%s: %s", inside, world_complaint(&once.w));
	world_begin(&once.w, &once.run);
}

static const char *once_send(uint64_t milliseconds)
{
	world_start(&once.run, once.node);
	world_pass(&once.w, milliseconds);
	return world_ending(&once.w, &once.run);
}

static void once_release(void)
{
	world_end(&once.run);
	world_release(&once.w);
}

static int64_t property_number(const char *name)
{
	const struct value v = message_property(&once.run.x.message, SCOPE_DEFAULT,
						str_of(name));

	return v.kind == VALUE_INT ? v.number : -1;
}

#define HTTP "<http uri-template='http://A/'/>"

/* clang-format off */
/* endpoints.md §5.2. */
static const struct {
	const char *name;
	enum failure_kind kind;
	enum send_phase phase;
	int code, base;
	const char *message, *error_kind, *logged;
} failures[] = {
	{ "1", FAILURE_DNS, PHASE_CONNECTING, 101503, 101503, "Error connecting to the back end",
	  "dns", "WARN ConnectCallback Connection refused or failed for : localhost/127.0.0.1:8080" },
	{ "2, E1", FAILURE_REFUSED, PHASE_CONNECTING, 101503, 101503,
	  "Error connecting to the back end", "connect_refused",
	  "WARN ConnectCallback Connection refused or failed for : localhost/127.0.0.1:8080" },
	{ "3, E2", FAILURE_CONNECT_TIMEOUT, PHASE_CONNECTING, 101508, 101508,
	  "Error connecting to the back end", "connect_timeout",
	  "WARN ConnectCallback Timeout connecting to : localhost/127.0.0.1:8080" },
	{ "4", FAILURE_CANCELLED, PHASE_CONNECTING, 101507, 101507,
	  "Error connecting to the back end", "connect_cancelled",
	  "WARN ConnectCallback Connection cancelled for : localhost/127.0.0.1:8080" },
	{ "5, E8", FAILURE_TLS, PHASE_CONNECTING, 101500, 101500, "Error in Sender", "tls",
	  "WARN TargetHandler ERROR_CODE = 101500, STATE_DESCRIPTION = Exception occurred when "
	  "Server establishing a connection to the backend, INTERNAL_STATE = REQUEST_READY, "
	  "DIRECTION = REQUEST, CAUSE_OF_ERROR = I/O exception : certificate has expired, "
	  "TARGET_HOST = localhost, TARGET_PORT = 8080" },
	{ "6", FAILURE_CLOSED, PHASE_CONNECTING, 101500, 101500, "Error in Sender",
	  "closed_early", "Connection closed by target host" },
	{ "7", FAILURE_POOL_FULL, PHASE_CONNECTING, 101504, 101504,
	  "No available connections to serve the request", "pool_full",
	  "WARN TargetConnections Connection pool reached maximum allowed connections for route" },
	{ "8", FAILURE_QUEUE_FULL, PHASE_CONNECTING, 101504, 101504,
	  "Number of queued messages exceeds the limit", "pool_full",
	  "WARN DeliveryAgent Delivery agent queue length exceeds the maximum number of waiting "
	  "messages" },
	{ "9, E6", FAILURE_READ, PHASE_REQUEST_HEAD, 101501, 101500, "Error in Sender", "reset",
	  "ERROR_CODE = 101500, STATE_DESCRIPTION = Exception occurred after Server written the "
	  "request headers but prior to write the request body to the backend" },
	{ "10, E6", FAILURE_WRITE, PHASE_REQUEST_HEAD, 102511, 102510, "Error in Sender",
	  "reset", "INTERNAL_STATE = REQUEST_HEAD" },
	{ "11", FAILURE_WRITE, PHASE_CONNECTING, 101500, 101500, "Error in Sender", "reset",
	  "INTERNAL_STATE = REQUEST_READY" },
	{ "12, E3", FAILURE_READ, PHASE_REQUEST_DONE, 101503, 101500, "Error in Sender", "reset",
	  "after Server written the request headers and the request body to the backend" },
	{ "13", FAILURE_IDLE, PHASE_REQUEST_HEAD, 101505, 101504, "Error in Sender",
	  "idle_timeout", "SOCKET_TIMEOUT = 180000" },
	{ "14, E5", FAILURE_IDLE, PHASE_REQUEST_DONE, 101507, 101504, "Error in Sender",
	  "idle_timeout", "STATE_DESCRIPTION = Socket Timeout occurred" },
	{ "15", FAILURE_CLOSED, PHASE_REQUEST_HEAD, 101506, 101505, "Error in Sender",
	  "closed_early", "ERROR_CODE = 101505" },
	{ "16, E4", FAILURE_CLOSED, PHASE_REQUEST_DONE, 101508, 101505, "Error in Sender",
	  "closed_early", "CAUSE_OF_ERROR = Connection between the Server and the BackEnd has "
	  "been closed" },
	{ "17, E7", FAILURE_PROTOCOL, PHASE_REQUEST_DONE, 101509, 101506, "Error in Sender",
	  "protocol", "HTTP protocol violation : Invalid status line" },
};
/* clang-format on */

Test(leaf, counts_what_happened_as_synapse_does)
{
	EACH(i, failures)
	{
		char ending[256];

		once_init(COMPAT_DOCUMENTED, HTTP);
		once.w.backend[0] = (struct backend){ .url = "http://A/",
						      .fails = true,
						      .dns = !failures[i].kind,
						      .failure = failures[i].kind,
						      .phase = failures[i].phase };
		snprintf(ending, sizeof(ending), "fault %d %s", failures[i].code,
			 failures[i].message);
		cr_expect_str_eq(once_send(1), ending, "row %s: %s", failures[i].name,
				 once.w.ending);
		cr_expect_str_eq(once.run.x.fault.kind, failures[i].error_kind, "row %s",
				 failures[i].name);
		cr_expect_str_eq(once.run.x.fault.endpoint, "N");
		cr_expect_eq(property_number("BASE_ERROR_CODE"), failures[i].base,
			     "row %s", failures[i].name);
		cr_expect_eq(property_number("PROTOCOL_STATE_ON_FAILURE"),
			     failures[i].code - failures[i].base, "row %s",
			     failures[i].name);
		cr_expect_eq(world_logged(&once.w, failures[i].logged), 1, "row %s: %s",
			     failures[i].name, world_log(&once.w));
		once_release();
	}
}

#define RULE(duration, action) \
	"<http uri-template='http://A/'><timeout>" duration action "</timeout></http>"
#define MS(n) "<duration>" n "</duration>"
#define FAULT "<responseAction>fault</responseAction>"
#define DISCARD "<responseAction>discard</responseAction>"
#define TIMED_OUT "fault 101504 Send timeout"

/* clang-format off */
/* endpoints.md §16.4: registered at 1000; how it stands before and at that time. */
static const struct {
	const char *name, *inside;
	enum compat compat;
	uint64_t tick, fires_at;
	const char *ending, *logged;
	enum health_state state;
} deadlines[] = {
	{ "T1", RULE(MS("2000"), FAULT), COMPAT_ORIGINAL, 0, 15000, TIMED_OUT,
	  "dropping message after ENDPOINT_TIMEOUT of : 2 seconds for Endpoint [N], URI : "
	  "http://A/, Received through an entry point", HEALTH_SUSPENDED },
	{ "T1, exact", RULE(MS("2000"), FAULT), COMPAT_DOCUMENTED, 0, 3000, TIMED_OUT,
	  "ENDPOINT_TIMEOUT of : 2 seconds", HEALTH_SUSPENDED },
	{ "T1, a tick that was asked for", RULE(MS("2000"), FAULT), COMPAT_DOCUMENTED, 5000,
	  5000, TIMED_OUT, "ENDPOINT_TIMEOUT", HEALTH_SUSPENDED },
	{ "T2", RULE(MS("14000"), FAULT), COMPAT_ORIGINAL, 0, 15000, TIMED_OUT, "",
	  HEALTH_SUSPENDED },
	{ "T3", RULE(MS("14001"), FAULT), COMPAT_ORIGINAL, 0, 30000, TIMED_OUT, "",
	  HEALTH_SUSPENDED },
	{ "T4", "<http uri-template='http://A/'/>", COMPAT_ORIGINAL, 0, 135000, "waits",
	  "GLOBAL_TIMEOUT of : 120 seconds", HEALTH_ACTIVE },
	{ "T4, documented (F2)", "<http uri-template='http://A/'/>", COMPAT_DOCUMENTED, 0,
	  121000, TIMED_OUT, "GLOBAL_TIMEOUT of : 120 seconds", HEALTH_SUSPENDED },
	{ "T5", RULE(MS("60000"), ""), COMPAT_ORIGINAL, 0, 75000, "waits",
	  "ENDPOINT_TIMEOUT of : 60 seconds", HEALTH_ACTIVE },
	{ "T5, documented (F2)", RULE(MS("60000"), ""), COMPAT_DOCUMENTED, 0, 61000, TIMED_OUT,
	  "ENDPOINT_TIMEOUT of : 60 seconds", HEALTH_SUSPENDED },
	{ "T6", RULE("", FAULT), COMPAT_ORIGINAL, 0, 135000, TIMED_OUT,
	  "GLOBAL_TIMEOUT of : 120 seconds", HEALTH_SUSPENDED },
	{ "T7", RULE(MS("2000"), DISCARD), COMPAT_ORIGINAL, 0, 15000, "waits",
	  "INFO HTTPEndpoint Ignoring fault handlers since the timeout action is set to DISCARD",
	  HEALTH_SUSPENDED },
	{ "T7, documented (F7)", RULE(MS("2000"), DISCARD), COMPAT_DOCUMENTED, 0, 3000,
	  "status 504", "Ignoring fault handlers", HEALTH_SUSPENDED },
	{ "T8", RULE(MS("{get-property('t')}"), FAULT), COMPAT_DOCUMENTED, 0, 121000, TIMED_OUT,
	  "ENDPOINT_TIMEOUT of : 120 seconds", HEALTH_SUSPENDED },
	{ "T9", RULE(MS("200000"), FAULT), COMPAT_ORIGINAL, 0, 210000, TIMED_OUT, "",
	  HEALTH_SUSPENDED },
	{ "T10", RULE(MS("{get-property('unset')}"), FAULT), COMPAT_DOCUMENTED, 0, 121000,
	  TIMED_OUT, "WARN EndpointDefinition Error while evaluating dynamic endpoint timeout "
	  "expression: {get-property('unset')} in endpoint: 'N'. Using the Synapse global "
	  "timeout: 120000 as the effective timeout.", HEALTH_SUSPENDED },
	{ "T11", RULE(MS("0"), FAULT), COMPAT_ORIGINAL, 0, 15000, TIMED_OUT, "",
	  HEALTH_SUSPENDED },
	{ "T12", RULE(MS("2500"), FAULT), COMPAT_DOCUMENTED, 0, 3500, TIMED_OUT,
	  "ENDPOINT_TIMEOUT of : 2 seconds", HEALTH_SUSPENDED },
};
/* clang-format on */

static enum health_state state;

static void note_state(void *ctx, const struct endpoint_view *v)
{
	(void)ctx;
	if (v->health)
		state = health_state(v->health);
}

static enum health_state state_now(void)
{
	endpoint_each(once.node, note_state, NULL);
	return state;
}

Test(leaf, keeps_to_its_deadline)
{
	EACH(i, deadlines)
	{
		const uint64_t at = deadlines[i].fires_at;

		once_init(deadlines[i].compat, deadlines[i].inside);
		once.w.settings.timeout_handler_interval = deadlines[i].tick;
		once.w.backend[0] = (struct backend){ "http://A/", .silent = true };
		message_set_property(&once.run.x.message, SCOPE_DEFAULT, STR("t"),
				     value_int(200000));
		world_pass(&once.w, 1000);
		cr_expect_str_eq(once_send(at - 1001), "waits", "%s: %s",
				 deadlines[i].name, once.w.ending);
		cr_expect_eq(world_logged(&once.w, "Expiring message ID"), 0, "%s",
			     deadlines[i].name);
		world_pass(&once.w, 1);
		cr_expect_str_eq(world_ending(&once.w, &once.run), deadlines[i].ending,
				 "%s: %s", deadlines[i].name, once.w.ending);
		cr_expect_geq(world_logged(&once.w, deadlines[i].logged), 1, "%s: %s",
			      deadlines[i].name, world_log(&once.w));
		cr_expect_eq(world_logged(&once.w, "Expiring message ID"), 1, "%s",
			     deadlines[i].name);
		cr_expect_eq(state_now(), deadlines[i].state, "%s: %s", deadlines[i].name,
			     health_state_name(state_now()));
		cr_expect_eq(once.w.cancelled, 1, "%s: the backend's connection goes",
			     deadlines[i].name);
		once_release();
	}
}

/* clang-format off */
/* What a backend sees of "POST /api/x?y=1", whose postfix is /x?y=1 and body <a>1</a>. */
static const struct {
	const char *inside, *seen;
} requests[] = {
	{ "<address uri='http://h/api'/>", "POST http://h/api/x?y=1" },
	{ "<address uri='http://h/api/'/>", "POST http://h/api/x?y=1" },
	{ "<address uri='http://${host}/a'/>", "POST http://${host}/a/x?y=1" },
	{ "<address uri='http://${name}/a' format='soap11'/>", "POST http://n/a" },
	{ "<http method='get' uri-template='http://h/api'/>", "GET http://h/api" },
	{ "<http uri-template='http://h/api'/>", "POST http://h/api/x?y=1" },
	{ "<http method='Patch' uri-template='http://h/{uri.var.id}'/>", "PATCH http://h/a%20b" },
	{ "<http method='FETCH' uri-template='http://h/api'/>", "POST http://h/api/x?y=1" },
	{ "<http method='put' uri-template='http://h/{uri.var.own}'/><property name='uri.var.own' "
	  "value='own'/>", "PUT http://h/own" },
	{ "<http method='post' uri-template='legacy-encoding:http://h/{uri.var.id}'/>",
	  "POST http://h/a%20b" },
	{ "<default format='rest'/>", "POST http://to/api/x?y=1" },
	{ "<http method='delete'/>", "DELETE http://to/api" },
};
/* clang-format on */

static void set_incoming(struct world *w)
{
	w->incoming = (struct incoming){ .method = STR("POST"),
					 .target = STR("/api/x?y=1"),
					 .postfix = STR("/x?y=1"),
					 .rest = true };
}

static void set_message(struct message *m)
{
	m->to = STR("http://to/api");
	message_set_property(m, SCOPE_DEFAULT, STR("name"), value_str(STR("n")));
	message_set_property(m, SCOPE_DEFAULT, STR("uri.var.id"), value_str(STR("a b")));
	headers_set(&m->headers, STR("Content-Type"), STR("application/xml"));
	body_set(&m->body, STR("<a>1</a>"));
}

Test(leaf, sends_where_it_is_told)
{
	EACH(i, requests)
	{
		const struct seen *seen = &once.w.seen[0];
		char line[256];

		once_init(COMPAT_DOCUMENTED, requests[i].inside);
		set_incoming(&once.w);
		set_message(&once.run.x.message);
		once_send(1);
		cr_assert_eq(once.w.seen_count, 1, "%s: %s", requests[i].inside,
			     once.w.ending);
		snprintf(line, sizeof(line), STR_FMT " " STR_FMT, STR_ARG(seen->method),
			 STR_ARG(seen->url));
		cr_expect_str_eq(line, requests[i].seen, "%s: %s", requests[i].inside,
				 line);
		once_release();
	}
}

/* clang-format off */
/* In which form a body <a>1</a> of application/xml arrives (§11.1). */
static const struct {
	const char *format, *method, *type, *body;
} formats[] = {
	{ "", "POST", "Content-Type: application/xml\n", "<a>1</a>" },
	{ "rest", "POST", "Content-Type: application/xml\n", "<a>1</a>" },
	{ "POX", "POST", "Content-Type: application/xml", "<a>1</a>" },
	{ "soap11", "POST", "Content-Type: text/xml", "http://schemas.xmlsoap.org/soap/envelope/" },
	{ "soap12", "POST", "Content-Type: application/soap+xml",
	  "http://www.w3.org/2003/05/soap-envelope" },
	{ "get", "GET", "", "" },
};
/* clang-format on */

Test(leaf, sends_in_the_format_that_is_asked_for)
{
	EACH(i, formats)
	{
		const struct seen *seen = &once.w.seen[0];
		char inside[256];

		snprintf(inside, sizeof(inside), "<address uri='http://h/' format='%s'/>",
			 formats[i].format);
		once_init(COMPAT_DOCUMENTED, inside);
		set_incoming(&once.w);
		set_message(&once.run.x.message);
		once_send(1);
		cr_assert_eq(once.w.seen_count, 1, "%s: %s", inside, once.w.ending);
		cr_expect(str_eq(seen->method, str_of(formats[i].method)), "%s", inside);
		cr_expect(str_find_str(seen->headers, str_of(formats[i].type)) <
				  seen->headers.len + !*formats[i].type,
			  "%s: " STR_FMT, inside, STR_ARG(seen->headers));
		cr_expect(str_find_str(seen->body, str_of(formats[i].body)) <
				  seen->body.len + !*formats[i].body,
			  "%s: " STR_FMT, inside, STR_ARG(seen->body));
		cr_expect(str_eq(body_bytes(&once.run.x.message.body), STR("<a>1</a>")),
			  "%s: the message stays as it was", inside);
		once_release();
	}
}

Test(leaf, shows_who_it_is)
{
	once_init(COMPAT_DOCUMENTED,
		  "<http uri-template='http://A/'><authentication><basicAuth>"
		  "<username>ann</username><password>{get-property('secret')}</password>"
		  "</basicAuth></authentication></http>");
	message_set_property(&once.run.x.message, SCOPE_DEFAULT, STR("secret"),
			     value_str(STR("s3cret")));
	once_send(0);
	cr_expect(str_eq(once.w.seen[0].headers,
			 STR("Authorization: Basic YW5uOnMzY3JldA==\n")),
		  STR_FMT, STR_ARG(once.w.seen[0].headers));
	cr_expect_eq(once.run.x.message.headers.count, 0,
		     "the message has no such header");
	once_release();
}

Test(leaf, that_is_suspended_says_so_and_stays_as_it_is)
{
	static const struct {
		const char *inside, *text;
		bool off;
	} rows[] = {
		{ HTTP, "Currently, HTTP endpoint : [ Name : N ] [ State : SUSPENDED ]",
		  false },
		{ "<address uri='http://A/'/>",
		  "Currently , Address endpoint : [ Name : N ] [ State : SUSPENDED ]",
		  false },
		{ "<address uri='http://A/'/>",
		  "Currently , Address endpoint : [ Name : N ] [ State : MAINTNENCE ]",
		  true },
	};

	EACH(i, rows)
	{
		char text[256];

		once_init(COMPAT_DOCUMENTED, rows[i].inside);
		if (rows[i].off)
			endpoint_switch(once.node, false, 0);
		else
			world_run(&once.w, once.node, 0);
		world_clear(&once.w);
		snprintf(text, sizeof(text), "fault 303001 %s", rows[i].text);
		cr_expect_str_eq(once_send(0), text, "%s", once.w.ending);
		cr_expect_str_eq(once.w.sent, "");
		cr_expect_str_eq(once.run.x.fault.kind,
				 rows[i].off ? "off" : "suspended");
		once_release();
	}
}

Test(leaf, that_answers_an_error_status_has_not_failed)
{
	once_init(COMPAT_DOCUMENTED, HTTP);
	once.w.backend[0] = (struct backend){ "http://A/", .status = 503, .body = "no" };
	cr_expect_str_eq(once_send(0), "done");
	cr_expect_eq(state_now(), HEALTH_ACTIVE);
	cr_expect_eq(
		message_property(&once.run.x.message, SCOPE_AXIS2, STR("HTTP_SC")).number,
		503);
	once_release();
}

Test(leaf, fails_on_the_statuses_it_is_told)
{
	once_init(COMPAT_DOCUMENTED,
		  "<http uri-template='http://A/'><m:failOnStatus xmlns:m='urn:myelin'>"
		  "404, 500-503</m:failOnStatus></http>");
	once.w.backend[0] = (struct backend){ "http://A/", .status = 503 };
	cr_expect_str_eq(once_send(0), "fault 500503 HTTP status 503");
	cr_expect_str_eq(once.run.x.fault.kind, "status");
	cr_expect_eq(state_now(), HEALTH_SUSPENDED);
	once_release();
}

Test(leaf, takes_a_soap_fault_for_an_error_if_it_is_told_to)
{
	static const char fault[] =
		"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>"
		"<e:Fault><faultcode>e:Server</faultcode><faultstring>no</faultstring>"
		"</e:Fault></e:Body></e:Envelope>";

	for (int forced = 0; forced < 2; forced++) {
		once_init(COMPAT_DOCUMENTED, HTTP);
		once.w.backend[0] = (struct backend){
			"http://A/", .headers = "Content-Type: text/xml\n", .body = fault
		};
		if (forced)
			message_set_property(&once.run.x.message, SCOPE_DEFAULT,
					     STR("FORCE_ERROR_ON_SOAP_FAULT"),
					     value_str(STR("true")));
		cr_expect_str_eq(once_send(0), forced ? "fault 500000 " : "done");
		cr_expect_eq(state_now(), forced ? HEALTH_SUSPENDED : HEALTH_ACTIVE);
		once_release();
	}
}

Test(leaf, without_a_proper_address_fails_before_it_sends)
{
	once_init(COMPAT_DOCUMENTED, "<address uri='localhost:8183/x'/>");
	cr_expect_str_eq(once_send(0),
			 "fault 401003 Unexpected error during sending message out");
	cr_expect_eq(state_now(), HEALTH_SUSPENDED, "E13");
	once_release();
}

Test(leaf, that_the_client_left_cancels_the_attempt)
{
	once_init(COMPAT_DOCUMENTED, HTTP);
	once.w.backend[0] = (struct backend){ "http://A/", .silent = true };
	cr_expect_str_eq(once_send(5), "waits");
	exchange_cancel(&once.run.x);
	cr_expect_eq(once.w.cancelled, 1);
	cr_expect_eq(state_now(), HEALTH_ACTIVE);
	cr_expect_eq(timers_due(&once.w.engine.timers), UINT64_MAX);
	once_release();
}

Test(leaf, that_nobody_knows_by_this_key_is_a_fault)
{
	world_init(&once.w);
	once.node = world_compile(&once.w, "<call><endpoint key='missing'/></call>");
	cr_assert(once.node, "%s", world_complaint(&once.w));
	cr_expect_str_eq(
		world_run(&once.w, once.node, 0),
		"fault 305100 Couldn't find the endpoint with the key : missing");
	world_release(&once.w);
}

Test(leaf, in_a_circle_of_keys_is_a_fault_with_its_line)
{
	world_init(&once.w);
	world_deploy(&once.w, "<endpoint name='a' key='b'/>");
	world_deploy(&once.w, "<endpoint name='b' key='a'/>");
	world_run(&once.w, world_find(&once.w, REF_ENDPOINT, "a"), 0);
	cr_expect_eq(strncmp(once.w.ending, "fault 700100", 12), 0, "%s", once.w.ending);
	world_release(&once.w);
}

Test(leaf, that_failed_leaves_the_message_to_its_handler)
{
	static struct body_source source;

	once_init(COMPAT_DOCUMENTED, HTTP);
	once.w.backend[0] = (struct backend){ .url = "http://A/",
					      .fails = true,
					      .failure = FAILURE_READ,
					      .phase = PHASE_REQUEST_DONE,
					      .after = 5 };
	body_start(&once.run.x.message.body, &source, 5);
	cr_expect_str_eq(once_send(1), "waits");
	body_feed(&once.run.x.message.body, STR("hello"));
	body_settle(&once.run.x.message.body);
	body_end(&once.run.x.message.body, true);
	world_pass(&once.w, 5);
	cr_expect_str_eq(world_ending(&once.w, &once.run),
			 "fault 101503 Error in Sender");
	cr_expect(str_eq(once.w.seen[0].body, STR("hello")));
	cr_expect(str_eq(body_bytes(&once.run.x.message.body), STR("hello")));
	once_release();
}

Test(leaf, behind_a_key_that_is_computed)
{
	world_init(&once.w);
	world_deploy(&once.w, "<endpoint name='E1'><http uri-template='http://A/'/>"
			      "</endpoint>");
	once.w.backend[0] = (struct backend){ "http://A/" };
	world_deploy(&once.w,
		     "<sequence name='S'><property name='which' value='E1'/><call>"
		     "<endpoint key-expression=\"get-property('which')\"/></call><call>"
		     "<endpoint key=\"{get-property('which')}\"/></call><property "
		     "name='which' value='E2'/><call><endpoint "
		     "key=\"{get-property('which')}\"/></call></sequence>");
	cr_expect_str_eq(world_run(&once.w, world_find(&once.w, REF_SEQUENCE, "S"), 0),
			 "fault 305100 Couldn't find the endpoint with the key : E2");
	cr_expect_eq(once.w.seen_count, 2);
	world_release(&once.w);
}

/* Half open: one probe, and whoever comes meanwhile is told it is suspended. */
Test(leaf, lets_one_probe_through_when_half_open)
{
	struct run probe;

	once_init(COMPAT_DOCUMENTED, HTTP);
	once.w.settings.half_open = true;
	world_run(&once.w, once.node, 0);
	world_pass(&once.w, 30000);
	once.w.backend[0] = (struct backend){ "http://A/", .after = 10 };
	world_begin(&once.w, &probe);
	world_start(&probe, once.node);
	world_pass(&once.w, 1);
	cr_expect_eq(strncmp(once_send(0), "fault 303001", 12), 0, "%s", once.w.ending);
	world_pass(&once.w, 10);
	cr_expect_str_eq(world_ending(&once.w, &probe), "done");
	world_end(&probe);
	cr_expect_str_eq(world_run(&once.w, once.node, 10), "done");
	once_release();
}
