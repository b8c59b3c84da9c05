#include "common.h"

#include <stdarg.h>

static void say(struct exchange *x, enum log_level level, const char *logger,
		const char *text)
{
	exchange_log(x, level, logger, "%s", text);
	exchange_log_service(x, level, "%s", text);
}

void mediator_say(struct exchange *x, enum log_level level, const char *logger,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(x, level, logger, arena_vprintf(&x->arena, fmt, ap));
	va_end(ap);
}

enum flow mediator_fault(struct exchange *x, const char *logger, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *text = arena_vprintf(&x->arena, fmt, ap);
	va_end(ap);
	say(x, LOG_ERROR, logger, text);
	return exchange_fault(x, FAULT_MEDIATION, "%s", text);
}

void mediator_needs(struct node *n, enum needs needs)
{
	if (n->needs < needs)
		n->needs = needs;
}

void mediator_needs_for(struct node *n, const struct expr *e)
{
	if (e)
		mediator_needs(n, e->needs);
}

struct str element_text(const struct element *e, struct arena *a)
{
	struct buf text;

	buf_init(&text, 16 << 20);
	element_write(e, ELEMENT_COMPACT, &text);

	const struct str copy = arena_copy(a, buf_str(&text));

	buf_release(&text);
	return copy;
}

const struct node *default_endpoint(struct binder *b, const struct element *e)
{
	struct element *endpoint = element_new(b->arena, STR(SYNAPSE_NS), STR("endpoint"),
					       e->where);

	element_add(endpoint,
		    element_new(b->arena, STR(SYNAPSE_NS), STR("default"), e->where));
	return b->endpoint(b, endpoint);
}

/* Only the first answer counts. */
static void warn_answered(struct exchange *x)
{
	const struct incoming *in = x->message.incoming;

	exchange_log(x, LOG_WARN, "org.apache.synapse.mediators.builtin.RespondMediator",
		     "Trying to send a response to an already responded client request - "
		     "Rest API Context : " STR_FMT,
		     STR_ARG(in->context));
}

enum flow mediator_answer(struct exchange *x)
{
	x->message.to = STR("");
	x->message.is_response = true;
	x->answer = ANSWER_MESSAGE;
	if (x->answered)
		warn_answered(x);
	return FLOW_STOP;
}

enum flow mediator_pass(const struct node *n, struct exchange *x, void *state)
{
	(void)n;
	(void)x;
	(void)state;
	return FLOW_DONE;
}

void mediator_drop_router_headers(struct headers *h)
{
	for (unsigned i = h->count; i-- > 0;) {
		const struct str name = h->at[i].name;

		if (str_eq_nocase(str_first(name, 8), STR("x-envoy-")) ||
		    str_eq_nocase(name, STR("x-wso2-cluster-header")))
			headers_remove(h, name);
	}
}

void mediator_set_header(struct exchange *x, const char *logger, struct str name,
			 struct value v)
{
	message_set_property(&x->message, SCOPE_TRANSPORT, name, v);
	if (!headers_find(&x->message.headers, name))
		mediator_say(x, LOG_WARN, logger,
			     "the header '" STR_FMT "' is left out: no line of HTTP can "
			     "hold it",
			     STR_ARG(name));
}
