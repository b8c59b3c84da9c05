#include "daemon/own_listeners.h"

#include "net/http_server.h"

static const char manager[] =
	"org.apache.synapse.transport.passthru.core.PassThroughListeningIOReactorManager";

/* --bind covers these as well; else what stands before the port. */
static const char *address_of(const struct worker *w, const struct listened *l,
			      struct arena *a)
{
	const struct str everywhere = STR("0.0.0.0");
	struct str host = l->address;
	size_t colon = host.len;

	if (!str_eq(w->settings->bind, everywhere))
		return arena_copy(a, w->settings->bind).at;
	while (colon > 0 && host.at[colon - 1] != ':')
		colon--;
	host = str_first(host, colon ? colon - 1 : 0);
	if (!host.len || str_eq(host, STR("*")))
		host = everywhere;
	if (str_eq(host, STR("localhost")))
		host = STR("127.0.0.1");
	return arena_copy(a, host).at;
}

static void complain(const struct worker *w, const struct listened *l, const char *why)
{
	if (w->number == 0)
		log_line(LOG_ERROR, manager, "%s:%u: port %u cannot be opened: %s",
			 l->where.file, l->where.line, l->port, why);
}

/* All workers do the same; the first one tells of it. */
static void open_one(struct worker *w, const struct listened *l)
{
	struct arena a = { 0 };
	struct fault why = { 0 };
	const char *address = address_of(w, l, &a);
	unsigned port = l->port;
	const bool opened = worker_listen(w, address, &port, l->secure ? w->tls : NULL,
					  &why);

	if (opened) {
		w->listeners[w->listener_count - 1].own = true;
		w->listeners[w->listener_count - 1].wanted = true;
	}
	if (opened && w->number == 0)
		log_line(LOG_INFO, manager, "Pass-through %s Listener started on %s:%u",
			 l->secure ? "HTTPS" : "HTTP", address, port);
	else if (!opened)
		complain(w, l, why.text);
	arena_release(&a);
}

/* NULL: nobody else listens there. */
static const char *whose(const struct worker *w, const struct listened *l)
{
	if (l->port == w->settings->admin_port)
		return "it is the management API's, see --admin-port";
	if (l->port == w->settings->probe_port)
		return "it is that of probes and metrics, see --probe-port";
	return NULL;
}

static void leave(struct listener *l)
{
	l->leaving = true;
	http_server_drain(l->server);
}

/* Who asks first has it; what was open before and is the other of HTTP and HTTPS goes. */
static void want(void *ctx, const struct listened *l)
{
	struct worker *w = ctx;
	struct listener *open = worker_listener(w, l->port);
	const char *taken = whose(w, l);

	if (open && open->secure != l->secure && !open->wanted) {
		leave(open);
		open = NULL;
	}
	if (open && open->secure != l->secure)
		taken = open->secure ? "it is one of HTTPS" : "it is one of HTTP";
	if (taken)
		complain(w, l, taken);
	else if (open)
		open->wanted = true;
	else
		open_one(w, l);
}

void own_listeners_follow(struct worker *w)
{
	for (unsigned i = 0; i < w->listener_count; i++)
		w->listeners[i].wanted = !w->listeners[i].own;
	routes_listeners(w->served->deployment->routes, want, w);
	for (unsigned i = 0; i < w->listener_count; i++) {
		struct listener *l = &w->listeners[i];

		if (!l->wanted && !l->leaving)
			leave(l);
	}
}

void own_listeners_tidy(struct worker *w)
{
	for (unsigned i = 0; i < w->listener_count;) {
		struct listener *l = &w->listeners[i];

		if (!l->leaving || http_server_busy(l->server) > 0) {
			i++;
			continue;
		}
		http_server_close(l->server);
		*l = w->listeners[--w->listener_count];
	}
}
