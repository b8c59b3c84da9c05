#include "daemon/own_listeners.h"

#include "net/http_server.h"

static const char manager[] =
	"org.apache.synapse.transport.passthru.core.PassThroughListeningIOReactorManager";

static struct listener *find(struct worker *w, unsigned port)
{
	for (unsigned i = 0; i < w->listener_count; i++)
		if (w->listeners[i].port == port && !w->listeners[i].leaving)
			return &w->listeners[i];
	return NULL;
}

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
	else if (!opened && w->number == 0)
		log_line(LOG_ERROR, manager, "%s:%u: port %u cannot be opened: %s",
			 l->where.file, l->where.line, port, why.text);
	arena_release(&a);
}

static void want(void *ctx, const struct listened *l)
{
	struct worker *w = ctx;
	struct listener *open = find(w, l->port);

	if (open)
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

		if (!l->wanted && !l->leaving) {
			l->leaving = true;
			http_server_drain(l->server);
		}
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
