#include "daemon/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/admin.h"
#include "daemon/probes.h"
#include "net/sockets.h"
#include "net/tls.h"

static const char manager[] =
	"org.apache.synapse.transport.passthru.core.PassThroughListeningIOReactorManager";
static const char house[] = "org.wso2.micro.integrator.initializer.ServiceBusInitializer";

/* Sockets of other processes share our ports too (SO_REUSEPORT), so we ask first. */
static bool is_free(struct str address, uint64_t port)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port) };
	char text[64];
	bool free = true;

	snprintf(text, sizeof(text), STR_FMT, STR_ARG(address));
	if (fd < 0)
		return true;
	if (inet_pton(AF_INET, text, &to.sin_addr) == 1) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		free = bind(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 ||
		       errno != EADDRINUSE;
	}
	close(fd);
	return free;
}

/* What the command line asks for. */
struct asked {
	const char *option;
	struct str address;
	uint64_t port;
};

static bool check_free(const struct asked *p)
{
	if (p->port == 0 || is_free(p->address, p->port))
		return true;
	fprintf(stderr,
		"myelin serve: port %u is taken by somebody else; choose another with "
		"--%s\n",
		(unsigned)p->port, p->option);
	return false;
}

static bool is_everywhere(struct str address)
{
	return str_eq(address, STR("0.0.0.0")) || str_eq(address, STR("::"));
}

static bool check_other(const struct asked *p, const struct asked *other)
{
	const bool meet = str_eq(p->address, other->address) ||
			  is_everywhere(p->address) || is_everywhere(other->address);

	if (p->port == 0 || p->port != other->port || !meet)
		return true;
	fprintf(stderr,
		"myelin serve: port %u is asked for by --%s and by --%s; choose another "
		"for one of them\n",
		(unsigned)p->port, p->option, other->option);
	return false;
}

bool listeners_check(const struct settings *s)
{
	const struct asked all[] = {
		{ "port", s->bind, s->port },
		{ "tls-port", s->bind, s->tls_port },
		{ "admin-port", s->admin_bind, s->admin_port },
		{ "probe-port", s->bind, s->probe_port },
	};
	const size_t count = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			if (!check_other(&all[i], &all[k]))
				return false;
	for (size_t i = 0; i < count && !s->share_ports; i++)
		if (!check_free(&all[i]))
			return false;
	return true;
}

static bool complain(const char *what, const struct fault *why)
{
	log_line(LOG_ERROR, house, "%s: %s", what, why->text ? why->text : "");
	return false;
}

static const char *text_or_null(struct arena *a, struct str s)
{
	return s.len ? arena_copy(a, s).at : NULL;
}

/* A self-signed one in the state directory, made once. */
static bool use_own_certificate(struct server *s, struct tls_files *files)
{
	const struct settings *set = s->settings;
	const char *state = arena_copy(&s->arena, set->state).at;
	struct fault why = { 0 };

	files->certificate = arena_printf(&s->arena, "%s/certificate.pem", state);
	files->key = arena_printf(&s->arena, "%s/key.pem", state);
	mkdir(state, 0700);
	if (access(files->certificate, R_OK) == 0 && access(files->key, R_OK) == 0)
		return true;
	if (!tls_make_certificate(files->certificate, files->key, &why))
		return complain(files->certificate, &why);
	log_line(LOG_INFO, house, "made a certificate for localhost: %s",
		 files->certificate);
	return true;
}

/* The server's files, and the clients'; false: there is no certificate to be had. */
static bool find_files(struct server *s, struct tls_files *shown,
		       struct tls_files *trusted)
{
	const struct settings *set = s->settings;

	*shown = (struct tls_files){
		.certificate = text_or_null(&s->arena, set->certificate),
		.key = text_or_null(&s->arena, set->key),
		.authorities = text_or_null(&s->arena, set->authorities),
		.verify = set->verify_clients,
	};
	*trusted = (struct tls_files){
		.certificate = text_or_null(&s->arena, set->client_certificate),
		.key = text_or_null(&s->arena, set->client_key),
		.authorities = text_or_null(&s->arena, set->trust),
		.verify = set->verify_servers,
	};
	return shown->certificate || use_own_certificate(s, shown);
}

bool listeners_trust(struct server *s)
{
	struct tls_files shown, trusted;
	struct fault why = { 0 };

	if (!find_files(s, &shown, &trusted))
		return false;
	s->tls = tls_server_new(&shown, &why);
	if (!s->tls)
		return complain(shown.certificate, &why);
	/* The system's: each client reads it when it first needs it, which takes long. */
	if (trusted.verify && !trusted.authorities && !trusted.certificate)
		return true;
	s->trust = tls_trust_new(&trusted, &why);
	if (!s->trust)
		return complain(trusted.authorities ? trusted.authorities : "tls.trust",
				&why);
	return true;
}

void listeners_renew_trust(struct server *s)
{
	struct tls_files shown, trusted;
	struct fault why = { 0 };

	if (!find_files(s, &shown, &trusted))
		return;
	if (!tls_server_renew(s->tls, &shown, &why))
		complain(shown.certificate, &why);
	if (s->trust && !tls_trust_renew(s->trust, &trusted, &why))
		complain("tls.trust", &why);
}

static bool complain_port(uint64_t port, const char *option, const struct fault *why)
{
	fprintf(stderr, "myelin serve: port %u cannot be opened (%s); see --%s\n",
		(unsigned)port, why->text ? why->text : "", option);
	return false;
}

/* One port on every worker; the first may be given a free one, the others follow. */
static bool open_traffic(struct server *s, unsigned *port, struct tls_server *tls,
			 const char *option)
{
	const char *address = arena_copy(&s->arena, s->settings->bind).at;
	struct fault why = { 0 };

	for (unsigned i = 0; i < s->worker_count; i++)
		if (!worker_listen(&s->workers[i], address, port, tls, &why))
			return complain_port(*port, option, &why);
	log_line(LOG_INFO, manager, "Pass-through %s Listener started on %s:%u",
		 tls ? "HTTPS" : "HTTP", address, *port);
	return true;
}

static bool open_house(struct server *s, struct str bind, unsigned *port,
		       struct tls_server *tls, http_handler *handler, const char *option,
		       struct http_server **opened)
{
	const char *address = arena_copy(&s->arena, bind).at;
	struct fault why = { 0 };

	*opened = http_server_open(s->loop, address, *port, tls, &s->settings->limits,
				   handler, s, &why);
	if (!*opened)
		return complain_port(*port, option, &why);
	*port = http_server_port(*opened);
	log_line(LOG_INFO, manager, "%s started on %s:%u",
		 tls ? "Management API" : "Probes and metrics", address, *port);
	return true;
}

void listeners_follow(struct server *s)
{
	unsigned count;

	if (!s->settings->share_ports)
		return;
	count = sockets_ask(s->sockets, (unsigned)s->settings->port);
	if (count)
		log_line(LOG_INFO, manager,
			 "took over %u listening sockets of the process before", count);
}

/* A worker may have to listen on several: no queue of the process before is left. */
static void take_the_rest(struct server *s)
{
	bool any = true;

	while (any) {
		any = false;
		for (unsigned i = 0; i < s->worker_count; i++)
			if (worker_listen_more(&s->workers[i]))
				any = true;
	}
	sockets_forget(s->sockets);
}

static void tell_given(unsigned count)
{
	log_line(LOG_INFO, manager,
		 "gave %u listening sockets to the process that follows", count);
}

bool listeners_open(struct server *s)
{
	const struct settings *set = s->settings;
	const struct str admin = admin_has_users(set) ? set->admin_bind
						      : STR("127.0.0.1");

	s->port = (unsigned)set->port;
	s->tls_port = (unsigned)set->tls_port;
	s->admin_port = (unsigned)set->admin_port;
	s->probe_port = (unsigned)set->probe_port;
	if (!open_traffic(s, &s->port, NULL, "port") ||
	    !open_traffic(s, &s->tls_port, s->tls, "tls-port") ||
	    !open_house(s, admin, &s->admin_port, s->tls, admin_take, "admin-port",
			&s->admin) ||
	    !open_house(s, set->bind, &s->probe_port, NULL, probes_take, "probe-port",
			&s->probe))
		return false;
	sockets_offer(s->sockets, s->loop, s->port, tell_given);
	take_the_rest(s);
	return true;
}

void listeners_close(struct server *s)
{
	if (s->admin)
		http_server_close(s->admin);
	if (s->probe)
		http_server_close(s->probe);
	s->admin = s->probe = NULL;
}
