#include "flow/sequence.h"

struct progress {
	unsigned next;
	bool rescuing;
};

static enum flow step(const struct node *n, struct exchange *x, void *state)
{
	const struct sequence *seq = (const struct sequence *)n;
	struct progress *at = state;

	if (at->rescuing)
		return exchange_handled(x);
	if (at->next == seq->count)
		return FLOW_DONE;
	exchange_push(x, seq->steps[at->next++]);
	return FLOW_CHILD;
}

/*
 * As in Synapse, onError ends the exchange: what comes after this sequence is
 * not run. A fault inside onError is not ours to catch again.
 */
static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct sequence *seq = (const struct sequence *)n;
	struct progress *at = state;
	struct str key;

	if (!seq->on_error || at->rescuing)
		return FLOW_FAULT;

	const struct sequence *handler = exchange_find(x, seq->on_error, &key);

	if (!handler) {
		exchange_log(x, LOG_WARN,
			     "org.apache.synapse.mediators.base.SequenceMediator",
			     "onError handler : " STR_FMT " for sequence : " STR_FMT
			     " cannot be found",
			     STR_ARG(key), STR_ARG(seq->name));
		return FLOW_FAULT;
	}
	at->rescuing = true;
	return exchange_handle(x, &handler->node, key);
}

static enum flow stopped(const struct node *n, struct exchange *x, void *state)
{
	const struct progress *at = state;

	(void)n;
	return at->rescuing ? exchange_handled(x) : FLOW_STOP;
}

const struct node_type sequence_type = {
	.name = "sequence",
	.brief = "Runs mediators one after the other.",
	.frame_size = sizeof(struct progress),
	.run = step,
	.resume = step,
	.rescue = rescue,
	.stopped = stopped,
};
