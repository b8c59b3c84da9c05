/*
 * The built-in answer to a fault that nobody handled: never a hang, never 202
 * (decisions.md F5). With it come the lines of the original's default fault sequence.
 */
#include <stdio.h>

#include "daemon/inbound.h"
#include "message/json.h"
#include "message/xml.h"

enum { LONGEST_ANSWER = 64 * 1024 };
enum form { FORM_JSON, FORM_XML, FORM_SOAP_11, FORM_SOAP_12 };

/* The words of an answer: name and text, in their order. */
struct words {
	struct word {
		const char *name, *text;
	} at[5];
	unsigned count;
};

static const struct {
	const char *kind;
	unsigned status;
} statuses[] = {
	{ "too_large", 413 },
	{ "connect_refused", 503 },
	{ "connect_timeout", 503 },
	{ "dns", 503 },
	{ "tls", 503 },
	{ "pool_full", 503 },
	{ "none_ready", 503 },
	{ "suspended", 503 },
	{ "off", 503 },
	{ "deadline", 504 },
	{ "idle_timeout", 504 },
	{ "reset", 502 },
	{ "closed_early", 502 },
	{ "protocol", 502 },
	{ "status", 502 }, /* <m:failOnStatus> */
	{ "soap_fault", 502 },
	{ "connect_cancelled", 503 },
};

static unsigned status_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (strcmp(kind, statuses[i].kind) == 0)
			return statuses[i].status;
	return 500;
}

static const char *kind_of(const struct fault *f)
{
	if (f->kind)
		return f->kind;
	return f->code == FAULT_NO_ENDPOINT ? "no_endpoint" : "mediation";
}

static bool names(struct str media_types, struct str what)
{
	return str_find_str(media_types, what) < media_types.len;
}

static enum form form_of(const struct inbound *in)
{
	const bool soap = !in->incoming.rest;

	if (soap)
		return names(in->content_type, STR("soap+xml")) ? FORM_SOAP_12
								: FORM_SOAP_11;
	if (names(in->accept, STR("json")))
		return FORM_JSON;
	if (names(in->accept, STR("xml")))
		return FORM_XML;
	return names(in->content_type, STR("xml")) ? FORM_XML : FORM_JSON;
}

static void say(struct words *w, const char *name, const char *text)
{
	if (text)
		w->at[w->count++] = (struct word){ name, text };
}

static struct words words_of(const struct fault *f, char code[16])
{
	struct words w = { .count = 0 };

	snprintf(code, 16, "%d", f->code);
	say(&w, "code", f->code_text ? f->code_text : code);
	say(&w, "message", f->text ? f->text : "");
	say(&w, "detail", f->detail ? f->detail : f->text);
	say(&w, "kind", kind_of(f));
	say(&w, "endpoint", f->endpoint);
	return w;
}

static void write_json(const struct words *w, struct buf *to)
{
	buf_add_char(to, '{');
	for (unsigned i = 0; i < w->count; i++) {
		buf_printf(to, "%s\"%s\":", i ? "," : "", w->at[i].name);
		json_write_string(str_of(w->at[i].text), to);
	}
	buf_add_char(to, '}');
}

static void write_xml(const struct words *w, struct buf *to)
{
	buf_add(to, STR("<fault xmlns=\"urn:myelin\">"));
	for (unsigned i = 0; i < w->count; i++) {
		buf_printf(to, "<%s>", w->at[i].name);
		xml_escape(str_of(w->at[i].text), to);
		buf_printf(to, "</%s>", w->at[i].name);
	}
	buf_add(to, STR("</fault>"));
}

static void write_soap_11(const struct words *w, const char *text, struct buf *to)
{
	buf_add(to, STR("<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/"
			"soap/envelope/\"><soapenv:Body><soapenv:Fault>"
			"<faultcode>soapenv:Server</faultcode><faultstring>"));
	xml_escape(str_of(text), to);
	buf_add(to, STR("</faultstring><detail>"));
	write_xml(w, to);
	buf_add(to, STR("</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"));
}

static void write_soap_12(const struct words *w, const char *text, struct buf *to)
{
	buf_add(to, STR("<soapenv:Envelope xmlns:soapenv=\"http://www.w3.org/2003/05/"
			"soap-envelope\"><soapenv:Body><soapenv:Fault><soapenv:Code>"
			"<soapenv:Value>soapenv:Receiver</soapenv:Value></soapenv:Code>"
			"<soapenv:Reason><soapenv:Text xml:lang=\"en\">"));
	xml_escape(str_of(text), to);
	buf_add(to, STR("</soapenv:Text></soapenv:Reason><soapenv:Detail>"));
	write_xml(w, to);
	buf_add(to, STR("</soapenv:Detail></soapenv:Fault></soapenv:Body>"
			"</soapenv:Envelope>"));
}

/* Its media type. */
static struct str write(enum form form, const struct fault *f, struct buf *to)
{
	char code[16];
	const struct words w = words_of(f, code);

	switch (form) {
	case FORM_JSON:
		write_json(&w, to);
		break;
	case FORM_XML:
		write_xml(&w, to);
		return STR("application/xml; charset=UTF-8");
	case FORM_SOAP_11:
		write_soap_11(&w, f->text ? f->text : "", to);
		return STR("text/xml; charset=UTF-8");
	case FORM_SOAP_12:
		write_soap_12(&w, f->text ? f->text : "", to);
		return STR("application/soap+xml; charset=UTF-8");
	}
	return STR("application/json; charset=UTF-8");
}

/* What <log level="full"> of the shipped fault.xml says, without the payload. */
static void log_as_the_original(struct inbound *in)
{
	struct exchange *x = &in->x;
	const struct fault *f = &x->fault;
	char code[16];

	snprintf(code, sizeof(code), "%d", f->code);
	log_line(LOG_WARN, "org.apache.synapse.mediators.MediatorFaultHandler",
		 "Executing fault sequence mediator : fault");
	exchange_log(x, LOG_INFO, "org.apache.synapse.mediators.builtin.LogMediator",
		     "To: " STR_FMT ", MessageID: urn:uuid:" STR_FMT
		     ", correlation_id: " STR_FMT ", Direction: request, "
		     "MESSAGE = Executing default 'fault' sequence, ERROR_CODE = %s, "
		     "ERROR_MESSAGE = %s",
		     STR_ARG(in->incoming.target), STR_ARG(in->incoming.correlation),
		     STR_ARG(in->incoming.correlation),
		     f->code_text ? f->code_text : code, f->text ? f->text : "");
}

static void hang_up(void *ctx)
{
	inbound_hang_up(ctx);
}

/*
 * As the original (endpoints.md §7.5): what failed before anything was handed to a
 * sender is acknowledged, for the rest nobody ever answers, until the listener's socket
 * timeout closes the connection.
 */
static void leave_hanging(struct inbound *in)
{
	struct timers *timers = &in->worker->engine.timers;
	const int code = in->x.fault.code;

	if (code / 1000 == 303 || code == FAULT_NO_ENDPOINT || code == FAULT_MEDIATION) {
		inbound_answer_status(in, 202, STR(""));
		return;
	}
	timer_init(&in->patience, hang_up, in);
	timer_set(timers, &in->patience,
		  timers->now + in->worker->settings->endpoints.socket_timeout);
}

void inbound_answer_fault(struct inbound *in)
{
	const struct fault *f = &in->x.fault;
	struct str type;
	struct buf text;

	log_as_the_original(in);
	if (in->worker->settings->endpoints.compat == COMPAT_ORIGINAL) {
		leave_hanging(in);
		return;
	}
	buf_init(&text, LONGEST_ANSWER);
	type = write(form_of(in), f, &text);
	headers_add(&in->headers, STR("Content-Type"), type);
	body_set(&in->body, arena_copy(in->arena, buf_str(&text)));
	buf_release(&text);
	in->response = (struct http_response){
		.status = status_of(kind_of(f)),
		.headers = &in->headers,
		.body = &in->body,
	};
	inbound_send(in);
}
