#include <inttypes.h>

#include "daemon/admin_priv.h"
#include "endpoint/health.h"
#include "endpoint/probe.h"

/* What is looked for among all endpoints, and found. */
struct search {
	struct server *server;
	struct http_call *call;
	struct json *list;          /* to be filled; NULL: only one is looked for */
	struct str name;            /* of the one */
	struct endpoint_view found; /* node NULL: not found */
};

static struct str place(struct arena *a, const char *file, unsigned line)
{
	return str_of(arena_printf(a, "%s:%u", file ? file : "", line));
}

static void when(struct json *to, struct arena *a, const char *name, int64_t moment,
		 const struct server *s)
{
	if (moment > 0)
		member_int(to, a, name, moment + s->timers.wall);
}

/* The additive part: state, why, until when, how often. */
static void describe_health(const struct health *h, struct json *to, struct arena *a,
			    const struct server *s)
{
	struct health_report *r = arena_new(a, struct health_report);

	health_read(h, r);
	member_text(to, a, "state", str_of(health_state_name(r->vitals.state)));
	when(to, a, "since", r->since, s);
	when(to, a, "until", r->vitals.next, s);
	member_int(to, a, "retriesLeft", r->vitals.remaining);
	if (r->code) {
		member_int(to, a, "lastErrorCode", r->code);
		member_text(to, a, "lastError", str_of(r->text));
		when(to, a, "lastErrorAt", r->failed_at, s);
	}
	if (r->rule.line)
		member_text(to, a, "rule", place(a, r->rule_file, r->rule.line));
	member_int(to, a, "successes", (int64_t)r->successes);
	member_int(to, a, "failures", (int64_t)r->failures);
	member_int(to, a, "suspensions", (int64_t)r->suspensions);
}

static const char *const probe_names[] = {
	[PROBE_UNKNOWN] = "UNKNOWN",
	[PROBE_UP] = "UP",
	[PROBE_DOWN] = "DOWN",
};

static struct json *describe(const struct endpoint_view *v, struct arena *a,
			     const struct server *s)
{
	struct json *j = json_new(a, JSON_OBJECT);
	const bool off = v->health && health_state(v->health) == HEALTH_OFF;

	member_text(j, a, "name", v->name);
	member_text(j, a, "type", v->kind);
	member_bool(j, a, "isActive", !off);
	if (v->address.len)
		member_text(j, a, "address", v->address);
	member_text(j, a, "file", place(a, v->where.file, v->where.line));
	if (v->probe)
		member_text(j, a, "probe",
			    str_of(probe_names[probe_look(v->probe).state]));
	if (v->health)
		describe_health(v->health, j, a, s);
	return j;
}

static void look(void *ctx, const struct endpoint_view *v)
{
	struct search *q = ctx;

	if (!q->list) {
		if (!q->found.node && v->health && str_eq(v->name, q->name))
			q->found = *v;
		return;
	}
	if (v->health && admin_is_wanted(q->call, v->name))
		json_append(q->list, describe(v, &q->call->arena, q->server));
}

static void walk(struct search *q)
{
	const struct way_out *w = deployment_ways_out(q->server->deployment);

	for (; w; w = w->next)
		endpoint_each(w->node, look, q);
}

/* The artifact of this name, if that is where it comes from. */
static const struct artifact *artifact_of(const struct server *s, struct str name)
{
	const struct artifact *t = deployment_artifacts(s->deployment);

	while (t && !(t->kind == ARTIFACT_ENDPOINT && str_eq(t->name, name)))
		t = t->next;
	return t;
}

static void show_one(struct server *s, struct http_call *c, struct str name)
{
	struct search q = { .server = s, .call = c, .name = name };
	const struct artifact *t = artifact_of(s, name);
	struct json *j;

	walk(&q);
	if (!q.found.node) {
		admin_error(c, 404, "there is no endpoint of this name");
		return;
	}
	j = describe(&q.found, &c->arena, s);
	member_text(j, &c->arena, "tracing", STR("disabled"));
	if (t)
		member_text(j, &c->arena, "configuration", admin_source(t, &c->arena));
	reply_json(c, 200, j);
}

void admin_endpoints(struct server *s, struct http_call *c)
{
	const struct str name = call_parameter(c, STR("endpointName"));
	struct search q = { .server = s, .call = c };

	if (name.at) {
		show_one(s, c, name);
		return;
	}
	q.list = json_new(&c->arena, JSON_ARRAY);
	walk(&q);
	admin_list(c, q.list);
}

void admin_switch_endpoint(struct server *s, struct http_call *c, const struct json *j)
{
	const struct json *name = json_get(j, STR("name"));
	const struct json *status = json_get(j, STR("status"));
	struct search q = { .server = s, .call = c };
	bool on;

	if (!name || name->kind != JSON_STRING || !status ||
	    status->kind != JSON_STRING) {
		admin_error(c, 400, "name and status are needed");
		return;
	}
	on = str_eq_nocase(status->text, STR("active"));
	if (!on && !str_eq_nocase(status->text, STR("inactive"))) {
		admin_error(c, 400, "status is active or inactive");
		return;
	}
	q.name = name->text;
	walk(&q);
	if (!q.found.node) {
		admin_error(c, 404, "there is no endpoint of this name");
		return;
	}
	endpoint_switch(q.found.node, on, s->timers.now);
	admin_message(c, arena_printf(&c->arena, STR_FMT " is switched %s",
				      STR_ARG(name->text), on ? "On" : "Off"));
}
