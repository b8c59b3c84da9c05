/*
 * The backend of the benchmark: answers /0, /1k, /10k, /100k with bodies made once,
 * as fast as one epoll loop can; whatever is posted is read and thrown away.
 *
 *	backend PORT
 *
 * Ends by itself after ten minutes, so that nothing is left behind.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024, EVENTS = 512, LIFE_S = 600 };

struct answer {
	const char *path;
	size_t size; /* of the body */
	char *bytes;
	size_t len;
};

struct client {
	int fd;
	size_t skip; /* bytes of a request body still to come */
	size_t held; /* bytes of an unfinished head */
	char head[8192];
	const struct answer *answer; /* being read or written */
	size_t written;
};

static struct answer answers[] = {
	{ "/100k", 102400 }, { "/10k", 10240 }, { "/1k", 1024 },
	{ "/0", 0 },         { "/", 1024 },
};

static void make(struct answer *a)
{
	static const char fmt[] = "HTTP/1.1 200 OK\r\nServer: backend\r\n"
				  "Date: Sat, 21 Nov 2026 01:44:29 GMT\r\n"
				  "Content-Type: application/json\r\n"
				  "Cache-Control: no-cache, no-store\r\n"
				  "X-Request-Id: 7f3c9a52-5b5e-4a0e-9a58-0fe1b2c3d4e5\r\n"
				  "Vary: Accept-Encoding\r\nContent-Length: %zu\r\n\r\n";

	a->bytes = malloc(a->size + sizeof(fmt) + 32);
	a->len = (size_t)snprintf(a->bytes, sizeof(fmt) + 32, fmt, a->size);
	memset(a->bytes + a->len, 'x', a->size);
	if (a->size > 20) {
		memcpy(a->bytes + a->len, "{\"value\":\"", 10);
		memcpy(a->bytes + a->len + a->size - 2, "\"}", 2);
	}
	a->len += a->size;
}

static const struct answer *answer_for(const char *path)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strncmp(path, answers[i].path, strlen(answers[i].path)) == 0)
			return &answers[i];
	return &answers[2];
}

static void watch(int epoll, struct client *c, int how, unsigned events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	epoll_ctl(epoll, how, c->fd, &e);
}

static void write_answer(int epoll, struct client *c)
{
	const struct answer *a = c->answer;
	const ssize_t n = write(c->fd, a->bytes + c->written, a->len - c->written);
	const int had_waited = c->written > 0;

	if (n > 0)
		c->written += (size_t)n;
	if (c->written < a->len) {
		watch(epoll, c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
		return;
	}
	c->written = 0;
	if (had_waited)
		watch(epoll, c, EPOLL_CTL_MOD, EPOLLIN);
}

static size_t body_length(const char *head, size_t len)
{
	static const char name[] = "\ncontent-length:";

	for (size_t i = 0; i + sizeof(name) < len; i++)
		if (strncasecmp(head + i, name, sizeof(name) - 1) == 0)
			return (size_t)strtoull(head + i + sizeof(name) - 1, NULL, 10);
	return 0;
}

/* Handles one request at p; returns what follows it, or NULL if it is not all there. */
static char *handle(int epoll, struct client *c, char *p, char *end)
{
	char *stop = memmem(p, (size_t)(end - p), "\r\n\r\n", 4);
	const char *path;

	if (!stop)
		return NULL;
	path = memchr(p, ' ', (size_t)(stop - p));
	c->answer = answer_for(path ? path + 1 : "/");
	c->skip = *p == 'P' ? body_length(p, (size_t)(stop + 2 - p)) : 0;
	if (!c->skip)
		write_answer(epoll, c);
	return stop + 4;
}

static char *skip(int epoll, struct client *c, char *p, char *end)
{
	const size_t there = (size_t)(end - p);
	const size_t n = there < c->skip ? there : c->skip;

	c->skip -= n;
	if (!c->skip)
		write_answer(epoll, c);
	return p + n;
}

static void close_client(struct client *c)
{
	close(c->fd);
	free(c);
}

static void read_requests(int epoll, struct client *c)
{
	static char buffer[BUFFER + 1];
	ssize_t n;

	memcpy(buffer, c->head, c->held);
	n = read(c->fd, buffer + c->held, BUFFER - c->held);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			close_client(c);
		return;
	}

	char *end = buffer + c->held + n;
	*end = '\0';
	c->held = 0;
	for (char *p = buffer, *next; p < end; p = next) {
		next = c->skip ? skip(epoll, c, p, end) : handle(epoll, c, p, end);
		if (!next) {
			c->held = (size_t)(end - p) % sizeof(c->head);
			memcpy(c->head, p, c->held);
			return;
		}
	}
}

static void accept_all(int epoll, int listener)
{
	const int one = 1;
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		struct client *c = calloc(1, sizeof(*c));

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c->fd = fd;
		watch(epoll, c, EPOLL_CTL_ADD, EPOLLIN);
	}
}

static int listen_on(unsigned short port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const void *)&address, sizeof(address)) || listen(fd, 4096)) {
		perror("backend");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	const int epoll = epoll_create1(0);
	struct epoll_event events[EVENTS];

	if (argc != 2)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	alarm(LIFE_S);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		make(&answers[i]);

	const int listener = listen_on((unsigned short)strtoul(argv[1], NULL, 10));
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };

	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
	for (;;) {
		const int n = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (!c)
				accept_all(epoll, listener);
			else if (events[i].events & EPOLLOUT && c->written)
				write_answer(epoll, c);
			else
				read_requests(epoll, c);
		}
	}
}
