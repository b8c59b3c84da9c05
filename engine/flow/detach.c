#include <assert.h>

#include "flow/exchange.h"

/* An exchange nobody waits for, with its own copy of what is usually borrowed. */
struct detached {
	struct link link;
	struct incoming incoming;
	struct surroundings around;
	const struct names *names;
	struct exchange *x;
	void (*done)(struct exchange *x, void *ctx);
	void *ctx;
	struct arena arena;
};

static void copy(struct str *text, struct arena *a)
{
	if (text->at)
		*text = arena_copy(a, *text);
}

static void copy_incoming(struct incoming *to, const struct incoming *from,
			  struct arena *a)
{
	*to = *from;
	struct str *const texts[] = {
		&to->method,           &to->target,      &to->transport, &to->host,
		&to->remote,           &to->correlation, &to->api,       &to->api_version,
		&to->api_version_type, &to->context,     &to->sub_path,  &to->postfix,
		&to->pattern,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		copy(texts[i], a);
}

/* d lies in its own arena. */
static void release(struct detached *d)
{
	struct arena arena = d->arena;
	const struct names *names = d->names;

	list_remove(&d->link);
	exchange_free(d->x);
	arena_release(&arena);
	if (names && names->let_go)
		names->let_go(names);
}

static void ended(struct exchange *x, void *ctx)
{
	struct detached *d = ctx;

	if (d->done)
		d->done(x, d->ctx);
	else if (x->flow == FLOW_FAULT)
		exchange_log(x, LOG_ERROR, "org.apache.synapse.mediators.MediatorWorker",
			     "%s:%u: a copy that nobody waits for failed: %s",
			     x->fault.where.file ? x->fault.where.file : "",
			     x->fault.where.line, x->fault.text);
	release(d);
}

void *exchange_detach(struct exchange *x, const struct node *node,
		      void (*done)(struct exchange *x, void *ctx), size_t ctx_size)
{
	struct arena arena = { 0 };
	struct detached *d = arena_new(&arena, struct detached);

	copy_incoming(&d->incoming, x->message.incoming, &arena);
	if (x->message.around)
		d->around = *x->message.around;
	d->names = x->names;
	if (d->names && d->names->hold)
		d->names->hold(d->names);
	d->x = exchange_child(x, node, ended, d);
	d->x->message.incoming = &d->incoming;
	d->x->message.around = &d->around;
	d->done = done;
	d->ctx = arena_alloc(&arena, ctx_size);
	d->arena = arena;
	list_add_last(&x->engine->detached, &d->link);
	return d->ctx;
}

void engine_release(struct engine *e)
{
	while (!list_is_empty(&e->detached))
		release(list_item(e->detached.next, struct detached, link));
	assert(list_is_empty(&e->detached));
}
