/* Where to: names and their addresses, and the connections that wait there. */
#include <stdlib.h>

#include "net/client_priv.h"

struct lookup {
	uv_getaddrinfo_t uv;
	struct loop *loop;
	struct destination *destination; /* NULL: nobody wants to know any more */
};

static void add_address(struct destination *d, const struct sockaddr *a)
{
	struct sockaddr_storage *to = &d->addresses[d->address_count];
	const unsigned short port = htons((unsigned short)d->port);

	if (d->address_count == MOST_ADDRESSES)
		return;
	if (a->sa_family == AF_INET) {
		memcpy(to, a, sizeof(struct sockaddr_in));
		((struct sockaddr_in *)to)->sin_port = port;
	} else {
		memcpy(to, a, sizeof(struct sockaddr_in6));
		((struct sockaddr_in6 *)to)->sin6_port = port;
	}
	d->address_count++;
}

/* A host that is an address needs no lookup, ever. */
static void take_literal(struct destination *d)
{
	struct sockaddr_storage a;

	if (uv_ip4_addr(d->host, 0, (struct sockaddr_in *)&a) != 0 &&
	    uv_ip6_addr(d->host, 0, (struct sockaddr_in6 *)&a) != 0)
		return;
	add_address(d, (const struct sockaddr *)&a);
	d->known_until = UINT64_MAX;
}

static struct destination *destination_new(struct http_client *c, const struct request *r,
					   const struct url *u)
{
	struct destination *d = arena_new(&c->arena, struct destination);

	d->client = c;
	d->host = arena_copy(&c->arena, u->host).at;
	d->port = u->port;
	d->tls = u->tls;
	d->trust = r->tls;
	list_init(&d->idle_first);
	list_init(&d->waiting);
	take_literal(d);
	d->older = c->newest;
	c->newest = d;
	return d;
}

struct destination *destination_of(struct http_client *c, const struct request *r,
				   const struct url *u)
{
	struct destination *first = map_get(&c->destinations, u->origin), *d = first;

	while (d && d->trust != r->tls)
		d = d->same_url;
	if (d)
		return d;
	d = destination_new(c, r, u);
	d->same_url = first;
	map_set(&c->destinations, arena_copy(&c->arena, u->origin), d);
	return d;
}

static void take_addresses(struct destination *d, const struct addrinfo *all)
{
	static const int families[] = { AF_INET, AF_INET6 };

	d->address_count = 0;
	for (size_t i = 0; i < 2; i++)
		for (const struct addrinfo *a = all; a; a = a->ai_next)
			if (a->ai_family == families[i])
				add_address(d, a->ai_addr);
}

static void tell_waiting(struct destination *d, int status)
{
	while (!list_is_empty(&d->waiting)) {
		struct attempt *a = list_item(d->waiting.next, struct attempt, waiting);

		list_remove(&a->waiting);
		attempt_resolved(a, status);
	}
}

static void on_resolved(uv_getaddrinfo_t *uv, int status, struct addrinfo *all)
{
	struct lookup *lookup = (struct lookup *)uv;
	struct destination *d = lookup->destination;
	struct loop *l = lookup->loop;

	free(lookup);
	if (d) {
		loop_enter(l);
		d->lookup = NULL;
		if (status == 0) {
			take_addresses(d, all);
			d->known_until = uv_now(&l->uv) + d->client->settings.dns_ms;
		}
		tell_waiting(d, status);
		loop_leave(l);
	}
	uv_freeaddrinfo(all);
}

static void start_lookup(struct destination *d)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					       .ai_flags = AI_ADDRCONFIG };
	struct lookup *lookup = memory_new(sizeof(*lookup));
	struct loop *l = d->client->loop;

	lookup->loop = l;
	lookup->destination = d;
	d->lookup = lookup;
	uv_getaddrinfo(&l->uv, &lookup->uv, on_resolved, d->host, NULL, &hints);
}

bool destination_resolve(struct destination *d, struct attempt *a)
{
	if (d->address_count > 0 && uv_now(&d->client->loop->uv) < d->known_until)
		return true;
	list_add_last(&d->waiting, &a->waiting);
	if (!d->lookup)
		start_lookup(d);
	return false;
}

struct upstream *destination_take_idle(struct destination *d)
{
	struct upstream *u;

	if (list_is_empty(&d->idle_first))
		return NULL;
	u = list_item(d->idle_first.next, struct upstream, idle);
	list_remove(&u->idle);
	d->idle--;
	u->is_idle = false;
	return u;
}

void destination_put_idle(struct destination *d, struct upstream *u)
{
	struct link *second = d->idle_first.next;

	/* Before the one that came last: at the front of the list. */
	list_add_last(second, &u->idle);
	d->idle++;
	u->is_idle = true;
	if (d->idle > d->client->settings.idle_per_host)
		upstream_close(list_item(d->idle_first.prev, struct upstream, idle));
}

void destination_close_idle(struct destination *d)
{
	while (!list_is_empty(&d->idle_first))
		upstream_close(list_item(d->idle_first.next, struct upstream, idle));
}

bool destination_make_room(struct http_client *c)
{
	for (struct destination *d = c->newest; d; d = d->older) {
		if (!list_is_empty(&d->idle_first)) {
			upstream_close(
				list_item(d->idle_first.prev, struct upstream, idle));
			return true;
		}
	}
	return false;
}

void destination_forget(struct destination *d)
{
	if (!d->lookup)
		return;
	d->lookup->destination = NULL;
	uv_cancel((uv_req_t *)&d->lookup->uv);
}
