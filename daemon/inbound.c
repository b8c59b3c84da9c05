#include "daemon/inbound.h"

#include "base/crypto.h"
#include "daemon/cors.h"
#include "daemon/worker.h"
#include "endpoint/error_code.h"

static const char handler[] = "org.apache.synapse.transport.passthru.SourceHandler";
static const char log_mediator[] = "org.apache.synapse.mediators.builtin.LogMediator";

static void release(struct inbound *in)
{
	struct worker *w = in->worker;
	struct arena kept = in->kept;

	list_remove(&in->link);
	list_remove(&in->fresh);
	timer_clear(&w->engine.timers, &in->patience);
	exchange_release(&in->x);
	body_release(&in->body);
	served_let_go(w, in->served);
	w->under_way--;
	atomic_store_explicit(&w->stats.under_way, w->under_way, memory_order_relaxed);
	arena_release(&kept);
}

static void count(const struct inbound *in, bool failed)
{
	if (in->stats)
		stats_count(in->stats, failed, in->worker->engine.timers.now - in->began);
}

/* The reply broke off when its head had gone to the client (endpoints.md §5.2 row 20). */
static void tell_broken(struct inbound *in)
{
	const struct body *b = in->response.body;
	const char *url;

	if (!b || b->state != BODY_BROKEN || !b->broke)
		return;
	url = arena_printf(in->arena, STR_FMT ":%u", STR_ARG(b->broke->host),
			   b->broke->port);
	error_log(&in->x, b->broke, in->incoming.method, str_of(url),
		  in->worker->settings->endpoints.socket_timeout);
}

static void finished(struct http_call *c, bool sent)
{
	struct inbound *in = c->owner;

	if (!sent)
		tell_broken(in);
	count(in, !sent || in->response.status >= 500);
	release(in);
}

/* The client went away before it was answered: nothing is done for it any more. */
static void gone(struct http_call *c)
{
	struct inbound *in = c->owner;

	if (log_is_on(LOG_DEBUG, handler))
		exchange_log(&in->x, LOG_DEBUG, handler,
			     "client " STR_FMT ":%u went away before it was answered",
			     STR_ARG(c->remote), c->remote_port);
	exchange_cancel(&in->x);
	in->response = (struct http_response){ .status = 499 };
	inbound_send(in);
}

void inbound_send(struct inbound *in)
{
	cors_mark(in);
	in->worker->answer(in->call, &in->response, finished);
}

void inbound_hang_up(struct inbound *in)
{
	http_hang_up(in->call, finished);
}

static void done(struct exchange *x, void *ctx)
{
	struct inbound *in = ctx;

	if (x->answered)
		release(in);
	else
		inbound_answer(in);
}

#define AT(member) offsetof(struct inbound, member)

/* The fields that are asked for on each request, found in one pass. */
static const size_t members[HEADER_FIELDS] = {
	[HEADER_HOST] = AT(incoming.host),
	[HEADER_ACCEPT] = AT(accept),
	[HEADER_ORIGIN] = AT(origin),
	[HEADER_CONTENT_TYPE] = AT(content_type),
	[HEADER_SOAP_ACTION] = AT(soap_action),
	[HEADER_ACTIVITY_ID] = AT(activity),
	[HEADER_CORRELATION_ID] = AT(correlation),
	[HEADER_TRACEPARENT] = AT(trace),
};

static void look_at_headers(struct inbound *in, const struct headers *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		const size_t member = members[h->at[i].field];

		if (member)
			*(struct str *)((char *)in + member) = h->at[i].value;
	}
}

/* Kept if the client sent one (decisions.md §5), else made. */
static struct str correlate(struct inbound *in)
{
	char *made;

	if (in->activity.len)
		return in->activity;
	if (in->correlation.len)
		return in->correlation;
	/* version-trace-parent-flags */
	if (in->trace.len == 55)
		return str_first(str_from(in->trace, 3), 32);
	made = arena_alloc_dirty(in->arena, 37);
	uuid_make(made);
	return (struct str){ made, 36 };
}

/* mediation.md §1.2; text/xml without a SOAPAction is plain XML (decisions.md §3). */
static bool is_rest(const struct inbound *in)
{
	if (in->content_type.len < 8)
		return true;
	if (str_eq_nocase(str_first(in->content_type, 20), STR("application/soap+xml")))
		return false;
	return !in->soap_action.at ||
	       !str_eq_nocase(str_first(in->content_type, 8), STR("text/xml"));
}

static void describe(struct inbound *in, struct http_call *c)
{
	struct incoming *i = &in->incoming;

	i->method = c->method;
	i->target = c->target;
	i->transport = c->secure ? STR("https") : STR("http");
	i->remote = c->remote;
	i->port = c->port;
	look_at_headers(in, &c->headers);
	if (!i->host.len)
		i->host = str_of(arena_printf(&c->arena, "127.0.0.1:%u", c->port));
	i->correlation = correlate(in);
	i->rest = is_rest(in);
}

static struct inbound *inbound_new(struct worker *w, struct http_call *c)
{
	struct inbound *in = arena_new(&c->arena, struct inbound);

	in->worker = w;
	in->call = c;
	in->arena = &c->arena;
	in->served = served_hold(w);
	in->began = w->engine.timers.now;
	list_init(&in->link);
	list_init(&in->fresh);
	list_add_last(&w->inbounds, &in->link);
	headers_init(&in->headers, &c->arena);
	body_init(&in->body, &c->arena);
	describe(in, c);
	exchange_init(&in->x, &w->engine, &in->incoming, &in->served->around);
	in->x.names = &in->served->deployment->names;
	in->x.message.headers = c->headers;
	in->x.message.to = c->target;
	body_move(&in->x.message.body, &c->body);
	in->x.done = done;
	in->x.ctx = in;
	c->owner = in;
	c->gone = gone;
	w->under_way++;
	atomic_store_explicit(&w->stats.under_way, w->under_way, memory_order_relaxed);
	return in;
}

static void start(struct inbound *in, const struct node *node)
{
	in->where = node->where;
	in->started = true;
	list_add_last(&in->worker->fresh, &in->fresh);
	exchange_start(&in->x, node);
}

/* A sequence as if it were the inSequence of a resource; false: there is none. */
static bool start_sequence(struct inbound *in, const char *name)
{
	const struct names *names = in->x.names;
	const struct node *sequence = names->find(names, REF_SEQUENCE, str_of(name));

	if (!sequence)
		return false;
	in->stray = (struct resource){
		.node = { .type = &resource_type, .where = sequence->where },
		.in = sequence,
	};
	start(in, &in->stray.node);
	return true;
}

static void answer_unknown(struct inbound *in)
{
	if (start_sequence(in, "main"))
		return;
	log_line(LOG_INFO, log_mediator,
		 "main sequence executed for call to non-existent = " STR_FMT,
		 STR_ARG(in->incoming.target));
	inbound_answer_status(in, 404, STR(""));
}

static void answer_mismatch(struct inbound *in, const struct route *route,
			    unsigned status)
{
	if (!route->status_sequence || !start_sequence(in, route->status_sequence))
		inbound_answer_status(in, status, route->allow);
}

static void follow(struct inbound *in, const struct route *route)
{
	switch (route->result) {
	case ROUTE_FOUND:
		if (route->is_plain)
			cors_begin(in);
		start(in, &route->resource->node);
		break;
	case ROUTE_NO_API:
		answer_unknown(in);
		break;
	case ROUTE_NO_RESOURCE:
		answer_mismatch(in, route, 404);
		break;
	case ROUTE_BAD_METHOD:
		answer_mismatch(in, route, 405);
		break;
	case ROUTE_BAD_REQUEST:
		inbound_answer_status(in, 400, STR(""));
		break;
	case ROUTE_FORBIDDEN:
		inbound_answer_status(in, 403, STR(""));
		break;
	case ROUTE_OPTIONS:
		if (route->is_plain)
			cors_answer_options(in, route->allow);
		else
			inbound_answer_status(in, 200, route->allow);
		break;
	}
}

static void nothing_to_do(struct http_call *c, bool sent)
{
	(void)c;
	(void)sent;
}

static void refuse(struct worker *w, struct http_call *c)
{
	static const struct http_response full = { .status = 503 };
	const unsigned long long old = atomic_load(&w->stats.refused);

	refusals_tell(&w->refusals, w->engine.timers.now,
		      &(struct refusal){ 503,
					 w->crowded ? "more than server.max_memory"
						    : "more than http.max_exchanges",
					 c->remote.at, c->remote_port });
	atomic_store(&w->stats.refused, old + 1);
	w->answer(c, &full, nothing_to_do);
}

void inbound_take(void *ctx, struct http_call *c)
{
	struct worker *w = ctx;

	if (w->divert && w->divert(w->diverted_to, w, c))
		return;
	if (w->under_way >= w->most) {
		refuse(w, c);
		return;
	}

	struct inbound *in = inbound_new(w, c);
	const struct route route = routes_find(in->served->deployment->routes,
					       &in->incoming, &in->x.message);

	if (route.origin)
		in->x.origin = route.origin;
	if (in->incoming.api.len)
		in->stats = stats_service(&w->stats, in->incoming.api, "api");
	follow(in, &route);
}

/*
 * The client is answered, its exchange goes on: what the call holds is the exchange's
 * from now on.
 */
static void accept_early(struct inbound *in)
{
	static const struct http_response accepted = { .status = 202 };
	struct http_call *c = in->call;
	struct message *m = &in->x.message;

	count(in, false);
	in->stats = NULL;
	in->x.answered = true;
	in->call = NULL;
	in->kept = c->arena;
	in->arena = &in->kept;
	in->headers.arena = in->body.arena = &in->kept;
	if (m->headers.arena == &c->arena)
		m->headers.arena = &in->kept;
	if (m->body.arena == &c->arena)
		m->body.arena = &in->kept;
	c->arena = (struct arena){ NULL, NULL };
	c->gone = NULL;
	in->worker->answer(c, &accepted, nothing_to_do);
}

static bool wants_early_answer(const struct inbound *in)
{
	const struct exchange *x = &in->x;

	return x->top && x->message.body.state != BODY_ARRIVING &&
	       property_is_true(properties_get(&x->message.properties[SCOPE_AXIS2],
					       STR("FORCE_SC_ACCEPTED"), NULL));
}

void inbound_after_event(struct worker *w)
{
	struct link *next;

	for (struct link *at = w->fresh.next; at != &w->fresh; at = next) {
		struct inbound *in = list_item(at, struct inbound, fresh);

		next = at->next;
		if (in->x.collecting)
			continue;
		list_remove(at);
		if (wants_early_answer(in))
			accept_early(in);
	}
}
