/* The whole server over real sockets: two workers, a backend, artifacts in a folder. */
#include "daemon/server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"

enum { MOST = 64 * 1024 };

/* --- a backend: one connection after the other, each closed after its answer --- */

struct backend {
	pthread_t thread;
	int listener;
	unsigned port;
	sem_t asked, let_go; /* /slow was asked; it may answer */
	sem_t after;         /* /after was asked */
};

static int listen_somewhere(unsigned *port)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(to);

	cr_assert_eq(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	cr_assert_eq(listen(fd, 64), 0);
	getsockname(fd, (struct sockaddr *)&to, &len);
	*port = ntohs(to.sin_port);
	return fd;
}

static size_t read_head(int fd, char *to)
{
	size_t len = 0;
	ssize_t n = 1;

	to[0] = '\0';
	while (n > 0 && len < MOST - 1 && !strstr(to, "\r\n\r\n")) {
		n = read(fd, to + len, MOST - 1 - len);
		len += n > 0 ? (size_t)n : 0;
		to[len] = '\0';
	}
	return len;
}

/* "GET /path HTTP/1.1" */
static void path_of(const char *head, char *path, size_t size)
{
	struct str rest = str_of(head), word = { "", 0 };

	str_cut(&rest, ' ', &word);
	str_cut(&rest, ' ', &word);
	snprintf(path, size, STR_FMT, STR_ARG(word));
}

/*
 * /reset resets, /close closes, /slow answers when it may, everything else at once;
 * with 200 and its path.
 */
static void answer(struct backend *b, int fd)
{
	char head[MOST], path[128] = "", body[256], text[512];
	const struct linger hard = { 1, 0 };

	read_head(fd, head);
	path_of(head, path, sizeof(path));
	if (strcmp(path, "/after") == 0)
		sem_post(&b->after);
	if (strcmp(path, "/slow") == 0) {
		sem_post(&b->asked);
		sem_wait(&b->let_go);
	}
	if (strcmp(path, "/reset") == 0) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	} else if (strcmp(path, "/close") != 0) {
		snprintf(body, sizeof(body), "{\"from\":\"%s\"}", path);
		snprintf(text, sizeof(text),
			 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
			 "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
			 strlen(body), body);
		send(fd, text, strlen(text), MSG_NOSIGNAL);
	}
	close(fd);
}

static void *serve_backend(void *ctx)
{
	struct backend *b = ctx;
	int fd;

	while ((fd = accept(b->listener, NULL, NULL)) >= 0)
		answer(b, fd);
	return NULL;
}

/* --- the house --- */

struct house {
	char directory[64];
	struct arena arena;
	struct settings settings;
	struct report report;
	struct backend backend;
	struct server server;
	const char *paths[1];
	pthread_t thread;
};

static void write_file(struct house *h, const char *name, const char *text)
{
	const char *path = arena_printf(&h->arena, "%s/deploy/%s", h->directory, name);
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

static void *run_server(void *ctx)
{
	server_run(ctx);
	body_trim();
	arena_trim();
	return NULL;
}

/* The artifact has an @ where the backend's address stands; and one more setting. */
static void house_init_with(struct house *h, const char *artifact, const char *key,
			    const char *text)
{
	*h = (struct house){ .directory = "/tmp/server_test_XXXXXX" };
	cr_assert_not_null(mkdtemp(h->directory));
	h->paths[0] = arena_printf(&h->arena, "%s/deploy", h->directory);
	mkdir(h->paths[0], 0700);
	h->backend.listener = listen_somewhere(&h->backend.port);
	sem_init(&h->backend.asked, 0, 0);
	sem_init(&h->backend.let_go, 0, 0);
	sem_init(&h->backend.after, 0, 0);
	pthread_create(&h->backend.thread, NULL, serve_backend, &h->backend);

	struct str rest = str_of(artifact), part;
	char written[MOST] = "";

	while (str_cut(&rest, '@', &part))
		snprintf(
			written + strlen(written), sizeof(written) - strlen(written),
			STR_FMT "%s", STR_ARG(part),
			rest.at ? arena_printf(&h->arena, "127.0.0.1:%u", h->backend.port)
				: "");
	write_file(h, "api.xml", written);

	report_init(&h->report, &h->arena);
	settings_init(&h->settings);
	settings_put(&h->settings, "http.port", "0");
	settings_put(&h->settings, "https.port", "0");
	settings_put(&h->settings, "admin.port", "0");
	settings_put(&h->settings, "probe.port", "0");
	settings_put(&h->settings, "server.bind", "127.0.0.1");
	settings_put(&h->settings, "server.workers", "2");
	settings_put(&h->settings, "deploy.settle_ms", "10");
	settings_put(&h->settings, "server.state",
		     arena_printf(&h->arena, "%s/state", h->directory));
	if (key)
		settings_put(&h->settings, key, text);
	cr_assert(settings_apply(&h->settings, &h->report));
	cr_assert(server_start(&h->server, &h->settings, h->paths, 1, false));
	pthread_create(&h->thread, NULL, run_server, &h->server);
}

static void house_init(struct house *h, const char *artifact)
{
	house_init_with(h, artifact, NULL, NULL);
}

static void house_release(struct house *h)
{
	char command[128];

	server_stop(&h->server);
	pthread_join(h->thread, NULL);
	server_release(&h->server);
	shutdown(h->backend.listener, SHUT_RDWR);
	pthread_join(h->backend.thread, NULL);
	close(h->backend.listener);
	settings_release(&h->settings);
	arena_release(&h->arena);
	arena_trim();
	snprintf(command, sizeof(command), "rm -r '%s'", h->directory);
	cr_assert_eq(system(command), 0);
}

static int dial(unsigned port)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	const struct timeval patience = { 10, 0 };
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_addr = { htonl(INADDR_LOOPBACK) },
					.sin_port = htons((uint16_t)port) };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	cr_assert_eq(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* Up to the end of the connection. */
static void hear(int fd, char answer[MOST])
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, answer + len, MOST - 1 - len)) > 0)
		len += (size_t)n;
	answer[len] = '\0';
	close(fd);
}

/* The request's text up to the empty line; the whole answer, its connection closed. */
static void ask(unsigned port, const char *request, char answer[MOST])
{
	const int fd = dial(port);
	char text[2048];

	snprintf(text, sizeof(text), "%s\r\nHost: x\r\nConnection: close\r\n\r\n",
		 request);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	hear(fd, answer);
}

/* "HTTP/1.1 200 OK" */
static unsigned status_of(const char *answer)
{
	uint64_t status = 0;

	str_to_uint(str_first(str_from(str_of(answer), 9), 3), &status);
	return (unsigned)status;
}

static const char artifact[] =
	"<api xmlns='http://ws.apache.org/ns/synapse' name='T' context='/t'>\n"
	"<resource methods='GET' uri-template='/good'><inSequence><call><endpoint>"
	"<http method='get' uri-template='http://@/good'/></endpoint></call><respond/>"
	"</inSequence></resource>\n"
	"<resource methods='GET' uri-template='/over'><inSequence><call><endpoint>"
	"<failover><endpoint name='a'><http method='get' uri-template='http://@/reset'/>"
	"</endpoint><endpoint name='b'><http method='get' uri-template='http://@/good'/>"
	"</endpoint></failover></endpoint></call><respond/></inSequence></resource>\n"
	"<resource methods='GET' uri-template='/closed'><inSequence><call><endpoint>"
	"<http method='get' uri-template='http://@/close'/></endpoint></call><respond/>"
	"</inSequence></resource>\n"
	"<resource methods='GET' uri-template='/silent'><inSequence>"
	"<log level='custom'/></inSequence></resource>\n"
	"<resource methods='POST' uri-template='/whole'><inSequence>"
	"<filter source='json-eval($.a)' regex='.*'><then/></filter><respond/>"
	"</inSequence></resource>\n"
	"<resource methods='GET' uri-template='/slow'><inSequence><call><endpoint>"
	"<http method='get' uri-template='http://@/slow'/></endpoint></call><respond/>"
	"</inSequence></resource>\n"
	"<resource methods='GET' uri-template='/early'><inSequence>"
	"<property name='FORCE_SC_ACCEPTED' value='true' scope='axis2'/><call><endpoint>"
	"<http method='get' uri-template='http://@/slow'/></endpoint></call>"
	"<call><endpoint><http method='get' uri-template='http://@/after'/></endpoint>"
	"</call></inSequence></resource>\n"
	"<resource methods='GET' uri-template='/dropped'><inSequence><drop/></inSequence>"
	"</resource>\n"
	"<resource methods='GET' uri-template='/status'><inSequence>"
	"<property name='HTTP_SC' value='418' scope='axis2'/>"
	"<property name='HTTP_SC_DESC' value='Short and stout' scope='axis2'/>"
	"<property name='NO_ENTITY_BODY' value='true' type='BOOLEAN' scope='axis2'/>"
	"<respond/></inSequence></resource>\n"
	"</api>\n";

/* What is asked, and what must be in the answer. */
/* clang-format off */
static const struct {
	const char *request;
	unsigned status;
	const char *has[3];
} cases[] = {
	{ "GET /t/good HTTP/1.1", 200, { "{\"from\":\"/good\"}", "application/json" } },
	{ "GET /t/over HTTP/1.1", 200, { "{\"from\":\"/good\"}" } },
	{ "GET /t/over HTTP/1.1", 200, { "{\"from\":\"/good\"}" } },
	{ "GET /t/closed HTTP/1.1", 502, { "\"code\":\"101508\"", "\"kind\":\"closed_early\"" } },
	{ "GET /t/closed HTTP/1.1\r\nAccept: text/xml", 503,
	  { "<fault xmlns=\"urn:myelin\">", "<code>303001</code>" } },
	{ "GET /t/silent HTTP/1.1", 202, { "Content-Length: 0" } },
	{ "GET /t/dropped HTTP/1.1", 202, { "Content-Length: 0" } },
	{ "GET /t/status HTTP/1.1", 418, { "418 Short and stout" } },
	{ "GET /t/nowhere HTTP/1.1", 404, { NULL } },
	{ "GET /nowhere HTTP/1.1", 404, { NULL } },
	{ "DELETE /t/good HTTP/1.1", 405, { "Allow: " } },
	{ "OPTIONS /t/good HTTP/1.1", 403, { "Allow: GET" } },
};

#define CORS "synapse.rest.CORSConfig."
#define ORIGINS CORS "Access-Control-Allow-Origin"

static const struct {
	const char *name, *key, *value; /* of synapse.rest.CORSConfig */
	const char *request;
	unsigned status;
	const char *has[4];
	const char *hasnt;
} origins[] = {
	{ "nobody is allowed, and nobody asks", ORIGINS, "",
	  "GET /t/good HTTP/1.1", 200, { NULL }, "Access-Control" },
	{ "nobody is allowed", ORIGINS, "",
	  "GET /t/good HTTP/1.1\r\nOrigin: http://a", 200,
	  { "Access-Control-Allow-Origin: \r\n" } },
	{ "all are", ORIGINS, "*",
	  "GET /t/good HTTP/1.1", 200, { "Access-Control-Allow-Origin: *\r\n" } },
	{ "one of a list is", ORIGINS, "http://b, http://a",
	  "GET /t/good HTTP/1.1\r\nOrigin: http://a", 200,
	  { "Access-Control-Allow-Origin: http://a\r\n" } },
	{ "and reads what went wrong", ORIGINS, "http://a",
	  "GET /t/closed HTTP/1.1\r\nOrigin: http://a", 502,
	  { "Access-Control-Allow-Origin: http://a\r\n", "101508" } },
	{ "an OPTIONS of a list", ORIGINS, "http://b,http://a",
	  "OPTIONS /t/good HTTP/1.1\r\nOrigin: http://a", 200,
	  { "Access-Control-Allow-Origin: http://a\r\n", "\r\nAllow: GET\r\n",
	    "Access-Control-Allow-Methods: GET\r\n" } },
	{ "an OPTIONS of somebody else", ORIGINS, "http://b",
	  "OPTIONS /t/good HTTP/1.1\r\nOrigin: http://a", 403,
	  { "Access-Control-Allow-Origin: \r\n", "\r\nAllow: GET\r\n" } },
	{ "switched off", CORS "enabled", "false",
	  "OPTIONS /t/good HTTP/1.1\r\nOrigin: http://a", 200,
	  { "\r\nAllow: GET\r\n" }, "Access-Control" },
	{ "switched off, GET", CORS "enabled", "false",
	  "GET /t/good HTTP/1.1\r\nOrigin: http://a", 200, { NULL }, "Access-Control" },
};
/* clang-format on */

Test(server, answers_what_its_artifacts_say)
{
	struct house h;
	char answer[MOST];

	house_init(&h, artifact);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(h.server.port, cases[i].request, answer);
		cr_expect_eq(status_of(answer), cases[i].status, "%s: %s",
			     cases[i].request, answer);
		for (size_t j = 0; j < 3 && cases[i].has[j]; j++)
			cr_expect_not_null(strstr(answer, cases[i].has[j]), "%s: %s",
					   cases[i].request, answer);
	}
	house_release(&h);
}

Test(server, tells_browsers_who_may_read_its_answers)
{
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct house h;
		char answer[MOST];

		house_init_with(&h, artifact, origins[i].key, origins[i].value);
		ask(h.server.port, origins[i].request, answer);
		cr_expect_eq(status_of(answer), origins[i].status, "%s: %s",
			     origins[i].name, answer);
		for (size_t j = 0; j < 4 && origins[i].has[j]; j++)
			cr_expect(strstr(answer, origins[i].has[j]), "%s: %s",
				  origins[i].name, answer);
		cr_expect(!origins[i].hasnt || !strstr(answer, origins[i].hasnt),
			  "%s: %s", origins[i].name, answer);
		house_release(&h);
	}
}

Test(server, takes_no_body_whole_that_is_beyond_the_limit)
{
	static const char request[] = "POST /t/whole HTTP/1.1\r\nHost: x\r\n"
				      "Connection: close\r\nContent-Length: 40\r\n\r\n"
				      "{\"a\":\"0123456789012345678901234567890123";
	struct house h;
	char answer[MOST];
	int fd;

	house_init_with(&h, artifact, "http.body_most", "32");
	fd = dial(h.server.port);
	cr_assert_eq(write(fd, request, sizeof(request) - 1),
		     (ssize_t)sizeof(request) - 1);
	hear(fd, answer);
	cr_expect_eq(status_of(answer), 413, "%s", answer);
	house_release(&h);
}

/* clang-format off */
static const struct {
	const char *path;
	unsigned status;
	const char *has;
} pages[] = {
	{ "/liveness", 200, "{\"server\" : \"started\"}" },
	{ "/readiness", 200, "ready" },
	{ "/healthz", 200, "\"status\":\"ready\"" },
	{ "/metric-service/metrics", 200, "wso2_integration_server_up 1" },
	{ "/metric-service/metrics", 200,
	  "wso2_integration_api_request_count_total{service_name=\"T\",service_type=\"api\"} 1" },
	{ "/nothing", 404, "" },
};
/* clang-format on */

Test(server, tells_how_it_is)
{
	struct house h;
	char answer[MOST], request[128];

	house_init(&h, artifact);
	ask(h.server.port, "GET /t/good HTTP/1.1", answer);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		snprintf(request, sizeof(request), "GET %s HTTP/1.1", pages[i].path);
		ask(h.server.probe_port, request, answer);
		cr_expect_eq(status_of(answer), pages[i].status, "%s: %s", pages[i].path,
			     answer);
		cr_expect_not_null(strstr(answer, pages[i].has), "%s: %s", pages[i].path,
				   answer);
	}
	house_release(&h);
}

/* Asks until the answer has this in it; the patience is the reader's, not a sleep. */
static bool becomes(unsigned port, const char *request, const char *has)
{
	char answer[MOST];

	for (unsigned i = 0; i < 20000; i++) {
		ask(port, request, answer);
		if (strstr(answer, has))
			return true;
	}
	return false;
}

Test(server, takes_files_that_come_and_change_while_it_runs)
{
	struct house h;

	house_init(&h, artifact);
	write_file(&h, "new.xml",
		   "<api xmlns='http://ws.apache.org/ns/synapse' name='N' context='/n'>"
		   "<resource methods='GET'><inSequence>"
		   "<property name='HTTP_SC' value='299' scope='axis2'/><respond/>"
		   "</inSequence></resource></api>");
	cr_expect(becomes(h.server.port, "GET /n HTTP/1.1", "HTTP/1.1 299"));
	write_file(&h, "new.xml", "<api");
	cr_expect(becomes(h.server.probe_port, "GET /healthz HTTP/1.1", "not ready"));
	cr_expect(becomes(h.server.port, "GET /n HTTP/1.1", "HTTP/1.1 299"),
		  "what served keeps serving");
	house_release(&h);
}

struct client {
	pthread_t thread;
	unsigned port, good;
};

static void *ask_often(void *ctx)
{
	struct client *c = ctx;
	char answer[MOST];

	for (unsigned i = 0; i < 50; i++) {
		ask(c->port, "GET /t/over HTTP/1.1", answer);
		c->good += status_of(answer) == 200;
	}
	return NULL;
}

Test(server, two_workers_share_what_they_learn)
{
	struct house h;
	struct client clients[4];

	house_init(&h, artifact);
	for (size_t i = 0; i < 4; i++) {
		clients[i] = (struct client){ .port = h.server.port };
		pthread_create(&clients[i].thread, NULL, ask_often, &clients[i]);
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(clients[i].thread, NULL);
		cr_expect_eq(clients[i].good, 50, "client %zu: %u", i, clients[i].good);
	}
	house_release(&h);
}

static void *ask_slowly(void *ctx)
{
	struct client *c = ctx;
	char answer[MOST];

	ask(c->port, "GET /t/slow HTTP/1.1", answer);
	c->good += status_of(answer) == 200;
	return NULL;
}

/* Somebody is being answered, slowly. */
static void begin_slowly(struct house *h, struct client *c)
{
	*c = (struct client){ .port = h->server.port };
	pthread_create(&c->thread, NULL, ask_slowly, c);
	sem_wait(&h->backend.asked);
}

Test(server, a_client_may_be_answered_before_the_message_is_through)
{
	struct house h;
	char answer[MOST];

	house_init(&h, artifact);
	ask(h.server.port, "GET /t/early HTTP/1.1", answer);
	cr_expect_eq(status_of(answer), 202, "%s", answer);
	sem_wait(&h.backend.asked);
	sem_post(&h.backend.let_go);
	sem_wait(&h.backend.after);
	house_release(&h);
}

Test(server, beyond_the_limit_of_exchanges_the_answer_is_503)
{
	struct house h;
	struct client client;

	house_init_with(&h, artifact, "http.max_exchanges", "1");
	begin_slowly(&h, &client);
	/* Two workers: one is full, and sooner or later it is asked again. */
	cr_expect(becomes(h.server.port, "GET /t/dropped HTTP/1.1", "HTTP/1.1 503"));
	sem_post(&h.backend.let_go);
	pthread_join(client.thread, NULL);
	cr_expect_eq(client.good, 1);
	house_release(&h);
}

Test(server, what_is_under_way_is_finished_before_it_ends)
{
	struct house h;
	struct client client;

	house_init(&h, artifact);
	begin_slowly(&h, &client);
	server_stop(&h.server);
	sem_post(&h.backend.let_go);
	pthread_join(client.thread, NULL);
	cr_expect_eq(client.good, 1);
	house_release(&h);
}

Test(server, a_drain_that_takes_too_long_is_cut_off)
{
	struct house h;
	struct client client;

	house_init_with(&h, artifact, "server.drain_ms", "20");
	begin_slowly(&h, &client);
	server_stop(&h.server);
	pthread_join(client.thread, NULL);
	cr_expect_eq(client.good, 0, "the client was cut off");
	sem_post(&h.backend.let_go);
	house_release(&h);
}

Test(server, a_client_that_goes_away_leaves_nothing_behind)
{
	struct house h;
	int fd;

	house_init(&h, artifact);
	fd = dial(h.server.port);
	cr_assert_eq(write(fd, "GET /t/slow HTTP/1.1\r\nHost: x\r\n\r\n", 34), 34);
	sem_wait(&h.backend.asked);
	close(fd);
	cr_expect(becomes(h.server.probe_port, "GET /metric-service/metrics HTTP/1.1",
			  "myelin_exchanges_under_way 0"));
	sem_post(&h.backend.let_go);
	house_release(&h);
}
