#include "flow/exchange.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "flow/read_off.h"
#include "message/content.h"
#include "message/transport.h"

static const struct origin nowhere = {
	.prefix = "",
	.received = "Received through an entry point other than a proxy, an api or an "
		    "inbound endpoint ",
	.trigger = "",
	.name = "",
};

static void next_round(void *ctx)
{
	(void)ctx; /* its time has come: that is all */
}

void engine_init(struct engine *e)
{
	*e = (struct engine){ 0 };
	list_init(&e->ready);
	list_init(&e->later);
	list_init(&e->detached);
	timers_init(&e->timers);
	timer_init(&e->again, next_round, e);
}

void exchange_init(struct exchange *x, struct engine *e, const struct incoming *in,
		   const struct surroundings *around)
{
	*x = (struct exchange){ .engine = e, .origin = &nowhere, .number = ++e->started };
	list_init(&x->queued);
	message_init(&x->message, &x->arena, in, around);
}

void exchange_release(struct exchange *x)
{
	exchange_cancel(x);
	message_release(&x->message);
	arena_release(&x->stack);
	arena_release(&x->arena);
}

void exchange_push(struct exchange *x, const struct node *child)
{
	const struct arena_mark mark = arena_mark(&x->stack);
	const size_t size = child->type->frame_size;
	struct {
		alignas(max_align_t) struct frame frame;
		alignas(max_align_t) char state[];
	} *pushed = arena_alloc_dirty(&x->stack, sizeof(*pushed) + size);

	pushed->frame = (struct frame){
		.below = x->top,
		.node = child,
		.state = size ? memset(pushed->state, 0, size) : NULL,
		.mark = mark,
	};
	x->top = &pushed->frame;
	x->depth++;
}

static void pop(struct exchange *x)
{
	struct frame *f = x->top;

	if (f->entered && f->node->type->leave)
		f->node->type->leave(f->node, x, f->state);
	x->top = f->below;
	x->depth--;
	arena_rewind(&x->stack, f->mark);
}

static const char *copy_text(struct exchange *x, const char *text)
{
	return text ? arena_copy(&x->arena, str_of(text)).at : NULL;
}

enum flow exchange_fault_with(struct exchange *x, const struct fault *why)
{
	const struct fault copy = {
		.code = why->code,
		.code_text = copy_text(x, why->code_text),
		.text = copy_text(x, why->text ? why->text : ""),
		.detail = copy_text(x, why->detail),
		.kind = copy_text(x, why->kind),
		.endpoint = copy_text(x, why->endpoint),
		.where = why->where.line || !x->top ? why->where : x->top->node->where,
		.data = why->data,
		.shown = why->shown,
		.logged = why->logged,
	};

	x->fault = copy;
	return FLOW_FAULT;
}

enum flow exchange_fault(struct exchange *x, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	x->fault = (struct fault){
		.code = code,
		.text = arena_vprintf(&x->arena, fmt, ap),
		.where = x->top->node->where,
	};
	va_end(ap);
	return FLOW_FAULT;
}

void exchange_wake(struct exchange *x)
{
	if (list_is_empty(&x->queued))
		list_add_last(&x->engine->ready, &x->queued);
}

static void body_is_there(void *x)
{
	exchange_wake(x);
}

/* It cannot be had whole: too much of it, or too little. */
static enum flow fault_body(struct exchange *x)
{
	const struct body *b = &x->message.body;

	if (!b->over && b->received <= b->limits->most)
		return exchange_fault(
			x, FAULT_BUILDING,
			"the body of the message broke off after %llu bytes%s%s",
			(unsigned long long)b->received, b->broke ? ": " : "",
			b->broke ? b->broke->text : "");
	exchange_fault(x, FAULT_BUILDING,
		       "the body of the message is larger than the %llu bytes that are "
		       "taken whole",
		       (unsigned long long)b->limits->most);
	x->fault.kind = x->message.after_call ? "protocol" : "too_large";
	return FLOW_FAULT;
}

static enum flow fault_content(struct exchange *x, const struct fault *why)
{
	exchange_log(x, LOG_ERROR, "org.apache.synapse.mediators.AbstractListMediator",
		     "%s", why->text ? why->text : "");
	return exchange_fault_with(x, why);
}

static enum flow await_content(struct exchange *x, enum needs needs)
{
	struct fault why = { 0 };
	bool fine;

	if (read_off_is_over(x)) {
		fine = read_off_take(x, &why);
	} else if (x->reading || read_off_start(x)) {
		x->collecting = true;
		return FLOW_WAIT;
	} else {
		fine = needs == NEEDS_VALUE || content_understand(&x->message, &why);
	}
	return fine ? FLOW_DONE : fault_content(x, &why);
}

/* Sleeps until the body is as far as the node needs it; FLOW_DONE: it is. */
static enum flow await_body(struct exchange *x, const struct node *n)
{
	if (x->message.body.state == BODY_ARRIVING) {
		x->collecting = true;
		body_collect(&x->message.body, body_is_there, x);
		return FLOW_WAIT;
	}
	if (x->message.body.state == BODY_BROKEN ||
	    x->message.body.received > x->message.body.limits->most)
		return fault_body(x);
	if (n->needs == NEEDS_TREE ||
	    (n->needs == NEEDS_VALUE && content_is_xml(&x->message)))
		return await_content(x, n->needs);
	return FLOW_DONE;
}

/* Runs the node that was just pushed, or whose body has come. */
static enum flow enter(struct exchange *x)
{
	struct frame *f = x->top;
	const struct node *n = f->node;

	if (x->depth > EXCHANGE_MAX_DEPTH)
		return exchange_fault(
			x, FAULT_TOO_DEEP,
			"mediation is nested deeper than %d; does <%s> call itself?",
			EXCHANGE_MAX_DEPTH, n->type->name);
	if (n->needs != NEEDS_NOTHING) {
		const enum flow flow = await_body(x, n);

		if (flow != FLOW_DONE)
			return flow;
	}
	if (x->engine->trace)
		x->engine->trace(x, n, x->engine->trace_ctx);
	f->entered = true;
	return n->type->run(n, x, f->state);
}

static enum flow ask_to_rescue(struct exchange *x)
{
	const struct node *n = x->top->node;

	return n->type->rescue ? n->type->rescue(n, x, x->top->state) : FLOW_FAULT;
}

/* A child finished, or a sleeper woke: the top frame goes on. */
static enum flow carry_on(struct exchange *x)
{
	const struct node *n = x->top->node;

	if (x->interrupted) {
		x->interrupted = false;
		return ask_to_rescue(x);
	}
	if (x->collecting) {
		x->collecting = false;
		return enter(x);
	}
	return n->type->resume ? n->type->resume(n, x, x->top->state) : FLOW_DONE;
}

/* The top frame faulted. Pops it and asks the ones below, nearest first. */
static enum flow unwind(struct exchange *x)
{
	pop(x);
	return x->top ? ask_to_rescue(x) : FLOW_FAULT;
}

/* The top frame stopped the exchange; those below may still have a word. */
static enum flow stop(struct exchange *x)
{
	pop(x);
	if (!x->top)
		return FLOW_STOP;

	const struct node *n = x->top->node;
	return n->type->stopped ? n->type->stopped(n, x, x->top->state) : FLOW_STOP;
}

/* One step of the machine; whatever the top frame said last is done. */
static void turn(struct exchange *x)
{
	switch (x->flow) {
	case FLOW_CHILD:
		x->flow = enter(x);
		break;
	case FLOW_DONE:
		pop(x);
		if (x->top)
			x->flow = carry_on(x);
		break;
	case FLOW_FAULT:
		x->flow = unwind(x);
		break;
	case FLOW_STOP:
		x->flow = stop(x);
		break;
	case FLOW_WAIT:
		break;
	}
}

/* The engine. Runs until the exchange sleeps or has had its share (true), or is over. */
static bool run(struct exchange *x)
{
	unsigned steps = 0;

	while (x->top) {
		if (x->flow == FLOW_WAIT)
			return true;
		if (steps++ == EXCHANGE_MAX_STEPS) {
			list_add_last(&x->engine->later, &x->queued);
			return true;
		}
		turn(x);
	}
	return false;
}

/* Runs who is ready, until nobody is but those who had their share. */
static void run_ready(struct engine *e)
{
	while (!list_is_empty(&e->ready)) {
		struct exchange *x = list_item(e->ready.next, struct exchange, queued);

		list_remove(&x->queued);
		if (x->flow == FLOW_WAIT)
			x->flow = carry_on(x);
		if (!run(x))
			x->done(x, x->ctx);
	}
}

void engine_advance(struct engine *e, uint64_t now)
{
	struct timer *t;

	while (!list_is_empty(&e->later)) {
		struct link *first = e->later.next;

		list_remove(first);
		list_add_last(&e->ready, first);
	}
	timer_clear(&e->timers, &e->again);
	run_ready(e);
	while ((t = timers_next(&e->timers, now))) {
		t->fire(t->ctx);
		run_ready(e);
	}
	if (!list_is_empty(&e->later))
		timer_set(&e->timers, &e->again, e->timers.now);
}

void engine_run(struct engine *e)
{
	engine_advance(e, e->timers.now);
}

void exchange_start(struct exchange *x, const struct node *node)
{
	assert(!x->top && x->done);
	exchange_push(x, node);
	x->flow = FLOW_CHILD;
	exchange_wake(x);
}

static void stop_collecting(struct exchange *x)
{
	if (x->collecting)
		body_collect(&x->message.body, NULL, NULL);
	x->collecting = false;
	read_off_cancel(x);
}

void exchange_interrupt(struct exchange *x, const void *state, const struct fault *why)
{
	stop_collecting(x);
	while (x->top->state != state)
		pop(x);
	exchange_fault_with(x, why);
	x->interrupted = true;
	x->flow = FLOW_WAIT;
	exchange_wake(x);
}

void exchange_cancel(struct exchange *x)
{
	list_remove(&x->queued);
	stop_collecting(x);
	while (x->top)
		pop(x);
}

static enum flow refuse_child(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)state;
	if (x->generation > EXCHANGE_MAX_GENERATIONS)
		return exchange_fault(
			x, FAULT_TOO_DEEP,
			"branches within branches, deeper than %d; does what "
			"they run call itself?",
			EXCHANGE_MAX_GENERATIONS);
	return exchange_fault(x, FAULT_TOO_DEEP,
			      "more than %d parts of messages are under way at a time",
			      EXCHANGE_MAX_CHILDREN);
}

static const struct node_type one_too_many_type = {
	.name = "one too many",
	.brief = "Faults instead of running.",
	.run = refuse_child,
};
static const struct node one_too_many = { &one_too_many_type,
					  { NULL, 0 },
					  NEEDS_NOTHING };

struct exchange *exchange_child(struct exchange *parent, const struct node *node,
				void (*done)(struct exchange *x, void *ctx), void *ctx)
{
	struct exchange *x = malloc(sizeof(*x));

	if (!x) {
		fputs("out of memory\n", stderr);
		abort();
	}
	exchange_init(x, parent->engine, parent->message.incoming,
		      parent->message.around);
	message_clone(&x->message, &parent->message, &x->arena);
	x->names = parent->names;
	x->origin = parent->origin;
	x->depth = parent->depth;
	x->is_child = true;
	x->group = parent->group;
	x->done = done;
	x->ctx = ctx;
	x->generation = (unsigned char)(parent->generation + 1);
	if (++x->engine->children > EXCHANGE_MAX_CHILDREN ||
	    x->generation > EXCHANGE_MAX_GENERATIONS)
		node = &one_too_many;
	exchange_start(x, node);
	return x;
}

void exchange_free(struct exchange *child)
{
	child->engine->children--;
	exchange_release(child);
	free(child);
}

static const char *const shown[] = {
	"ERROR_CODE",      "ERROR_MESSAGE", "ERROR_DETAIL",
	"ERROR_EXCEPTION", "ERROR_KIND",    "ERROR_ENDPOINT"
};

void exchange_hide_fault(struct exchange *x)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		message_remove_property(&x->message, SCOPE_DEFAULT, str_of(shown[i]));
}

static void show(struct exchange *x, const char *name, const char *text)
{
	message_set_property(&x->message, SCOPE_DEFAULT, str_of(name),
			     value_str(str_of(text)));
}

void exchange_show_fault(struct exchange *x)
{
	const struct fault *f = &x->fault;
	const struct value old = message_property(&x->message, SCOPE_DEFAULT,
						  STR("ERROR_CODE"));

	if (f->code == FAULT_MEDIATION && !f->code_text && old.kind != VALUE_NULL)
		return;
	if (f->code_text)
		show(x, "ERROR_CODE", f->code_text);
	else
		message_set_property(&x->message, SCOPE_DEFAULT, STR("ERROR_CODE"),
				     value_int(f->code));
	show(x, "ERROR_MESSAGE", f->text);
	show(x, "ERROR_DETAIL", f->detail ? f->detail : f->text);
	show(x, "ERROR_EXCEPTION", f->detail ? f->detail : f->text);
	show(x, "ERROR_KIND", f->kind ? f->kind : "mediation");
	if (f->endpoint)
		show(x, "ERROR_ENDPOINT", f->endpoint);
}

const void *exchange_find(struct exchange *x, const struct ref *ref, struct str *key)
{
	struct fault why = { 0 };

	*key = ref->key;
	if (!ref->dynamic)
		return ref->target;
	if (!expr_text(ref->dynamic, &x->message, key, NULL, &why) || !x->names)
		return NULL;
	return x->names->find(x->names, ref->kind, *key);
}

void exchange_log(struct exchange *x, enum log_level level, const char *logger,
		  const char *fmt, ...)
{
	va_list ap;

	if (!log_is_on(level, logger))
		return;
	va_start(ap, fmt);
	char *text = arena_vprintf(&x->arena, fmt, ap);
	va_end(ap);
	log_line(level, logger, "%s%s", x->origin->prefix, text);
}

void exchange_log_service(struct exchange *x, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (!x->origin->logger)
		return;
	va_start(ap, fmt);
	log_vline(level, x->origin->logger, fmt, ap);
	va_end(ap);
}
