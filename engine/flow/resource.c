#include "flow/resource.h"

#include "flow/sequence.h"

enum stage { REQUEST, RESPONSE, RESCUE };

struct course {
	enum stage stage;
};

/* The keyed sequence if there is a key, else the inline one; may fault. */
static enum flow choose(struct exchange *x, const struct ref *key, const struct node *own,
			const struct node **chosen)
{
	struct str name;

	*chosen = own;
	if (!key)
		return FLOW_DONE;
	*chosen = exchange_find(x, key, &name);
	if (*chosen)
		return FLOW_DONE;
	return exchange_fault(x, FAULT_MEDIATION,
			      "Specified sequence: " STR_FMT " cannot be found",
			      STR_ARG(name));
}

static enum flow run_request(const struct node *n, struct exchange *x, void *state)
{
	const struct resource *r = (const struct resource *)n;
	const struct node *in;
	const enum flow flow = choose(x, r->in_key, r->in, &in);

	(void)state;
	if (flow == FLOW_FAULT || !in)
		return flow;
	exchange_push(x, in);
	return FLOW_CHILD;
}

static enum flow run_response(const struct resource *r, struct exchange *x,
			      struct course *course)
{
	const struct node *out;
	const enum flow flow = choose(x, r->out_key, r->out, &out);

	course->stage = RESPONSE;
	x->answer = ANSWER_MESSAGE; /* unless what runs now decides otherwise */
	if (flow == FLOW_FAULT)
		return flow;
	if (!out)
		return FLOW_STOP;
	exchange_push(x, out);
	return FLOW_CHILD;
}

static enum flow end_stage(const struct node *n, struct exchange *x, void *state)
{
	const struct course *course = state;

	(void)n;
	if (course->stage == RESCUE)
		return exchange_handled(x);
	return course->stage == RESPONSE ? FLOW_STOP : FLOW_DONE;
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct resource *r = (const struct resource *)n;
	struct course *course = state;

	if (course->stage == RESCUE && !x->message.is_response)
		return exchange_handled(x);
	if (course->stage != RESPONSE && x->message.is_response &&
	    x->answer == ANSWER_NONE)
		return run_response(r, x, course);
	return FLOW_STOP;
}

static const struct node *fault_handler(const struct resource *r, struct exchange *x)
{
	static const struct ref global = { .key = { "fault", 5 }, .kind = REF_SEQUENCE };
	const struct node *handler = NULL;
	struct str name;

	if (r->fault_key)
		handler = exchange_find(x, r->fault_key, &name);
	else
		handler = r->fault;
	return handler    ? handler
	       : x->names ? x->names->find(x->names, REF_SEQUENCE, global.key)
			  : NULL;
}

static struct str handler_name(const struct node *handler)
{
	static const char anonymous[] =
		"org.apache.synapse.mediators.base.SequenceMediator";
	const struct sequence *s = (const struct sequence *)handler;

	return handler->type == &sequence_type && s->name.len ? s->name
							      : str_of(anonymous);
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct resource *r = (const struct resource *)n;
	struct course *course = state;
	const struct node *handler;

	if (course->stage == RESCUE)
		return FLOW_FAULT;
	handler = fault_handler(r, x);
	course->stage = RESCUE;
	if (!handler) {
		exchange_show_fault(x);
		return FLOW_FAULT;
	}
	x->answer = ANSWER_NONE;
	x->message.is_response = false;
	return exchange_handle(x, handler, handler_name(handler));
}

const struct node_type resource_type = {
	.name = "resource",
	.brief = "Takes one request through its sequences to its answer.",
	.frame_size = sizeof(struct course),
	.run = run_request,
	.resume = end_stage,
	.rescue = rescue,
	.stopped = stopped,
};
