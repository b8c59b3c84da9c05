#include "branches.h"

#include "message/content.h"

enum stage { RUNNING, RESTING, COLLECTING };

struct going {
	enum stage stage;
};

/* The ctx of a branch's exchange. */
struct branch {
	struct branches *all;
};

bool branch_rest(struct binder *b, const struct element *e, const struct node **rest)
{
	const struct element *next = element_first(e->next);
	const struct element *found = next;

	*rest = NULL;
	while (found && !str_eq(found->name, STR("aggregate")))
		found = element_first(found->next);
	if (!found)
		return true;
	*rest = b->steps(b, e->parent, next);
	return *rest;
}

static void let_go(void *all)
{
	branches_unref(all);
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	arena_on_release(&x->arena, let_go, x->group);
	exchange_push(x, ((const struct branch_body *)n)->steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct branch_body *body = (const struct branch_body *)n;
	struct going *going = state;

	if (going->stage == COLLECTING)
		return FLOW_STOP;
	if (going->stage == RESTING || !body->rest)
		return FLOW_DONE;
	going->stage = RESTING;
	exchange_push(x, body->rest);
	return FLOW_CHILD;
}

static enum flow collected(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

static const struct node_type collect_type = {
	.name = "branch answer",
	.brief = "Waits for a whole body.",
	.needs = NEEDS_BYTES,
	.run = collected,
};

static const struct node collect = { &collect_type, { NULL, 0 }, NEEDS_BYTES };

/* An answer is taken over by the parent, whole. */
static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	struct going *going = state;

	(void)n;
	if (x->answer != ANSWER_MESSAGE || going->stage == COLLECTING)
		return FLOW_STOP;
	going->stage = COLLECTING;
	exchange_push(x, &collect);
	return FLOW_CHILD;
}

static const struct node_type branch_type = {
	.name = "branch",
	.brief = "One of several copies of a message.",
	.frame_size = sizeof(struct going),
	.run = begin,
	.resume = go_on,
	.stopped = stopped,
};

void branch_body_init(struct branch_body *body, const struct node *steps,
		      const struct node *rest, struct where where)
{
	*body = (struct branch_body){
		.node = { &branch_type, where, NEEDS_NOTHING },
		.steps = steps,
		.rest = rest,
	};
}

struct branches *branches_new(struct exchange *parent, unsigned total)
{
	struct arena arena = { 0 };
	struct branches *b = arena_new(&arena, struct branches);

	b->parent = parent;
	b->total = total;
	b->references = 1;
	b->arena = arena;
	return b;
}

void branches_unref(struct branches *b)
{
	struct arena arena;

	if (--b->references)
		return;
	arena = b->arena;
	arena_release(&arena);
}

static void take_over(struct exchange *parent, struct exchange *branch)
{
	struct message answer;

	message_clone(&answer, &branch->message, &parent->arena);
	answer.incoming = parent->message.incoming;
	answer.around = parent->message.around;
	message_release(&parent->message);
	parent->message = answer;
}

static void ended(struct exchange *x, void *ctx)
{
	struct branches *b = ((struct branch *)ctx)->all;
	struct exchange *parent = b->parent;

	b->running--;
	if (!parent)
		return;
	if (x->flow == FLOW_FAULT && !b->answered && !b->failed) {
		b->failed = true;
		exchange_fault_with(parent, &x->fault);
	} else if (x->answer == ANSWER_MESSAGE && !b->answered) {
		b->answered = true;
		take_over(parent, x);
	}
	exchange_wake(parent);
}

static void describe(struct branches *b, struct exchange *x, unsigned index,
		     struct str id)
{
	const char *dot = id.len ? "." : "";
	const char *correlation = arena_printf(&x->arena, "aggregateCorelation%s" STR_FMT,
					       dot, STR_ARG(id));
	const char *sequence = arena_printf(&x->arena, "messageSequence%s" STR_FMT, dot,
					    STR_ARG(id));

	message_set_property(
		&x->message, SCOPE_DEFAULT, str_of(correlation),
		message_property(&x->message, SCOPE_DEFAULT, STR("MessageID")));
	message_set_property(
		&x->message, SCOPE_DEFAULT, str_of(sequence),
		value_str(str_of(arena_printf(&x->arena, "%u/%u", index, b->total))));
}

void branches_start(struct branches *b, struct exchange *parent,
		    const struct branch_body *body, unsigned index, struct str id)
{
	void *outer = parent->group;
	struct branch *branch;

	describe(b, parent, index, id);
	parent->group = b;
	branch = exchange_detach(parent, &body->node, ended, sizeof(*branch));
	parent->group = outer;
	branch->all = b;
	b->references++;
	b->running++;
}

enum flow branches_look(struct branches *b)
{
	if (b->answered) {
		b->parent->answer = ANSWER_MESSAGE;
		b->parent->message.is_response = true;
		return FLOW_STOP;
	}
	if (b->failed)
		return FLOW_FAULT;
	if (b->running || b->waiting)
		return FLOW_WAIT;
	b->parent->answer = ANSWER_DROP;
	return FLOW_STOP;
}

void branches_leave(struct branches *b)
{
	b->parent = NULL;
	branches_unref(b);
}
