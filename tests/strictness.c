/*
 * The same odd requests to several proxies: what each answers, and what reaches the
 * backend behind it. Where they differ from one another, somebody could smuggle.
 *
 *	strictness BACKEND_PORT NAME=PORT ...
 *
 * The backend is this program. What is found is written down in strictness.md.
 */
#define _DEFAULT_SOURCE /* timeval */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

enum { MOST_PROXIES = 8, MOST_BYTES = 16384, PATIENCE_MS = 400 };

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define SECOND "GET /second HTTP/1.1\r\nHost: a\r\n\r\n"

static const struct {
	const char *name, *bytes;
} requests[] = {
	{ "a plain one", GET "\r\n" },
	{ "length and encoding",
	  POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
	{ "two lengths", POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd" },
	{ "two equal lengths", POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" },
	{ "a list of lengths", POST "Content-Length: 3, 3\r\n\r\nabc" },
	{ "a length with a sign", POST "Content-Length: +3\r\n\r\nabc" },
	{ "gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" },
	{ "xchunked", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
	{ "an encoding in HTTP/1.0",
	  "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
	{ "bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n" },
	{ "bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n" },
	{ "bare CR in a field", GET "X: a\rb\r\n\r\n" },
	{ "space before colon", GET "X : a\r\n\r\n" },
	{ "a folded line", GET "X: a\r\n b\r\n\r\n" },
	{ "no Host", "GET / HTTP/1.1\r\n\r\n" },
	{ "two Hosts", GET "Host: b\r\n\r\n" },
	{ "no colon", GET "X\r\n\r\n" },
	{ "two blanks in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ "an unknown method", "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n" },
	{ "0x before a chunk's size", CHUNKED "0x3\r\nabc\r\n0\r\n\r\n" },
	{ "a blank after a chunk's size", CHUNKED "3 \r\nabc\r\n0\r\n\r\n" },
	{ "a chunk's extension", CHUNKED "3;a=b\r\nabc\r\n0\r\n\r\n" },
	{ "bare LF after a chunk's size", CHUNKED "3\nabc\r\n0\r\n\r\n" },
	{ "bare LF after the last chunk", CHUNKED "3\r\nabc\r\n0\r\n\n" },
	{ "a body on GET", GET "Content-Length: 2\r\n\r\nxy" },
	{ "bytes after the end", POST "Content-Length: 1\r\n\r\na" SECOND },
	{ "fields that Connection names", GET "Connection: X-A\r\nX-A: b\r\n\r\n" },
	{ "an upgrade", GET "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" },
};

static struct sockaddr_in here(unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((unsigned short)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_on(unsigned port)
{
	const struct sockaddr_in a = here(port);
	const int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s, (const struct sockaddr *)&a, sizeof(a)) != 0 || listen(s, 16) != 0) {
		perror("the backend's port");
		exit(1);
	}
	return s;
}

static int dial(unsigned port)
{
	const struct sockaddr_in a = here(port);
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(s, (const struct sockaddr *)&a, sizeof(a)) != 0) {
		perror("a proxy's port");
		exit(1);
	}
	return s;
}

/* What a proxy did with a request. */
struct outcome {
	char answer[MOST_BYTES], backend[MOST_BYTES];
	size_t answer_len, backend_len;
};

static bool read_more(int s, char *to, size_t *len)
{
	const ssize_t n = recv(s, to + *len, MOST_BYTES - 1 - *len, 0);

	if (n > 0)
		*len += (size_t)n;
	to[*len] = '\0';
	return n > 0;
}

/* The backend answers each piece that looks like the end of a request. */
static bool serve(int backend, struct outcome *o)
{
	static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
				    "Connection: close\r\n\r\n";

	if (!read_more(backend, o->backend, &o->backend_len))
		return false;
	if (strstr(o->backend, "\r\n\r\n"))
		send(backend, reply, sizeof(reply) - 1, MSG_NOSIGNAL);
	return true;
}

static void close_if(int *s)
{
	if (*s >= 0)
		close(*s);
	*s = -1;
}

static void converse(int listener, int client, struct outcome *o)
{
	int backend = -1;

	for (;;) {
		struct pollfd p[] = { { listener, POLLIN, 0 },
				      { client, POLLIN, 0 },
				      { backend, POLLIN, 0 } };

		if (poll(p, 3, PATIENCE_MS) <= 0)
			break;
		if (p[1].revents && !read_more(client, o->answer, &o->answer_len))
			break;
		if (p[2].revents && !serve(backend, o))
			close_if(&backend);
		if (p[0].revents) {
			close_if(&backend);
			backend = accept(listener, NULL, NULL);
		}
	}
	close_if(&backend);
}

static void tell(const struct outcome *o)
{
	unsigned answers = 0, reached = 0;

	for (const char *at = o->answer; (at = strstr(at, "HTTP/1.1 ")); at++)
		answers++;
	for (const char *at = o->backend; (at = strstr(at, " HTTP/1.")); at++)
		reached++;
	printf(" %.3s", o->answer_len > 12 ? o->answer + 9 : "-");
	if (answers > 1)
		printf("(+%u)", answers - 1);
	printf("%s%s |",
	       reached > 1 ? ", twice"
	       : reached   ? ", passed"
			   : "",
	       strstr(o->backend, "chunked") ? " chunked" : "");
}

static void try_one(int listener, unsigned port, const char *bytes)
{
	static struct outcome o;
	const int client = dial(port);

	memset(&o, 0, sizeof(o));
	send(client, bytes, strlen(bytes), MSG_NOSIGNAL);
	converse(listener, client, &o);
	close(client);
	tell(&o);
}

int main(int count, char **arguments)
{
	uint64_t port, ports[MOST_PROXIES];
	int listener;

	if (count < 3 || count > MOST_PROXIES + 2 ||
	    !str_to_uint(str_of(arguments[1]), &port)) {
		fprintf(stderr, "usage: strictness BACKEND_PORT NAME=PORT ...\n");
		return 2;
	}
	listener = listen_on((unsigned)port);
	printf("| request |");
	for (int i = 2; i < count; i++) {
		const struct str s = str_of(arguments[i]);
		const size_t at = str_find(s, '=');

		if (!str_to_uint(str_from(s, at + 1), &ports[i - 2]))
			return 2;
		printf(" " STR_FMT " |", STR_ARG(str_first(s, at)));
	}
	printf("\n");
	for (size_t r = 0; r < sizeof(requests) / sizeof(requests[0]); r++) {
		printf("| %s |", requests[r].name);
		for (int i = 2; i < count; i++)
			try_one(listener, (unsigned)ports[i - 2], requests[r].bytes);
		printf("\n");
	}
	close(listener);
	return 0;
}
