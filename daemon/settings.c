#include "daemon/settings_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "daemon/toml.h"

enum {
	MI_HTTP = 8280,
	MI_HTTPS = 8243,
	MI_ADMIN = 9154,
	MI_PROBE = 9191,
	MI_OFFSET = 10
};

#define AT(member) offsetof(struct settings, member)

enum { PORT_MOST = 65535 };

/* MI's listener ports, which server.offset is added to. */
static const struct mi_port {
	const char *key;
	const char *own; /* wins, and is taken as it is */
	size_t offset;
	uint64_t fallback;
} mi_ports[] = {
	{ "transport.http.listener.port", "http.port", AT(port), MI_HTTP },
	{ "transport.https.listener.port", "https.port", AT(tls_port), MI_HTTPS },
	{ "mediation.internal_https_api_port", "admin.port", AT(admin_port), MI_ADMIN },
	{ "mediation.internal_http_api_port", "probe.port", AT(probe_port), MI_PROBE },
};

enum { MI_PORTS = sizeof(mi_ports) / sizeof(mi_ports[0]) };

/* Sections of MI that only say whom a property is for. */
static const char *const sections[] = { "mediation.", "synapse_properties.",
					"passthru_properties." };

void settings_init(struct settings *s)
{
	*s = (struct settings){
		.bind = STR("0.0.0.0"),
		.admin_bind = STR("127.0.0.1"),
		.offset = MI_OFFSET,
		.drain_ms = 2000,
		.exchanges = 20000,
		.watch = true,
		.settle_ms = 150,
		.state = STR("state"),
		.cors = true,
		.log_level = LOG_INFO,
		.verify_servers = true,
		.suspend_factor = (double)endpoint_defaults.suspend_factor,
		.endpoints = endpoint_defaults,
		.limits = http_default_limits,
		.client = http_client_defaults,
	};
	s->per_host = s->client.per_host;
	s->in_all = s->client.in_all;
	s->idle_per_host = s->client.idle_per_host;
	map_init(&s->given, &s->arena);
}

void settings_release(struct settings *s)
{
	arena_release(&s->arena);
}

static void keep(struct settings *s, struct str key, struct str text, struct where where)
{
	struct setting_given *g = arena_new(&s->arena, struct setting_given);

	g->key = arena_copy(&s->arena, key);
	g->text = arena_copy(&s->arena, text);
	g->where = where;
	map_set(&s->given, g->key, g);
}

struct file {
	struct settings *settings;
	const char *path;
};

static void keep_value(void *ctx, const struct toml_value *v)
{
	const struct file *f = ctx;

	keep(f->settings, v->key, v->text, (struct where){ f->path, v->line });
}

/* The whole file, or `at` NULL. */
static struct str read_file(struct arena *a, const char *path)
{
	enum { MOST = 1 << 20 };
	FILE *f = fopen(path, "rb");

	if (!f)
		return (struct str){ NULL, 0 };

	char *text = arena_alloc_dirty(a, MOST);
	const size_t len = fread(text, 1, MOST, f);
	const bool fine = !ferror(f) && feof(f);

	fclose(f);
	return fine ? (struct str){ text, len } : (struct str){ NULL, 0 };
}

bool settings_read(struct settings *s, const char *path, struct report *r)
{
	struct file f = { s, arena_copy(&s->arena, str_of(path)).at };
	struct arena scratch = { 0 };
	struct fault why = { 0 };
	const struct str text = read_file(&scratch, path);
	bool fine = false;

	if (!text.at)
		report_error(r, (struct where){ f.path, 0 }, "cannot be read");
	else if (!toml_read(text, &s->arena, keep_value, &f, &why))
		report_error(r, (struct where){ f.path, why.where.line }, "%s", why.text);
	else
		fine = true;
	arena_release(&scratch);
	return fine;
}

static void keep_set(void *ctx, const struct toml_value *v)
{
	struct str *key = ctx;

	*key = v->key;
}

/* Quoted parts are the same key as unquoted ones. */
static struct str plain_key(struct settings *s, struct str key)
{
	const char *as_toml = arena_printf(&s->arena, STR_FMT " = 0", STR_ARG(key));
	struct fault why = { 0 };
	struct str plain = key;

	toml_read(str_of(as_toml), &s->arena, keep_set, &plain, &why);
	return plain;
}

bool settings_set(struct settings *s, const char *assignment, struct report *r)
{
	const struct where where = { "--set", 0 };
	struct str text = str_of(assignment), key;

	if (str_find(text, '=') == text.len)
		return report_error(r, where, "%s needs an = and a value", assignment);
	str_cut(&text, '=', &key);
	text = str_trim(text);
	if (text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
	    text.at[text.len - 1] == text.at[0])
		text = str_first(str_from(text, 1), text.len - 2);
	keep(s, plain_key(s, str_trim(key)), text, where);
	return true;
}

void settings_put(struct settings *s, const char *key, const char *text)
{
	keep(s, str_of(key), str_of(text), (struct where){ "the command line", 0 });
}

/* Without the section that says nothing. */
static struct str bare(struct str key)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (str_starts(key, str_of(sections[i])))
			return str_from(key, strlen(sections[i]));
	return key;
}

static bool is_family(struct str key)
{
	for (const struct setting_family *f = setting_families; f->prefix; f++)
		if (str_starts(key, str_of(f->prefix)))
			return true;
	return false;
}

/* As `key` itself, or as "synapse." and `key`, which is how MI's [mediation] has them. */
static bool is_key_of(struct str key, const char *known)
{
	const struct str whole = str_of(known), synapse = STR("synapse.");

	return str_eq(key, whole) ||
	       (str_starts(whole, synapse) && str_eq(key, str_from(whole, synapse.len)));
}

static bool wrong(struct report *r, const struct setting_given *g, const char *what)
{
	return report_error(r, g->where, STR_FMT " = \"" STR_FMT "\" is not %s",
			    STR_ARG(g->key), STR_ARG(g->text), what);
}

static bool outside(struct report *r, const struct setting_given *g,
		    const struct setting *t)
{
	return report_error(r, g->where,
			    STR_FMT " = " STR_FMT " is not between %" PRId64
				    " and %" PRId64,
			    STR_ARG(g->key), STR_ARG(g->text), t->least, t->most);
}

static bool fill_number(void *member, const struct setting_given *g,
			const struct setting *t, struct report *r)
{
	int64_t n;

	if (!str_to_int(g->text, &n))
		return wrong(r, g, "a whole number");
	if (n < t->least || n > t->most)
		return outside(r, g, t);
	if (t->kind == SETTING_UINT)
		*(uint64_t *)member = (uint64_t)n;
	else if (t->kind == SETTING_INT64)
		*(int64_t *)member = n;
	else
		*(int *)member = (int)n;
	return true;
}

static bool fill_choice(void *member, const struct setting_given *g,
			const struct setting *t, struct report *r)
{
	char names[128] = "one of";
	size_t len = 6;

	for (unsigned i = 0; t->choices[i]; i++) {
		if (str_eq_nocase(g->text, str_of(t->choices[i]))) {
			*(unsigned *)member = i;
			return true;
		}
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s %s",
					i ? "," : "", t->choices[i]);
	}
	return wrong(r, g, names);
}

static bool fill_bool(bool *member, const struct setting_given *g, struct report *r)
{
	const bool yes = str_eq_nocase(g->text, STR("true")) ||
			 str_eq_nocase(g->text, STR("on"));

	if (!yes && !str_eq_nocase(g->text, STR("false")) &&
	    !str_eq_nocase(g->text, STR("off")))
		return wrong(r, g, "true or false");
	*member = yes;
	return true;
}

static bool fill(struct settings *s, const struct setting_given *g,
		 const struct setting *t, struct report *r)
{
	void *member = (char *)s + t->offset;

	switch (t->kind) {
	case SETTING_UINT:
	case SETTING_INT:
	case SETTING_INT64:
		return fill_number(member, g, t, r);
	case SETTING_BOOL:
		return fill_bool(member, g, r);
	case SETTING_TEXT:
		*(struct str *)member = g->text;
		return true;
	case SETTING_CHOICE:
		return fill_choice(member, g, t, r);
	case SETTING_REAL:
		return str_to_double(g->text, member) ? true : wrong(r, g, "a number");
	}
	return false;
}

static void warn_unknown(const struct setting_given *g, struct report *r)
{
	const char *guess = NULL;
	size_t least = 4;

	for (const struct setting *t = settings_table; t->key; t++)
		if (str_is_nearer(bare(g->key), str_of(t->key), &least))
			guess = t->key;
	report_warning(r, g->where, "there is no setting '" STR_FMT "'%s%s%s",
		       STR_ARG(g->key), guess ? "; did you mean '" : "",
		       guess ? guess : "", guess ? "'?" : "");
}

static void apply_one(struct settings *s, struct setting_given *g, struct report *r)
{
	const struct str key = bare(g->key);

	for (const struct setting *t = settings_table; t->key; t++)
		if (is_key_of(key, t->key)) {
			g->known = true;
			fill(s, g, t, r);
		}
}

static void apply_mi_ports(struct settings *s, struct report *r)
{
	for (size_t i = 0; i < MI_PORTS; i++) {
		const struct mi_port *p = &mi_ports[i];
		const struct setting as = { p->key,    SETTING_UINT, p->offset, 1,
					    PORT_MOST, NULL,         NULL };
		struct setting_given *g = map_get(&s->given, str_of(p->key));
		uint64_t *port = (uint64_t *)((char *)s + p->offset);

		if (g)
			g->known = true;
		if (map_get(&s->given, str_of(p->own)))
			continue;
		*port = p->fallback;
		if (g)
			fill(s, g, &as, r);
		*port += s->offset;
	}
}

/* What the table could not fill by itself, and defaults that hang on others. */
static void derive(struct settings *s)
{
	struct endpoint_settings *e = &s->endpoints;

	e->compat = (enum compat)s->compat;
	e->suspend_factor = (float)s->suspend_factor;
	s->client.per_host = (unsigned)s->per_host;
	s->client.in_all = (unsigned)s->in_all;
	s->client.idle_per_host = (unsigned)s->idle_per_host;
}

bool settings_apply(struct settings *s, struct report *r)
{
	const unsigned before = r->errors;

	map_each(e, &s->given) apply_one(s, e->value, r);
	apply_mi_ports(s, r);
	derive(s);
	map_each(e, &s->given)
	{
		const struct setting_given *g = e->value;

		if (!g->known && !is_family(g->key))
			warn_unknown(g, r);
	}
	return r->errors == before;
}

struct str settings_text(const struct settings *s, const char *key)
{
	const struct setting_given *g = map_get(&s->given, str_of(key));

	return g ? g->text : (struct str){ NULL, 0 };
}
