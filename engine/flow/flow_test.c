#include <criterion/criterion.h>

#include <stdio.h>

#include "flow/sequence.h"
#include "tests/world.h"

/* Nodes that note what is done with them, as letters. */
static char notes[256];

static void note(char c)
{
	const size_t len = strlen(notes);

	if (len < sizeof(notes) - 1) {
		notes[len] = c;
		notes[len + 1] = '\0';
	}
}

struct noting {
	struct node node;
	char letter;
	enum flow flow; /* what run() returns; CHILD: pushes child */
	const struct node *child;
	enum flow on_fault, on_stop, after; /* DONE: goes on with what came */
};

static char letter_of(const struct node *n)
{
	return ((const struct noting *)n)->letter;
}

static enum flow run_noting(const struct node *n, struct exchange *x, void *state)
{
	const struct noting *self = (const struct noting *)n;

	(void)state;
	note(self->letter);
	if (self->flow == FLOW_CHILD)
		exchange_push(x, self->child);
	if (self->flow == FLOW_FAULT)
		return exchange_fault(x, 7, "%c", self->letter);
	return self->flow;
}

static enum flow resume_noting(const struct node *n, struct exchange *x, void *state)
{
	const struct noting *self = (const struct noting *)n;

	(void)state;
	(void)x;
	note('+');
	return self->after;
}

static enum flow rescue_noting(const struct node *n, struct exchange *x, void *state)
{
	(void)x;
	(void)state;
	note('!');
	return ((const struct noting *)n)->on_fault;
}

static enum flow stopped_noting(const struct node *n, struct exchange *x, void *state)
{
	(void)x;
	(void)state;
	note('.');
	return ((const struct noting *)n)->on_stop;
}

static void leave_noting(const struct node *n, struct exchange *x, void *state)
{
	(void)x;
	(void)state;
	note((char)(letter_of(n) + 32)); /* in lower case */
}

static const struct node_type noting = {
	.name = "noting",
	.frame_size = 24,
	.run = run_noting,
	.resume = resume_noting,
	.rescue = rescue_noting,
	.stopped = stopped_noting,
	.leave = leave_noting,
};

#define NOTING(letter, flow, child, on_fault, on_stop, after)                    \
	{                                                                        \
		{ &noting, { "t.xml", 1 }, NEEDS_NOTHING }, letter, flow, child, \
			on_fault, on_stop, after                                 \
	}

static struct world w;

static const char *run_once(const struct node *n)
{
	notes[0] = '\0';
	return world_run(&w, n, 0);
}

/* What the word of the top one does to the two below it. */
Test(machine, each_word_reaches_who_it_should)
{
	static const struct {
		const char *name;
		enum flow top, on_fault, on_stop;
		const char *notes, *ending;
	} rows[] = {
		{ "done", FLOW_DONE, FLOW_FAULT, FLOW_STOP, "ABCc+b+a", "done" },
		{ "fault, nobody rescues", FLOW_FAULT, FLOW_FAULT, FLOW_STOP, "ABCc!b!a",
		  "fault 7 C" },
		{ "fault, rescued", FLOW_FAULT, FLOW_DONE, FLOW_STOP, "ABCc!b+a",
		  "done" },
		{ "stop", FLOW_STOP, FLOW_FAULT, FLOW_STOP, "ABCc.b.a", "200" },
		{ "stop, taken up", FLOW_STOP, FLOW_FAULT, FLOW_DONE, "ABCc.b+a",
		  "done" },
	};

	world_init(&w);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct noting c = NOTING('C', rows[i].top, NULL, FLOW_FAULT,
					       FLOW_STOP, FLOW_DONE);
		const struct noting b = NOTING('B', FLOW_CHILD, &c.node, rows[i].on_fault,
					       rows[i].on_stop, FLOW_DONE);
		const struct noting a = NOTING('A', FLOW_CHILD, &b.node, FLOW_FAULT,
					       FLOW_STOP, FLOW_DONE);

		cr_expect_str_eq(run_once(&a.node), rows[i].ending, "%s: %s",
				 rows[i].name, w.ending);
		cr_expect_str_eq(notes, rows[i].notes, "%s: %s", rows[i].name, notes);
	}
	world_release(&w);
}

Test(machine, cancelling_leaves_every_frame_and_calls_nobody)
{
	const struct noting c = NOTING('C', FLOW_WAIT, NULL, 0, 0, FLOW_DONE);
	const struct noting b = NOTING('B', FLOW_CHILD, &c.node, 0, 0, FLOW_DONE);
	struct run r;

	world_init(&w);
	notes[0] = '\0';
	world_begin(&w, &r);
	world_start(&r, &b.node);
	world_pass(&w, 10);
	cr_expect_str_eq(notes, "BC");
	exchange_wake(&r.x);
	exchange_cancel(&r.x);
	world_pass(&w, 10);
	cr_expect_str_eq(notes, "BCcb");
	cr_expect_not(r.ended);
	world_end(&r);
	world_release(&w);
}

Test(machine, nesting_too_deep_is_a_fault_with_its_line)
{
	struct noting self = NOTING('A', FLOW_CHILD, NULL, FLOW_FAULT, 0, FLOW_DONE);

	self.child = &self.node;
	self.node.where.line = 42;
	world_init(&w);
	run_once(&self.node);
	cr_expect_str_eq(w.ending, "fault 700100 mediation is nested deeper than 200; "
				   "does <noting> call itself?");
	world_begin(&w, &(struct run){ 0 });
	world_release(&w);
}

/* Pushes a child for ever; what comes to wait meanwhile has its turn. */
static unsigned long steps;

static enum flow step_again(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	if (++steps == 50000)
		return FLOW_DONE;
	exchange_push(x, ((const struct noting *)n)->child);
	return FLOW_CHILD;
}

static const struct node_type endless = { .name = "endless",
					  .run = step_again,
					  .resume = step_again };

Test(machine, one_that_never_rests_lets_others_have_their_turn)
{
	const struct noting leaf = NOTING('L', FLOW_DONE, NULL, 0, 0, 0);
	const struct noting busy = { { &endless, { "t.xml", 1 }, NEEDS_NOTHING },
				     .child = &leaf.node };
	struct run r, other;

	world_init(&w);
	steps = 0;
	world_begin(&w, &r);
	world_begin(&w, &other);
	world_start(&r, &busy.node);
	world_start(&other, &leaf.node);
	engine_advance(&w.engine, 0);
	cr_expect_not(r.ended);
	cr_expect(other.ended);
	cr_expect_leq(steps, EXCHANGE_MAX_STEPS);
	cr_expect_eq(timers_due(&w.engine.timers), 0, "the loop is to call again");
	for (int i = 0; i < 200 && !r.ended; i++)
		engine_advance(&w.engine, 0);
	cr_expect(r.ended);
	cr_expect_eq(timers_due(&w.engine.timers), UINT64_MAX);
	world_end(&other);
	world_end(&r);
	world_release(&w);
}

/* A producer that the test turns by hand. */
static void nothing(struct body_source *s)
{
	(void)s;
}

Test(machine, waits_for_the_body_that_a_node_needs)
{
	static const enum needs needs[] = { NEEDS_BYTES, NEEDS_TREE };

	world_init(&w);
	for (int i = 0; i < 2; i++) {
		struct noting n = NOTING('A', FLOW_DONE, NULL, 0, 0, 0);
		struct body_source source = { .resume = nothing, .cancel = nothing };
		struct run r;

		n.node.needs = needs[i];
		notes[0] = '\0';
		world_begin(&w, &r);
		headers_set(&r.x.message.headers, STR("Content-Type"),
			    STR("application/json"));
		body_start(&r.x.message.body, &source, BODY_LENGTH_UNKNOWN);
		world_start(&r, &n.node);
		world_pass(&w, 1);
		cr_expect_str_eq(notes, "", "not before it is there");
		body_feed(&r.x.message.body, STR("{\"a\":1}"));
		body_settle(&r.x.message.body);
		body_end(&r.x.message.body, true);
		world_pass(&w, 1);
		cr_expect_str_eq(notes, "Aa");
		cr_expect_eq(r.x.message.content.kind,
			     i ? CONTENT_JSON : CONTENT_UNKNOWN);
		world_end(&r);
	}
	world_release(&w);
}

Test(machine, a_payload_that_is_not_what_it_says_is_a_fault)
{
	struct noting n = NOTING('A', FLOW_DONE, NULL, 0, 0, 0);
	struct run r;

	n.node.needs = NEEDS_TREE;
	notes[0] = '\0';
	world_init(&w);
	world_begin(&w, &r);
	headers_set(&r.x.message.headers, STR("Content-Type"), STR("application/xml"));
	body_set(&r.x.message.body, STR("<nonsense"));
	world_start(&r, &n.node);
	world_pass(&w, 0);
	cr_expect_eq(strncmp(world_ending(&w, &r), "fault 601000", 12), 0, "%s",
		     w.ending);
	cr_expect_str_eq(notes, "", "it never ran, so it does not leave");
	world_end(&r);
	world_release(&w);
}

Test(machine, a_body_that_breaks_off_is_a_fault)
{
	struct noting n = NOTING('A', FLOW_DONE, NULL, 0, 0, 0);
	struct body_source source = { .resume = nothing, .cancel = nothing };
	struct run r;

	n.node.needs = NEEDS_BYTES;
	world_init(&w);
	world_begin(&w, &r);
	body_start(&r.x.message.body, &source, 100);
	world_start(&r, &n.node);
	world_pass(&w, 0);
	body_end(&r.x.message.body, false);
	world_pass(&w, 0);
	cr_expect(r.ended);
	cr_expect_str_eq(world_ending(&w, &r),
			 "fault 601000 the body of the message broke off after 0 bytes");
	world_end(&r);
	world_release(&w);
}

/* --- child exchanges --- */

static void end_child(struct exchange *x, void *ctx)
{
	note(x->flow == FLOW_FAULT ? '-' : '*');
	exchange_free(x);
	if (ctx)
		exchange_wake(ctx);
}

Test(child, has_a_message_of_its_own_and_tells_when_it_is_done)
{
	const struct noting leaf = NOTING('L', FLOW_DONE, NULL, 0, 0, 0);
	const struct noting parent = NOTING('P', FLOW_WAIT, NULL, 0, 0, FLOW_DONE);
	struct exchange *child;
	struct run r;

	world_init(&w);
	notes[0] = '\0';
	world_begin(&w, &r);
	body_set(&r.x.message.body, STR("hello"));
	world_start(&r, &parent.node);
	world_pass(&w, 0);
	child = exchange_child(&r.x, &leaf.node, end_child, &r.x);
	message_set_property(&child->message, SCOPE_DEFAULT, STR("p"), value_int(1));
	cr_expect(str_eq(body_bytes(&child->message.body), STR("hello")));
	world_pass(&w, 0);
	cr_expect_str_eq(notes, "PLl*+p");
	cr_expect_eq(message_property(&r.x.message, SCOPE_DEFAULT, STR("p")).kind,
		     VALUE_NULL);
	world_end(&r);
	world_release(&w);
}

static void count_end(struct exchange *x, void *ctx)
{
	(void)ctx;
	note(x->flow == FLOW_FAULT ? '-' : '*');
}

Test(child, that_is_detached_outlives_its_parent)
{
	const struct noting leaf = NOTING('L', FLOW_WAIT, NULL, 0, 0, FLOW_DONE);
	struct run r;

	world_init(&w);
	notes[0] = '\0';
	world_begin(&w, &r);
	exchange_detach(&r.x, &leaf.node, count_end, 0);
	world_pass(&w, 0);
	world_end(&r);
	cr_expect_str_eq(notes, "L");
	cr_expect_not(list_is_empty(&w.engine.detached));
	engine_release(&w.engine);
	cr_expect_str_eq(notes, "Ll", "at the end of all it is cancelled");
	world_release(&w);
}

/* --- sequences --- */

Test(sequence, the_exchange_ends_after_its_error_handler)
{
	static const struct {
		const char *name, *handler, *ending;
	} rows[] = {
		{ "that answers", "<respond/>", "200" },
		{ "without an answer (F6)", "<property name='p' value='1'/>",
		  "status 500" },
		{ "that drops", "<drop/>", "status 500" },
		{ "that faults itself", "<throwError type='T' errorMessage='x'/>",
		  "fault 0 x" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char xml[256];

		world_init(&w);
		snprintf(xml, sizeof(xml), "<sequence name='H'>%s</sequence>",
			 rows[i].handler);
		world_deploy(&w, xml);
		world_deploy(&w, "<sequence name='S' onError='H'><throwError type='E' "
				 "errorMessage='broken'/><log/></sequence>");
		world_run(&w, world_find(&w, REF_SEQUENCE, "S"), 0);
		cr_expect_str_eq(w.ending, rows[i].ending, "%s: %s", rows[i].name,
				 w.ending);
		world_release(&w);
	}
}

Test(sequence, whose_error_handler_is_missing_lets_the_fault_pass)
{
	world_init(&w);
	world_deploy(&w, "<sequence name='S' onError='none'><throwError type='E' "
			 "errorMessage='broken'/></sequence>");
	cr_expect_str_eq(world_run(&w, world_find(&w, REF_SEQUENCE, "S"), 0),
			 "fault 0 broken");
	cr_expect_eq(world_logged(&w, "onError handler : none for sequence : S cannot be "
				      "found"),
		     1, "%s", world_log(&w));
	world_release(&w);
}
