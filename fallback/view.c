#include "fallback/view.h"

#include "fallback/fallback.h"
#include "mediators/fallback.h"
#include "mediators/healthcheck.h"

static void set(struct json *to, const char *name, struct json *value)
{
	json_set(to, str_of(name), value);
}

static void set_text(struct json *to, const char *name, struct str text, struct arena *a)
{
	set(to, name, json_string(a, text));
}

/* A copy of a member, or what stands for it where it is missing. */
static void carry(struct json *to, const struct json *from, const char *name,
		  struct json *otherwise, struct arena *a)
{
	const struct json *given = json_get(from, str_of(name));

	set(to, name, given ? json_copy(a, given) : otherwise);
}

struct json *view_source(const struct artifact *d, struct arena *a)
{
	struct fault why = { 0 };

	element_each(e, d->element) if (
		element_is_ours(e) &&
		str_eq(e->name,
		       STR("definition"))) return json_parse(arena_copy(a, e->text), a,
							     &why);
	return NULL;
}

uint64_t view_revision(const struct artifact *d)
{
	uint64_t n = 1;

	str_to_uint(element_value(d->element, STR("revision")), &n);
	return n;
}

struct str view_product(const struct artifact *d)
{
	return str_first(d->name, str_find(d->name, '/'));
}

struct str view_tag(const struct artifact *d)
{
	const struct str rest = str_from(d->name, str_find(d->name, '/') + 1);

	return str_from(rest, str_find(rest, '/') + 1);
}

/* "DataTypes.NUMBER" is "number". */
static struct str small_name(struct str name, struct arena *a)
{
	const size_t dot = str_find(name, '.');
	const struct str last = dot < name.len ? str_from(name, dot + 1) : name;
	char *small = arena_alloc(a, last.len + 1);

	for (size_t i = 0; i < last.len; i++)
		small[i] = (char)(last.at[i] >= 'A' && last.at[i] <= 'Z'
					  ? last.at[i] | 0x20
					  : last.at[i]);
	return (struct str){ small, last.len };
}

/* { amount: number } is { amount: { type: number, required: true } }. */
static struct json *view_input(const struct json *input, struct arena *a)
{
	struct json *to = json_new(a, JSON_OBJECT);

	for (const struct json *f = input ? input->first : NULL; f; f = f->next) {
		const bool is_short = f->kind == JSON_STRING;
		struct json *field = is_short ? json_new(a, JSON_OBJECT)
					      : json_copy(a, f);
		const struct json *type = is_short ? f : json_get(f, STR("type"));

		if (type && type->kind == JSON_STRING)
			set_text(field, "type", small_name(type->text, a), a);
		if (field->kind == JSON_OBJECT && !json_get(field, STR("required")))
			set(field, "required",
			    json_bool(a, !json_get(field, STR("default"))));
		json_set(to, f->key, field);
	}
	return to;
}

/* --- probes --- */

static struct json *moment(uint64_t at, struct arena *a)
{
	return at ? json_string(a, callable_time(at, a)) : json_new(a, JSON_NULL);
}

static struct json *availability(enum probe_state state, struct arena *a)
{
	switch (state) {
	case PROBE_UP:
		return json_string(a, STR("available"));
	case PROBE_DOWN:
		return json_string(a, STR("unavailable"));
	case PROBE_UNKNOWN:
		break;
	}
	return json_new(a, JSON_NULL);
}

static struct json *is_available(enum probe_state state, struct arena *a)
{
	return state == PROBE_UNKNOWN ? json_new(a, JSON_NULL)
				      : json_bool(a, state == PROBE_UP);
}

static struct json *milliseconds(uint64_t ms, uint64_t checked_at, struct arena *a)
{
	return checked_at ? json_int(a, (int64_t)ms) : json_new(a, JSON_NULL);
}

void view_probe(struct json *to, const struct probe *p, struct arena *a)
{
	const struct probe_look look = p ? probe_look(p) : (struct probe_look){ 0 };

	set(to, "status", availability(look.state, a));
	set(to, "lastAvailable", is_available(look.state, a));
	set(to, "lastChecked", moment(look.checked_at, a));
	set(to, "lastLatency", milliseconds(look.latency, look.checked_at, a));
	set(to, "averageLatency", milliseconds(look.average, look.checked_at, a));
}

static void set_status(struct json *to, const struct probe_look *look, struct arena *a)
{
	set(to, "provider_status", availability(look->state, a));
	set(to, "last_available", is_available(look->state, a));
	set(to, "last_checked", moment(look->checked_at, a));
}

/* --- options --- */

static const struct healthcheck *check_of(const struct fallback_option *o)
{
	return o->check ? o->check->target : NULL;
}

/* Of the env asked for, else the worst of all. */
static struct probe_look look_at(const struct healthcheck *c, struct str env)
{
	struct probe_look worst = { 0 };

	for (unsigned i = 0; i < c->at.count; i++) {
		const struct healthcheck_at *at = c->at.at[i];
		const struct probe_look look = at->probe ? probe_look(at->probe)
							 : (struct probe_look){ 0 };

		if (env.len ? str_eq(at->env, env) || str_eq(at->env, STR("*"))
			    : look.state > worst.state || !worst.checked_at)
			worst = look;
	}
	return worst;
}

static struct json *view_envs(const struct healthcheck *c, struct arena *a)
{
	struct json *list = json_new(a, JSON_ARRAY);

	for (unsigned i = 0; i < c->at.count; i++) {
		const struct healthcheck_at *at = c->at.at[i];
		const struct probe_look look = at->probe ? probe_look(at->probe)
							 : (struct probe_look){ 0 };
		struct json *env = json_new(a, JSON_OBJECT);

		set_text(env, "slug", at->env, a);
		set_status(env, &look, a);
		json_append(list, env);
	}
	return list;
}

/* What health checks say, and without one what the last real call said. */
static void add_status(struct json *to, const struct fallback *f,
		       const struct fallback_option *o, struct str env, struct arena *a)
{
	const struct healthcheck *check = check_of(o);
	const struct tally t = f->record ? record_tally(f->record, o->part, a)
					 : (struct tally){ 0 };
	struct probe_look look = { 0 };

	if (check)
		look = look_at(check, env);
	else if (t.used_at)
		look = (struct probe_look){ .state = t.last_good ? PROBE_UP
								 : PROBE_DOWN };
	set_status(to, &look, a);
	set(to, "last_used", moment(t.used_at, a));
	set(to, "success_count", json_int(a, (int64_t)t.successes));
	set(to, "failure_count", json_int(a, (int64_t)t.failures));
	set(to, "last_error",
	    t.last_error.len ? json_string(a, t.last_error) : json_new(a, JSON_NULL));
	if (check)
		set(to, "envs", view_envs(check, a));
}

static struct json *view_option(const struct fallback_request *r,
				const struct fallback *f, unsigned number,
				const struct json *given, struct arena *a)
{
	static const char *const first[] = {
		"type",   "event",   "app",         "provider",      "input",
		"output", "retries", "healthcheck", "check_interval"
	};
	const struct fallback_option *o = f->options.at[number];
	struct json *to = json_new(a, JSON_OBJECT);

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		carry(to, given, first[i], json_new(a, JSON_NULL), a);
	set_text(to, "type", str_of(fallback_option_types[o->type]), a);
	set_text(to, "provider", o->provider, a);
	set(to, "retries", json_int(a, (int64_t)o->retries));
	for (const struct json *m = given->first; m; m = m->next)
		if (!json_get(to, m->key))
			json_set(to, m->key, json_copy(a, m));
	add_status(to, f, o, r->env, a);
	return to;
}

static struct json *begin(const struct artifact *d, const struct json *given,
			  struct arena *a)
{
	static const char *const first[] = { "name", "tag", "description" };
	struct json *to = json_new(a, JSON_OBJECT);

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		carry(to, given, first[i], json_string(a, STR("")), a);
	set_text(to, "product", view_product(d), a);
	set(to, "revision", json_int(a, (int64_t)view_revision(d)));
	return to;
}

struct json *view_fallback(const struct fallback_request *r, const struct artifact *d,
			   struct arena *a)
{
	const struct fallback *f = (const struct fallback *)d->node;
	const struct json *given = view_source(d, a), *o;
	struct json *to = begin(d, given, a), *options = json_new(a, JSON_ARRAY);

	set(to, "input", view_input(json_get(given, STR("input")), a));
	o = json_get(given, STR("options"))->first;
	for (unsigned i = 0; o && i < f->options.count; i++, o = o->next)
		json_append(options, view_option(r, f, i, o, a));
	set(to, "options", options);
	return to;
}

struct json *view_any(const struct fallback_request *r, const struct artifact *d,
		      struct arena *a)
{
	const struct json *given = view_source(d, a);
	struct json *to = begin(d, given, a);

	(void)r;
	for (const struct json *m = given->first; m; m = m->next)
		if (!json_get(to, m->key) && !str_eq(m->key, STR("kind")))
			json_set(to, m->key, json_copy(a, m));
	return to;
}

/* As the definition has it for this env. */
static struct json *input_of(const struct json *given, struct str env, struct arena *a)
{
	const struct json *list = json_get(given, STR("envs"));

	for (const struct json *e = list ? list->first : NULL; e; e = e->next) {
		const struct json *slug = json_get(e, STR("slug"));
		const struct json *input = json_get(e, STR("input"));

		if (slug && input && slug->kind == JSON_STRING && str_eq(slug->text, env))
			return json_copy(a, input);
	}
	return json_new(a, JSON_OBJECT);
}

struct json *view_healthcheck(const struct fallback_request *r, const struct artifact *d,
			      struct arena *a)
{
	const struct healthcheck *c = (const struct healthcheck *)d->node;
	const struct json *given = view_source(d, a);
	struct json *to = view_any(r, d, a), *envs = json_new(a, JSON_ARRAY);

	for (unsigned i = 0; i < c->at.count; i++) {
		const struct healthcheck_at *at = c->at.at[i];
		struct json *env = json_new(a, JSON_OBJECT);

		set_text(env, "slug", at->env, a);
		set(env, "input", input_of(given, at->env, a));
		view_probe(env, at->probe, a);
		json_append(envs, env);
	}
	set(to, "envs", envs);
	set(to, "interval", json_int(a, (int64_t)c->interval));
	return to;
}
