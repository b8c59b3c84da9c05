/*
 * The load generator of the benchmark: keepalive connections, one request after the
 * other on each, or at a fixed rate; prints what came as one line of JSON.
 *
 *	load [-c connections] [-s seconds] [-r rate] [-n requests] [-b bytes] [-t] PORT
 *PATH
 *
 * -b posts a JSON body of that size; -t speaks TLS 1.3; -n ends after so many requests;
 * -i sends one request on each connection, a few at a time, and holds them for -s seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512, BUFFER = 256 * 1024, SLOTS = 1000000 /* of 1 µs */, AT_ONCE = 16 };

struct options {
	unsigned connections, seconds;
	double rate; /* requests a second; 0: as fast as answers come */
	unsigned long requests;
	size_t body;
	int tls, hold;
	unsigned short port;
	const char *path;
};

struct client {
	int fd;
	SSL *ssl;
	uint64_t began; /* ns; the time it was due, so that waiting counts */
	int busy;
	size_t sent;
	size_t held; /* bytes of the head so far */
	long left;   /* bytes of the body still to come; -1: head not complete */
	char head[2048];
};

static struct options opt = { .connections = 64, .seconds = 3 };
static char *request;
static size_t request_len;
static int epoll;
static SSL_CTX *tls;
static struct client *clients;
static struct client **idle;
static unsigned idle_count;
static unsigned long begun, done, errors, not_200;
static unsigned slots[SLOTS];

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void make_request(void)
{
	static const char fields[] =
		" HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: load/1.0 (bench; "
		"x86_64)\r\n"
		"Accept: application/json, text/plain, */*\r\nAccept-Language: "
		"en-US,en;q=0.9\r\n"
		"Authorization: Bearer "
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3"
		"ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_"
		"adQssw5c\r\n"
		"X-Request-Id: 0a1b2c3d-1111-2222-3333-444455556666\r\nX-Tenant: "
		"acme\r\n";
	char *p = request = malloc(opt.body + 4096);

	p += snprintf(p, 2048, "%s %s%s", opt.body ? "POST" : "GET", opt.path, fields);
	if (opt.body)
		p += snprintf(p, 256,
			      "Content-Type: application/json\r\nContent-Length: %zu\r\n",
			      opt.body);
	p += snprintf(p, 3, "\r\n");
	if (opt.body) {
		memset(p, 'x', opt.body);
		memcpy(p, "{\"kind\":\"order\",\"pad\":\"", 23);
		memcpy(p + opt.body - 2, "\"}", 2);
	}
	request_len = (size_t)(p - request) + opt.body;
}

static void watch(struct client *c, int how, unsigned events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	epoll_ctl(epoll, how, c->fd, &e);
}

static int connect_client(struct client *c)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(opt.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(c->fd, (const void *)&address, sizeof(address)))
		return -1;
	if (opt.tls) {
		c->ssl = SSL_new(tls);
		SSL_set_fd(c->ssl, c->fd);
		if (SSL_connect(c->ssl) != 1)
			return -1;
	}
	const struct timeval none = { 0, 1 };
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	watch(c, EPOLL_CTL_ADD, EPOLLIN);
	return 0;
}

static void send_more(struct client *c)
{
	const char *from = request + c->sent;
	const size_t left = request_len - c->sent;
	ssize_t n;

	if (c->ssl)
		n = SSL_write(c->ssl, from, (int)left);
	else
		n = send(c->fd, from, left, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n > 0)
		c->sent += (size_t)n;
	else if (!c->ssl && errno != EAGAIN)
		errors++;
	if (c->sent < request_len)
		watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

static void begin(struct client *c, uint64_t due)
{
	c->began = due;
	c->busy = 1;
	c->sent = c->held = 0;
	c->left = -1;
	begun++;
	send_more(c);
}

static long content_length(const char *head)
{
	const char *field = strcasestr(head, "\ncontent-length:");

	return field ? (long)strtoul(field + 16, NULL, 10) : 0;
}

/* Takes what came; true once the answer is complete. */
static int take(struct client *c, const char *bytes, size_t len)
{
	if (c->left >= 0) {
		c->left -= (long)len;
		return c->left <= 0;
	}

	const size_t room = sizeof(c->head) - 1 - c->held;
	const size_t n = len < room ? len : room;

	memcpy(c->head + c->held, bytes, n);
	c->head[c->held + n] = '\0';

	const char *stop = strstr(c->head, "\r\n\r\n");

	if (!stop) {
		c->held += n;
		return 0;
	}
	if (memcmp(c->head + 9, "200", 3) != 0)
		not_200++;
	c->left = content_length(c->head) -
		  (long)(c->held + len - (size_t)(stop + 4 - c->head));
	return c->left <= 0;
}

static void finish(struct client *c, uint64_t now)
{
	uint64_t slot = (now - c->began) / 1000;

	slots[slot < SLOTS ? slot : SLOTS - 1]++;
	done++;
	c->busy = 0;
	if (opt.rate > 0)
		idle[idle_count++] = c;
	else if (opt.hold && begun < opt.connections)
		begin(&clients[begun], now);
	else if (!opt.hold && (!opt.requests || begun < opt.requests))
		begin(c, now);
}

static void lose(struct client *c)
{
	errors++;
	close(c->fd);
	c->busy = 0;
	if (connect_client(c) == 0)
		begin(c, now_ns());
}

static void receive(struct client *c)
{
	static char buffer[BUFFER];

	for (;;) {
		const ssize_t n = c->ssl ? SSL_read(c->ssl, buffer, BUFFER)
					 : recv(c->fd, buffer, BUFFER, MSG_DONTWAIT);

		if (n <= 0) {
			if (n == 0 || (!c->ssl && errno != EAGAIN))
				lose(c);
			return;
		}
		if (take(c, buffer, (size_t)n))
			finish(c, now_ns());
		if (!c->ssl || !SSL_pending(c->ssl))
			return;
	}
}

/* Begins what is due; returns how long to wait for the next, in ns. */
static uint64_t keep_rate(uint64_t start)
{
	const double every = 1e9 / opt.rate;
	uint64_t now = now_ns(), due = start + (uint64_t)((double)begun * every);

	while (idle_count && due <= now) {
		begin(idle[--idle_count], due);
		due = start + (uint64_t)((double)begun * every);
	}
	return due > now ? due - now : 0;
}

static void run(void)
{
	struct epoll_event events[EVENTS];
	const uint64_t start = now_ns(), end = start + opt.seconds * 1000000000ull;

	for (unsigned i = 0; i < opt.connections; i++) {
		if (opt.rate > 0)
			idle[idle_count++] = &clients[i];
		else if (opt.hold ? begun < AT_ONCE
				  : (!opt.requests || begun < opt.requests))
			begin(&clients[i], now_ns());
	}
	while (now_ns() < end && (!opt.requests || done < opt.requests)) {
		struct timespec wait = { 0, 100000000 };

		if (opt.rate > 0 && idle_count) {
			const uint64_t ns = keep_rate(start);

			wait.tv_nsec = ns < 100000000 ? (long)ns : 100000000;
		}

		const int n = epoll_pwait2(epoll, events, EVENTS, &wait, NULL);

		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (events[i].events & EPOLLOUT && c->sent < request_len) {
				send_more(c);
				if (c->sent == request_len)
					watch(c, EPOLL_CTL_MOD, EPOLLIN);
			}
			if (events[i].events & ~(unsigned)EPOLLOUT)
				receive(c);
		}
	}
}

static unsigned percentile(double share)
{
	unsigned long sum = 0;

	for (unsigned i = 0; i < SLOTS; i++) {
		sum += slots[i];
		if ((double)sum >= share * (double)done)
			return i;
	}
	return SLOTS;
}

static int read_options(int argc, char **argv)
{
	int o;

	while ((o = getopt(argc, argv, "c:s:r:n:b:ti")) > 0) {
		switch (o) {
		case 'c':
			opt.connections = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 's':
			opt.seconds = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'r':
			opt.rate = strtod(optarg, NULL);
			break;
		case 'n':
			opt.requests = strtoul(optarg, NULL, 10);
			break;
		case 'b':
			opt.body = strtoul(optarg, NULL, 10);
			break;
		case 't':
			opt.tls = 1;
			break;
		case 'i':
			opt.hold = 1;
			break;
		default:
			return -1;
		}
	}
	if (argc - optind != 2 || (opt.body && opt.body < 32))
		return -1;
	opt.port = (unsigned short)strtoul(argv[optind], NULL, 10);
	opt.path = argv[optind + 1];
	return 0;
}

int main(int argc, char **argv)
{
	if (read_options(argc, argv))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	tls = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
	SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256");
	epoll = epoll_create1(0);
	clients = calloc(opt.connections, sizeof(*clients));
	idle = calloc(opt.connections, sizeof(*idle));
	make_request();
	for (unsigned i = 0; i < opt.connections; i++) {
		if (connect_client(&clients[i])) {
			fprintf(stderr, "load: cannot connect to port %u\n", opt.port);
			return 1;
		}
	}

	const uint64_t began = now_ns();
	run();
	const double seconds = (double)(now_ns() - began) / 1e9;

	printf("{\"done\":%lu,\"rps\":%.0f,\"errors\":%lu,\"not_200\":%lu,\"p50\":%u,"
	       "\"p99\":%u}\n",
	       done, (double)done / seconds, errors, not_200, percentile(0.5),
	       percentile(0.99));
	return 0;
}
