#include "token.h"

#include <stdio.h>

#include "deploy/shared.h"
#include "own_key.h"

enum { SKEW_S = 5, MOST_PEM = 64 * 1024, MOST_JWKS = 1 << 20 };
enum { MOST_FETCHES = 5, FETCHES_MS = 10 * 1000 };
enum { KEPT_MS = 15 * 60 * 1000, PATIENCE_MS = 5000, CONNECT_MS = 2000 };

static void free_key(void *key)
{
	rsa_free(key);
}

static struct str read_file(struct str path, struct arena *a)
{
	FILE *f = fopen(arena_copy(a, path).at, "rb");
	char *text = arena_alloc_dirty(a, MOST_PEM);
	size_t len;

	if (!f)
		return (struct str){ NULL, 0 };
	len = fread(text, 1, MOST_PEM, f);
	fclose(f);
	return (struct str){ text, len };
}

static bool take_certificate(struct issuer *i, const struct element *e, struct binder *b)
{
	const bool is_text = str_starts(i->certificate, STR("-----BEGIN"));
	const struct str pem = is_text ? i->certificate
				       : read_file(i->certificate, b->arena);
	struct rsa_key *key = pem.at ? rsa_from_certificate(pem) : NULL;

	if (!key && pem.at)
		key = rsa_from_public(pem);
	if (!key)
		return report_error(
			b->report, e->where,
			"certificate of issuer '" STR_FMT "': " STR_FMT " %s",
			STR_ARG(i->name), STR_ARG(is_text ? STR("this") : i->certificate),
			pem.at ? "holds no RSA certificate in PEM" : "cannot be read");
	arena_on_release(b->arena, free_key, key);
	i->key = key;
	return true;
}

bool issuer_check(void *self, const struct element *e, struct binder *b)
{
	struct issuer *i = self;

	i->store = b->shared ? b->shared->store : NULL;
	i->asked = b->shared && b->shared->rates
			   ? rate_named(b->shared->rates,
					str_of(arena_printf(b->arena, "jwks " STR_FMT,
							    STR_ARG(i->jwks))))
			   : arena_new(b->arena, struct rate);
	if (i->certificate.len)
		return take_certificate(i, e, b);
	i->own = !i->jwks.len;
	if (i->own && i->store)
		own_key();
	return true;
}

static bool has_audience(const struct issuer *i, const struct jwt *t)
{
	const struct json *aud = json_get(t->claims, STR("aud"));

	if (!i->audience.len)
		return true;
	if (!aud)
		return false;
	if (aud->kind == JSON_STRING)
		return str_eq(aud->text, i->audience);
	for (const struct json *one = aud->first; one; one = one->next)
		if (one->kind == JSON_STRING && str_eq(one->text, i->audience))
			return true;
	return false;
}

static const char partition[] = "jwks";

/* The key of the document we have; NULL: none, or no such key in it. */
static struct rsa_key *kept_key(const struct issuer *i, const struct jwt *t,
				struct str text, struct exchange *x)
{
	struct fault why = { 0 };
	const struct json *document;

	if (!text.len && i->store)
		text = store_get(i->store, str_of(partition), i->jwks,
				 x->engine->timers.now, &x->arena, NULL);
	document = text.len ? json_parse(text, &x->arena, &why) : NULL;
	return document ? jwks_find(document, jwt_text(t->header, STR("kid")), &x->arena)
			: NULL;
}

enum token_verdict issuer_judge(const struct issuer *i, const struct jwt *t, int64_t now,
				struct str fetched, struct exchange *x)
{
	const struct rsa_key *known = i->own ? own_key() : i->key;
	struct rsa_key *kept = known ? NULL : kept_key(i, t, fetched, x);
	const struct rsa_key *key = known ? known : kept;
	bool good;

	if (!key)
		return TOKEN_UNKNOWN_KEY;
	good = jwt_is_rs256(t, key) && jwt_is_current(t, now, SKEW_S) &&
	       has_audience(i, t);
	rsa_free(kept);
	return good ? TOKEN_GOOD : TOKEN_BAD;
}

struct str token_scopes(const struct jwt *t, struct arena *a)
{
	const struct json *scope = json_get(t->claims, STR("scope"));
	struct str all = STR("");

	if (!scope || scope->kind == JSON_STRING)
		return scope ? scope->text : all;
	for (const struct json *one = scope->first; one; one = one->next)
		if (one->kind == JSON_STRING)
			all = str_of(arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(all),
						  STR_ARG(one->text)));
	return all;
}

/* --- fetching a document --- */

static void end(struct fetch *f)
{
	timer_clear(&f->x->engine->timers, &f->patience);
	body_release(&f->body);
	f->over = true;
	exchange_wake(f->x);
}

static void keep(void *ctx)
{
	struct fetch *f = ctx;
	const struct str text = body_bytes(&f->body);
	const uint64_t now = f->x->engine->timers.now;

	if (text.at)
		f->document = arena_copy(&f->x->arena, text);
	if (text.at && f->issuer->store)
		store_put(f->issuer->store, str_of(partition), f->issuer->jwks, text,
			  now + KEPT_MS, now);
	end(f);
}

static void answered(void *ctx, struct reply *reply, const struct failure *failure)
{
	static const struct body_limits small = { MOST_JWKS, MOST_JWKS };
	struct fetch *f = ctx;

	f->attempt = NULL;
	if (failure || reply->status != 200) {
		if (reply)
			body_release(&reply->body);
		end(f);
		return;
	}
	body_move(&f->body, &reply->body);
	f->body.limits = &small;
	if (f->body.state == BODY_ARRIVING)
		body_collect(&f->body, keep, f);
	else
		keep(f);
}

static void lose_patience(void *ctx)
{
	struct fetch *f = ctx;

	if (f->attempt)
		f->x->engine->transport->ops->cancel(f->x->engine->transport, f->attempt);
	f->attempt = NULL;
	end(f);
}

/* There is a document without this key: tokens of strangers do not fetch it each. */
static bool is_asked_too_often(const struct issuer *i, struct exchange *x)
{
	const uint64_t now = x->engine->timers.now;
	uint64_t wait;

	return i->store &&
	       store_get(i->store, str_of(partition), i->jwks, now, &x->arena, NULL).at &&
	       !rate_take(i->asked, MOST_FETCHES, FETCHES_MS, now, &wait);
}

bool fetch_start(struct fetch *f, const struct issuer *i, struct exchange *x)
{
	struct transport *t = x->engine->transport;

	if (f->started || is_asked_too_often(i, x))
		return false;
	f->started = true;
	f->x = x;
	f->issuer = i;
	headers_init(&f->headers, &x->arena);
	headers_set(&f->headers, STR("Accept"), STR("application/json"));
	body_init(&f->body, &x->arena);
	f->request = (struct request){
		.method = STR("GET"),
		.url = i->jwks,
		.headers = &f->headers,
		.arena = &x->arena,
		.connect_ms = CONNECT_MS,
	};
	timer_init(&f->patience, lose_patience, f);
	timer_set(&x->engine->timers, &f->patience, x->engine->timers.now + PATIENCE_MS);
	f->attempt = t->ops->send(t, &f->request, answered, f);
	return true;
}

bool fetch_is_over(const struct fetch *f)
{
	return f->over;
}

void fetch_cancel(struct fetch *f)
{
	if (!f->started)
		return;
	timer_clear(&f->x->engine->timers, &f->patience);
	if (f->attempt)
		f->x->engine->transport->ops->cancel(f->x->engine->transport, f->attempt);
	f->attempt = NULL;
	body_release(&f->body);
}
