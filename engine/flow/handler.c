/* Error sequences: how they begin, and that no client is left without an answer. */
#include "flow/exchange.h"

static const char logger[] = "org.apache.synapse.mediators.MediatorFaultHandler";

enum flow exchange_handle(struct exchange *x, const struct node *sequence,
			  struct str name)
{
	exchange_show_fault(x);
	exchange_log_service(x, LOG_WARN, "Executing fault sequence mediator : " STR_FMT,
			     STR_ARG(name));
	x->handler = sequence;
	exchange_push(x, sequence);
	return FLOW_CHILD;
}

enum flow exchange_handled(struct exchange *x)
{
	const bool silent = x->answer == ANSWER_NONE || x->answer == ANSWER_DROP;

	if (x->is_child || x->answered || x->message.is_response || !silent)
		return FLOW_STOP;
	exchange_log(
		x, LOG_WARN, logger,
		"%s:%u: the fault sequence ended without an answer; the client gets 500",
		x->handler->where.file, x->handler->where.line);
	x->answer = ANSWER_STATUS;
	x->answer_status = 500;
	return FLOW_STOP;
}
