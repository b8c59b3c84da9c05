#include "endpoint/error_code.h"

static const char connecting[] = "Error connecting to the back end";
static const char sending[] = "Error in Sender";

/* By failure_kind; the base of each is what the original raises. */
static const struct error_code codes[] = {
	[FAILURE_DNS] = { FAULT_CONNECTION_FAILED, 0, connecting, "dns" },
	[FAILURE_REFUSED] = { FAULT_CONNECTION_FAILED, 0, connecting, "connect_refused" },
	[FAILURE_CONNECT_TIMEOUT] = { FAULT_CONNECT_TIMEOUT, 0, connecting,
				      "connect_timeout" },
	[FAILURE_CANCELLED] = { FAULT_CONNECT_CANCEL, 0, connecting,
				"connect_cancelled" },
	[FAILURE_TLS] = { FAULT_SND_IO, 0, sending, "tls" },
	[FAILURE_POOL_FULL] = { FAULT_CONNECTION_TIMEOUT, 0,
				"No available connections to serve the request",
				"pool_full" },
	[FAILURE_QUEUE_FULL] = { FAULT_CONNECTION_TIMEOUT, 0,
				 "Number of queued messages exceeds the limit",
				 "pool_full" },
	[FAILURE_READ] = { FAULT_SND_IO, 0, sending, "reset" },
	[FAILURE_WRITE] = { FAULT_SND_IO, 0, sending, "reset" },
	[FAILURE_IDLE] = { FAULT_CONNECTION_TIMEOUT, 0, sending, "idle_timeout" },
	[FAILURE_CLOSED] = { FAULT_CONNECTION_CLOSED, 0, sending, "closed_early" },
	[FAILURE_PROTOCOL] = { FAULT_PROTOCOL_VIOLATION, 0, sending, "protocol" },
	[FAILURE_BAD_URL] = { FAULT_NONBLOCKING_CALL, 0,
			      "Unexpected error during sending message out", "bad_url" },
	[FAILURE_UNSENDABLE] = { FAULT_SND_HTTP, 0, sending, "unsendable" },
};

/* Whether the phase counts; what never got a connection is phase 0 in any case. */
static bool has_phase(enum failure_kind kind)
{
	switch (kind) {
	case FAILURE_DNS:
	case FAILURE_REFUSED:
	case FAILURE_CONNECT_TIMEOUT:
	case FAILURE_CANCELLED:
	case FAILURE_TLS:
	case FAILURE_POOL_FULL:
	case FAILURE_QUEUE_FULL:
	case FAILURE_BAD_URL:
	case FAILURE_UNSENDABLE:
		return false;
	case FAILURE_READ:
	case FAILURE_WRITE:
	case FAILURE_IDLE:
	case FAILURE_CLOSED:
	case FAILURE_PROTOCOL:
		return true;
	}
	return false;
}

struct error_code error_code_of(const struct failure *f)
{
	struct error_code code = codes[f->kind];

	if (!has_phase(f->kind))
		return code;
	code.phase = (int)f->phase;
	if (f->kind == FAILURE_WRITE && f->phase == PHASE_REQUEST_HEAD)
		code.base = FAULT_SND_HTTP; /* the writer's own base: 102511 */
	/* Nothing was sent on it: a handshake that broke, say (§5.2 row 6). */
	if (f->kind == FAILURE_CLOSED && f->phase == PHASE_CONNECTING)
		code.base = FAULT_SND_IO;
	return code;
}

const char *error_detail(const struct failure *f, struct arena *a)
{
	return arena_printf(a, "%s: " STR_FMT ":%u: %s", codes[f->kind].kind,
			    STR_ARG(f->host), f->port, f->text ? f->text : "");
}

/* host/ADDRESS:PORT as Java prints a socket address; a literal has no host before. */
static const char *place(const struct failure *f, struct arena *a)
{
	const bool literal = str_eq(f->host, f->address);

	if (!f->address.len)
		return arena_printf(a, STR_FMT ":%u", STR_ARG(f->host), f->port);
	return arena_printf(a, STR_FMT "/" STR_FMT ":%u",
			    STR_ARG(literal ? STR("") : f->host), STR_ARG(f->address),
			    f->port);
}

static const char *describe(enum send_phase phase)
{
	switch (phase) {
	case PHASE_CONNECTING:
		return "when Server establishing a connection to the backend";
	case PHASE_REQUEST_HEAD:
		return "after Server written the request headers but prior to write the "
		       "request body to the backend";
	case PHASE_REQUEST_DONE:
		return "after Server written the request headers and the request body to "
		       "the backend";
	case PHASE_RESPONSE_HEAD:
	case PHASE_RESPONSE_BODY:
		return "after Server read the response headers but prior to reading the "
		       "response body from the backend";
	}
	return "";
}

static const char *state_name(enum send_phase phase)
{
	switch (phase) {
	case PHASE_CONNECTING:
		return "REQUEST_READY";
	case PHASE_REQUEST_HEAD:
		return "REQUEST_HEAD";
	case PHASE_REQUEST_DONE:
		return "REQUEST_DONE";
	case PHASE_RESPONSE_HEAD:
		return "RESPONSE_HEAD";
	case PHASE_RESPONSE_BODY:
		return "RESPONSE_BODY";
	}
	return "";
}

/* L23, L25, L26: what happened, its cause, and everything about the request. */
static void log_handler(struct exchange *x, const struct failure *f, const char *what,
			const char *cause, struct str method, struct str url,
			const char *tail)
{
	const struct incoming *in = x->message.incoming;

	log_line(LOG_WARN, "org.apache.synapse.transport.passthru.TargetHandler",
		 "ERROR_CODE = %d, STATE_DESCRIPTION = %s %s, INTERNAL_STATE = %s, "
		 "DIRECTION = "
		 "%s, CAUSE_OF_ERROR = %s, TARGET_HOST = " STR_FMT ", TARGET_PORT = %u, "
		 "TARGET_CONTEXT = " STR_FMT ", HTTP_METHOD = " STR_FMT
		 ", TRIGGER_TYPE = %s, "
		 "TRIGGER_NAME = %s, REMOTE_ADDRESS = " STR_FMT
		 ", %sCORRELATION_ID = " STR_FMT "%s",
		 error_code_of(f).base, what, describe(f->phase), state_name(f->phase),
		 f->phase <= PHASE_REQUEST_DONE ? "REQUEST" : "RESPONSE", cause,
		 STR_ARG(f->host), f->port, STR_ARG(url), STR_ARG(method),
		 x->origin->trigger, x->origin->name, STR_ARG(f->address),
		 *tail ? arena_printf(&x->arena, "CONNECTION = %s, %s, ",
				      place(f, &x->arena), tail)
		       : "",
		 STR_ARG(in->correlation),
		 *tail ? ""
		       : arena_printf(&x->arena, ", CONNECTION = %s",
				      place(f, &x->arena)));
}

static void log_connect(struct exchange *x, const struct failure *f, const char *text)
{
	log_line(LOG_WARN, "org.apache.synapse.transport.passthru.ConnectCallback",
		 "%s : %s", text, place(f, &x->arena));
}

static void log_pool(struct exchange *x, const struct failure *f)
{
	log_line(LOG_WARN,
		 "org.apache.synapse.transport.passthru.connections.TargetConnections",
		 "Connection pool reached maximum allowed connections for route %s. "
		 "Target server may have become slow",
		 place(f, &x->arena));
}

static const char *cause(struct exchange *x, const char *what, const struct failure *f)
{
	return arena_printf(&x->arena, "%s : %s", what, f->text ? f->text : "");
}

void error_log(struct exchange *x, const struct failure *f, struct str method,
	       struct str url, uint64_t idle_ms)
{
	const char *text;

	switch (f->kind) {
	case FAILURE_DNS:
	case FAILURE_REFUSED:
		log_connect(x, f, "Connection refused or failed for");
		break;
	case FAILURE_CONNECT_TIMEOUT:
		log_connect(x, f, "Timeout connecting to");
		break;
	case FAILURE_CANCELLED:
		log_connect(x, f, "Connection cancelled for");
		break;
	case FAILURE_POOL_FULL:
		log_pool(x, f);
		break;
	case FAILURE_QUEUE_FULL:
		log_line(LOG_WARN, "org.apache.synapse.transport.passthru.DeliveryAgent",
			 "Delivery agent queue length exceeds the maximum number of "
			 "waiting messages");
		break;
	case FAILURE_TLS:
	case FAILURE_READ:
	case FAILURE_WRITE:
	case FAILURE_UNSENDABLE:
		log_handler(x, f, "Exception occurred", cause(x, "I/O exception", f),
			    method, url, "");
		break;
	case FAILURE_PROTOCOL:
		log_line(LOG_WARN, "org.apache.synapse.transport.passthru.TargetHandler",
			 "HTTP protocol violation : %s", f->text ? f->text : "");
		log_handler(x, f, "Exception occurred",
			    cause(x, "HTTP Protocol violation", f), method, url, "");
		break;
	case FAILURE_IDLE:
		text = arena_printf(&x->arena, "SOCKET_TIMEOUT = %llu",
				    (unsigned long long)idle_ms);
		log_handler(x, f, "Socket Timeout occurred",
			    "Connection between the WSO2 Server and the BackEnd timeouts",
			    method, url, text);
		break;
	case FAILURE_CLOSED:
		log_handler(
			x, f, "Connection closed by target host",
			"Connection between the Server and the BackEnd has been closed",
			method, url, "");
		break;
	case FAILURE_BAD_URL:
		log_line(LOG_ERROR,
			 "org.apache.synapse.core.axis2.Axis2FlexibleMEPClient",
			 "Unexpected error during sending message out : " STR_FMT,
			 STR_ARG(url));
		break;
	}
}
