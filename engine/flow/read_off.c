#include "flow/read_off.h"

#include "flow/exchange.h"
#include "message/content.h"

/* Lies in its own arena. */
struct read_off {
	struct reading reading;
	struct engine *engine;
	struct exchange *exchange; /* NULL: nobody wants it any more */
	bool over;
};

static void release(void *ctx)
{
	struct arena its_own = ((struct read_off *)ctx)->reading.arena;

	arena_release(&its_own);
	arena_trim();
}

static void nothing_to_do(void *ctx)
{
	(void)ctx;
}

static void throw_away(void *ctx)
{
	struct read_off *r = ctx;

	r->engine->elsewhere(r->engine->elsewhere_ctx, release, nothing_to_do, r);
}

static void read_it(void *ctx)
{
	struct read_off *r = ctx;

	content_read(&r->reading);
}

static void was_read(void *ctx)
{
	struct read_off *r = ctx;

	r->over = true;
	if (r->exchange)
		exchange_wake(r->exchange);
	else
		throw_away(r);
}

bool read_off_start(struct exchange *x)
{
	struct engine *e = x->engine;
	struct arena its_own = { 0 };
	struct read_off *r;

	if (!e->elsewhere || !content_is_large(&x->message))
		return false;
	r = arena_new(&its_own, struct read_off);
	r->reading.arena = its_own;
	if (!content_reading_begin(&x->message, &r->reading)) {
		release(r);
		return false;
	}
	r->engine = e;
	r->exchange = x;
	x->reading = r;
	e->elsewhere(e->elsewhere_ctx, read_it, was_read, r);
	return true;
}

bool read_off_is_over(const struct exchange *x)
{
	return x->reading && x->reading->over;
}

bool read_off_take(struct exchange *x, struct fault *why)
{
	struct read_off *r = x->reading;
	bool fine;

	x->reading = NULL;
	fine = content_reading_end(&x->message, &r->reading, why);
	if (!fine)
		why->text = arena_copy(&x->arena, str_of(why->text)).at;
	arena_on_release(&x->arena, throw_away, r);
	return fine;
}

void read_off_cancel(struct exchange *x)
{
	if (x->reading)
		x->reading->exchange = NULL;
	x->reading = NULL;
}
