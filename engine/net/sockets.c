#define _GNU_SOURCE /* struct ucred */
#include "net/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/loop_priv.h"

/* A message carries so many; the kernel's limit is 253. */
enum { A_MESSAGE = 128, WAIT_SECONDS = 2 };

struct held {
	struct link link;
	int descriptor;
};

struct sockets {
	uv_mutex_t lock;
	struct link open, left;
	struct loop *loop;
	uv_poll_t *poll;  /* of the meeting place; NULL: none */
	int meeting, met; /* ours; the one that was left to us. -1: none */
	void (*given)(unsigned count);
};

/* Room for one message's descriptors. */
union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(A_MESSAGE * sizeof(int))];
};

struct sockets *sockets_new(void)
{
	struct sockets *s = memory_new(sizeof(*s));

	list_init(&s->open);
	list_init(&s->left);
	s->meeting = s->met = -1;
	uv_mutex_init(&s->lock);
	return s;
}

static void hold(struct link *list, int descriptor)
{
	struct held *h = memory_new(sizeof(*h));

	h->descriptor = descriptor;
	list_add_last(list, &h->link);
}

static int let_go(struct held *h)
{
	const int descriptor = h->descriptor;

	list_remove(&h->link);
	free(h);
	return descriptor;
}

void sockets_free(struct sockets *s)
{
	sockets_withdraw(s);
	sockets_forget(s);
	while (!list_is_empty(&s->open))
		let_go(list_item(s->open.next, struct held, link));
	uv_mutex_destroy(&s->lock);
	free(s);
}

void sockets_add(struct sockets *s, int descriptor)
{
	uv_mutex_lock(&s->lock);
	hold(&s->open, descriptor);
	uv_mutex_unlock(&s->lock);
}

void sockets_remove(struct sockets *s, int descriptor)
{
	struct link *next;

	uv_mutex_lock(&s->lock);
	for (struct link *at = s->open.next; at != &s->open; at = next) {
		struct held *h = list_item(at, struct held, link);

		next = at->next;
		if (h->descriptor == descriptor)
			let_go(h);
	}
	uv_mutex_unlock(&s->lock);
}

/* --- the meeting place --- */

/* Names of this kind are of the network's, as ports are, and go with their sockets. */
static socklen_t name_of(unsigned port, struct sockaddr_un *name)
{
	int len;

	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "myelin/%u", port);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

static bool is_of_our_user(int descriptor)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       peer.uid == geteuid();
}

/* --- who follows --- */

static int meet(unsigned port)
{
	const struct timeval patience = { .tv_sec = WAIT_SECONDS };
	const int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name;
	const socklen_t len = name_of(port, &name);

	if (to < 0)
		return -1;
	setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(to, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(to, (const struct sockaddr *)&name, len) == 0 && is_of_our_user(to))
		return to;
	close(to);
	return -1;
}

static bool is_meeting_place(int descriptor)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
	       domain == AF_UNIX;
}

static unsigned keep(struct sockets *s, struct cmsghdr *c)
{
	const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	unsigned kept = 0;

	for (size_t i = 0; i < count; i++) {
		int descriptor;

		memcpy(&descriptor, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
		if (!is_meeting_place(descriptor)) {
			hold(&s->left, descriptor);
			kept++;
		} else if (s->met < 0) {
			s->met = descriptor;
		} else {
			close(descriptor);
		}
	}
	return kept;
}

/* False: that was the last message, or there is none in time. */
static bool receive(struct sockets *s, int from, unsigned *count)
{
	union control control;
	char byte;
	struct iovec bytes = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) <= 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			*count += keep(s, c);
	return true;
}

unsigned sockets_ask(struct sockets *s, unsigned port)
{
	const int from = port ? meet(port) : -1;
	unsigned count = 0;

	if (from < 0)
		return 0;
	while (receive(s, from, &count))
		;
	close(from);
	return count;
}

static bool is_at(int descriptor, const struct sockaddr *wanted)
{
	const struct sockaddr_in *a = (const struct sockaddr_in *)wanted;
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)wanted;
	struct sockaddr_storage is;
	const struct sockaddr_in *b = (const struct sockaddr_in *)&is;
	const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *)&is;
	socklen_t len = sizeof(is);

	if (getsockname(descriptor, (struct sockaddr *)&is, &len) != 0 ||
	    is.ss_family != wanted->sa_family || a->sin_port != b->sin_port)
		return false;
	if (is.ss_family == AF_INET)
		return a->sin_addr.s_addr == b->sin_addr.s_addr;
	return memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr)) == 0;
}

int sockets_take(struct sockets *s, const struct sockaddr *a)
{
	int found = -1;

	uv_mutex_lock(&s->lock);
	for (struct link *at = s->left.next; at != &s->left && found < 0; at = at->next) {
		struct held *h = list_item(at, struct held, link);

		if (!is_at(h->descriptor, a))
			continue;
		at = at->prev;
		found = let_go(h);
	}
	uv_mutex_unlock(&s->lock);
	return found;
}

void sockets_forget(struct sockets *s)
{
	uv_mutex_lock(&s->lock);
	while (!list_is_empty(&s->left))
		close(let_go(list_item(s->left.next, struct held, link)));
	uv_mutex_unlock(&s->lock);
	if (s->met >= 0)
		close(s->met);
	s->met = -1;
}

/* --- who may be followed --- */

static bool pass(int to, const int *descriptors, unsigned count)
{
	union control control = { .room = { 0 } };
	char byte = 0;
	struct iovec bytes = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(c), descriptors, count * sizeof(int));
	return sendmsg(to, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* Locked, so that none is closed meanwhile, and its number another's. */
static unsigned pass_all(struct sockets *s, int to)
{
	int some[A_MESSAGE] = { s->meeting };
	unsigned count = 1, passed = 0;

	uv_mutex_lock(&s->lock);
	for (struct link *at = s->open.next; at != &s->open; at = at->next) {
		some[count++] = list_item(at, struct held, link)->descriptor;
		if (count < A_MESSAGE && at->next != &s->open)
			continue;
		if (!pass(to, some, count))
			break;
		passed += count;
		count = 0;
	}
	uv_mutex_unlock(&s->lock);
	return passed ? passed - 1 : 0;
}

static void on_asked(uv_poll_t *poll, int status, int events)
{
	struct sockets *s = poll->data;
	unsigned count = 0;
	int to;

	(void)events;
	if (status != 0)
		return;
	to = accept4(s->meeting, NULL, NULL, SOCK_CLOEXEC);
	if (to < 0)
		return;
	loop_enter(s->loop);
	if (is_of_our_user(to))
		count = pass_all(s, to);
	close(to);
	if (count)
		s->given(count);
	loop_leave(s->loop);
}

/* The one that was left to us, else one of our own. */
static int meeting_place(struct sockets *s, unsigned port)
{
	struct sockaddr_un name;
	const socklen_t len = name_of(port, &name);
	int at = s->met;

	s->met = -1;
	if (at >= 0)
		return at;
	at = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (at >= 0 && bind(at, (const struct sockaddr *)&name, len) == 0 &&
	    listen(at, 4) == 0)
		return at;
	if (at >= 0)
		close(at);
	return -1;
}

bool sockets_offer(struct sockets *s, struct loop *l, unsigned port,
		   void (*given)(unsigned count))
{
	s->meeting = meeting_place(s, port);
	if (s->meeting < 0)
		return false;
	s->loop = l;
	s->given = given;
	s->poll = memory_new(sizeof(*s->poll));
	uv_poll_init(&l->uv, s->poll, s->meeting);
	s->poll->data = s;
	uv_poll_start(s->poll, UV_READABLE, on_asked);
	return true;
}

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle);
}

void sockets_withdraw(struct sockets *s)
{
	if (!s->poll)
		return;
	uv_close((uv_handle_t *)s->poll, on_poll_closed);
	s->poll = NULL;
	close(s->meeting);
	s->meeting = -1;
}
