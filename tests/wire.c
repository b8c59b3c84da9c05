#include "tests/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PORT = 10000, LAST_PORT = 12000, OUR_PORTS = 50 };

static bool parse_head(struct str head, struct arena *a, struct wire_message *m)
{
	struct str line, rest = arena_copy(a, head);

	headers_init(&m->headers, a);
	if (!str_cut(&rest, '\n', &line))
		return false;
	line = str_trim(line);
	str_cut(&line, ' ', &m->start[0]);
	str_cut(&line, ' ', &m->start[1]);
	m->start[2] = line;
	while (str_cut(&rest, '\n', &line)) {
		const size_t colon = str_find(line, ':');

		if (colon < line.len)
			headers_add(&m->headers, str_first(line, colon),
				    str_trim(str_from(line, colon + 1)));
	}
	return true;
}

static bool hex(struct str s, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i];
		const int digit = c >= '0' && c <= '9'   ? c - '0'
				  : c >= 'a' && c <= 'f' ? c - 'a' + 10
				  : c >= 'A' && c <= 'F' ? c - 'A' + 10
							 : -1;

		if (digit < 0 || *n > 1 << 26)
			return false;
		*n = *n * 16 + (size_t)digit;
	}
	return s.len > 0;
}

/* Bytes of a chunked body; 0: not all there. */
static size_t parse_chunks(struct str bytes, struct arena *a, struct str *body)
{
	char *to = arena_alloc(a, bytes.len + 1);
	size_t used = 0, size;

	*body = (struct str){ to, 0 };
	for (;;) {
		struct str rest = str_from(bytes, used);
		const size_t line = str_find_str(rest, STR("\r\n"));

		if (line == rest.len || !hex(str_first(rest, line), &size))
			return 0;
		rest = str_from(rest, line + 2);
		if (rest.len < size + 2)
			return 0;
		memcpy(to + body->len, rest.at, size);
		body->len += size;
		used += line + 2 + size + 2;
		if (size == 0)
			return used;
	}
}

/* An interim response (1xx) has no body and is not the answer. */
static bool has_no_body(const struct wire_message *m)
{
	const struct str status = m->start[1];

	return str_eq(status, STR("204")) || str_eq(status, STR("304"));
}

size_t wire_parse(struct str bytes, bool closed, struct arena *a, struct wire_message *m)
{
	const size_t head = str_find_str(bytes, STR("\r\n\r\n"));
	const struct str rest = str_from(bytes, head + 4);
	struct str length;
	uint64_t n = 0;

	*m = (struct wire_message){ 0 };
	if (head == bytes.len || !parse_head(str_first(bytes, head), a, m))
		return 0;
	if (headers_get(&m->headers, STR("Transfer-Encoding")).len) {
		const size_t used = parse_chunks(rest, a, &m->body);

		return used ? head + 4 + used : 0;
	}
	length = headers_get(&m->headers, STR("Content-Length"));
	if (!length.at && str_starts(m->start[0], STR("HTTP/")) && !has_no_body(m)) {
		m->body = arena_copy(a, rest);
		return closed ? bytes.len : 0;
	}
	if (length.at && (!str_to_uint(length, &n) || rest.len < n))
		return 0;
	m->body = arena_copy(a, str_first(rest, n));
	return head + 4 + n;
}

void wire_response(unsigned status, const struct headers *h, struct str body,
		   struct buf *to)
{
	buf_printf(to, "HTTP/1.1 %u OK\r\n", status);
	for (unsigned i = 0; i < h->count; i++)
		buf_printf(to, STR_FMT ": " STR_FMT "\r\n", STR_ARG(h->at[i].name),
			   STR_ARG(h->at[i].value));
	buf_printf(to, "Content-Length: %zu\r\n\r\n", body.len);
	buf_add(to, body);
}

static struct sockaddr_in local(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

int wire_listen(unsigned port)
{
	const int on = 1, s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in address = local(port);

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    listen(s, 128) == 0)
		return s;
	close(s);
	return -1;
}

int wire_connect(unsigned port)
{
	const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in address = local(port);

	if (connect(s, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return s;
	close(s);
	return -1;
}

/* As in tests/e2e/rig.py: the first of those that no other test has while we live. */
static unsigned claim_ports(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	for (unsigned first = FIRST_PORT; first < LAST_PORT; first += OUR_PORTS) {
		const int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
				       "myelin-test-ports-%u", first);
		const socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1;

		if (bind(s, (const struct sockaddr *)&name, size + (socklen_t)n) == 0)
			return first;
	}
	close(s);
	return 0;
}

unsigned wire_free_port(void)
{
	static unsigned next, end;

	if (next == end) {
		next = claim_ports();
		end = next + (next ? OUR_PORTS : 0);
	}
	while (next < end) {
		const unsigned port = next++;
		const int s = wire_listen(port);

		if (s < 0)
			continue;
		close(s);
		return port;
	}
	return 0;
}

void wire_reset(int descriptor)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

bool wire_send(int descriptor, struct str bytes)
{
	while (bytes.len) {
		const ssize_t n = send(descriptor, bytes.at, bytes.len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

int wire_receive(int descriptor, struct buf *b)
{
	enum { ROOM = 64 * 1024 };
	char *to = buf_reserve(b, ROOM);
	ssize_t n;

	if (!to)
		return 0;
	n = recv(descriptor, to, ROOM, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN ? -1 : 0;
	b->len += (size_t)n;
	return (int)n;
}

uint64_t wire_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void wire_wait(uint64_t ms)
{
	poll(NULL, 0, (int)ms);
}
