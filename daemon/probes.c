#include "daemon/probes.h"

#include "daemon/metrics.h"
#include "daemon/reply.h"
#include "daemon/server.h"

static const char json[] = "application/json";
static const char internal_api[] =
	"org.wso2.carbon.inbound.endpoint.internal.http.api.InternalAPIDispatcher";

static void liveness(struct server *s, struct http_call *c)
{
	(void)s;
	reply_text(c, 200, json, STR("{\"server\" : \"started\"}"));
}

/* All that came at the start is deployed, and each probe has said something. */
static bool is_ready(struct server *s)
{
	if (!s->settled)
		s->settled = s->ready && prober_is_through(&s->workers[0].prober);
	return s->settled && !s->draining;
}

static void readiness(struct server *s, struct http_call *c)
{
	if (is_ready(s))
		reply_text(c, 200, json, STR("{\"status\" : \"ready\"}"));
	else
		reply_text(c, 503, json, STR("{\"status\" : \"not ready\"}"));
}

/* As MI's, with what was refused named as MI names faulty applications. */
static void health(struct server *s, struct http_call *c)
{
	struct json *j = json_new(&c->arena, JSON_OBJECT);
	const bool fine = s->refused == 0;

	json_set(j, STR("version"), json_string(&c->arena, STR("4.4.0")));
	json_set(j, STR("update_level"), json_string(&c->arena, STR("-")));
	json_set(j, STR("status"),
		 json_string(&c->arena,
			     fine ? STR("ready")
				  : STR("not ready, faulty artifacts detected")));
	json_set(j, STR("deployed"), json_int(&c->arena, s->deployed));
	json_set(j, STR("refused"), json_int(&c->arena, s->refused));
	reply_json(c, fine ? 200 : 500, j);
}

static void metrics(struct server *s, struct http_call *c)
{
	struct buf text;

	buf_init(&text, 16 * 1024 * 1024);
	metrics_write(s, &text);
	reply_text(c, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&text));
	buf_release(&text);
}

static const struct {
	const char *path;
	void (*answer)(struct server *s, struct http_call *c);
} pages[] = {
	{ "/liveness", liveness },
	{ "/readiness", readiness },
	{ "/healthz", health },
	{ "/metric-service/metrics", metrics },
};

void probes_take(void *ctx, struct http_call *c)
{
	const struct str path = call_path(c);

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (str_eq(path, str_of(pages[i].path))) {
			pages[i].answer(ctx, c);
			return;
		}
	log_line(LOG_WARN, internal_api,
		 "No Internal API found to dispatch the message to : " STR_FMT,
		 STR_ARG(path));
	reply_text(c, 404, NULL, STR(""));
}
