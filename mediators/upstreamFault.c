/*
 * # m:upstreamFault
 *
 * In an error sequence: answers what a router says of a backend that failed, by the
 * ERROR_KIND: {"code": "102503", "message": "Upstream connection failed", …} with 503,
 * 504 for a deadline, and so on (frontends.md §3.5).
 *
 *	<sequence name="openapi/fault"><m:upstreamFault xmlns:m="urn:myelin"/></sequence>
 */
#include "local_answer.h"
#include "mediators.h"

#define BEFORE_HEADERS \
	"upstream connect error or disconnect/reset before headers. reset reason: "

/* clang-format off */
static const struct known {
	const char *kind;
	unsigned status;
	const char *code, *message, *description;
} known[] = {
	{ "connect_refused", 503, "102503", "Upstream connection failed", BEFORE_HEADERS "connection failure" },
	{ "connect_timeout", 503, "102503", "Upstream connection failed", BEFORE_HEADERS "connection timeout" },
	{ "tls",             503, "102503", "Upstream connection failed", BEFORE_HEADERS "connection failure" },
	{ "dns",             503, "102503", "Upstream connection failed", "no healthy upstream" },
	{ "deadline",        504, "102504", "Upstream connection timeout", "upstream request timeout" },
	{ "idle_timeout",    504, "102504", "Upstream connection timeout", "upstream request timeout" },
	{ "overflow",        503, "102505", "Upstream overflow", BEFORE_HEADERS "overflow" },
	{ "pool_full",       503, "102505", "Upstream overflow", BEFORE_HEADERS "overflow" },
	{ "none_ready",      503, "102508", "No healthy upstream", "no healthy upstream" },
	{ "off",             503, "102508", "No healthy upstream", "no healthy upstream" },
	{ "suspended",       503, "102508", "No healthy upstream", "no healthy upstream" },
	{ "reset",           503, "102510", "Upstream connection termination", BEFORE_HEADERS "connection termination" },
	{ "closed_early",    503, "102510", "Upstream connection termination", BEFORE_HEADERS "connection termination" },
	{ "protocol",        500, "102515", "HTTP protocol error in upstream request", BEFORE_HEADERS "protocol error" },
	{ "no_endpoint",     500, "102507", "Upstream not configured for the resource", "no cluster for the resource" },
	{ NULL,              500, "102500", "Unclassified Validation Failure", "the request could not be handled" },
};
/* clang-format on */

static const struct field fields[] = { { NULL } };

static const struct schema schema = {
	.element = "m:upstreamFault",
	.doc = "Answers what a router says of a backend that failed.",
	.size = sizeof(struct node),
	.fields = fields,
};

static enum flow tell(const struct node *n, struct exchange *x, void *state)
{
	const struct known *k = known;
	const char *kind = x->fault.kind ? x->fault.kind : "";

	(void)n;
	(void)state;
	while (k->kind && strcmp(k->kind, kind) != 0)
		k++;

	const struct local_answer a = {
		.status = k->status,
		.shape = SHAPE_ROUTER,
		.code = str_of(k->code),
		.message = str_of(k->message),
		.description = str_of(k->description),
	};

	local_answer_set(x, &a);
	return mediator_answer(x);
}

const struct node_type upstreamFault_mediator = {
	.name = "m:upstreamFault",
	.brief = "Answers what a router says of a backend that failed.",
	.schema = &schema,
	.run = tell,
};
