/*
 * The settings of the process: deployment.toml, then --set, then options.
 *
 * One table (settings_table.c) of keys fills this struct; MI's names hold where MI has
 * one, and its sections [mediation], [synapse_properties] and [passthru_properties] may
 * be left out. What other rooms define for themselves (mule.*, openapi.*, fallback.*) is
 * kept as text and asked for by key.
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdio.h>

#include "base/log.h"
#include "base/map.h"
#include "endpoint/endpoint.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "schema/report.h"

struct settings {
	struct arena arena;
	struct map given; /* key → struct setting_given, as they came */

	struct str bind, admin_bind; /* addresses of listeners */
	uint64_t port, tls_port, admin_port, probe_port;
	uint64_t offset;       /* server.offset: moves the ports that are
				  not given themselves */
	uint64_t workers;      /* 0: one a processor */
	uint64_t drain_ms;     /* SIGTERM: how long for what is under way */
	uint64_t exchanges;    /* per worker; beyond: 503 */
	uint64_t max_memory;   /* bytes; beyond: 503; 0: of what there is */
	bool share_ports;      /* with the process that we are to follow */
	bool watch;            /* hot deployment */
	uint64_t settle_ms;    /* a changed directory must be quiet so long */
	unsigned missing_keys; /* 0 warn, 1 refuse */
	struct str state;      /* directory of what must survive */

	bool cors; /* synapse.rest.CORSConfig: mediation.md §2.7 */
	struct str cors_origins, cors_headers;

	unsigned log_level;
	unsigned log_format; /* 0 text, 1 json */
	bool log_short_names;

	struct str certificate, key, authorities; /* of the TLS listeners, PEM files */
	bool verify_clients;
	struct str trust; /* whom we believe as a client, PEM; empty: the system's */
	struct str client_certificate, client_key; /* what we show to backends, PEM */
	bool verify_servers;
	struct str admin_user, admin_password;

	unsigned compat;       /* enum compat, until settings_apply() is done */
	double suspend_factor; /* likewise */
	struct endpoint_settings endpoints;
	struct http_limits limits;
	uint64_t per_host, in_all, idle_per_host; /* connections; likewise for client */
	struct http_client_settings client;
};

struct setting_given {
	struct str key, text;
	struct where where; /* file and line; file "--set" without a line */
	bool known;
};

void settings_init(struct settings *s); /* all at their defaults */
void settings_release(struct settings *s);

/* A deployment.toml. What is wrong with its form goes to r; false then. */
bool settings_read(struct settings *s, const char *path, struct report *r);
/* "section.key=value" of --set; false and a complaint if it has no '='. */
bool settings_set(struct settings *s, const char *assignment, struct report *r);
void settings_put(struct settings *s, const char *key, const char *text); /* an option */

/*
 * Once, after all was read and put: fills the members. Wrong values are errors, keys
 * that nobody knows are warnings with the nearest that is known.
 */
bool settings_apply(struct settings *s, struct report *r);

/* As given, by whole key: "mule.request.Primary_Service". `at` NULL: not given. */
struct str settings_text(const struct settings *s, const char *key);

/* All there are, with their defaults, as a page of Markdown. */
void settings_manual(FILE *to);

#endif
