#include "tools/explain.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "endpoint/health.h"

enum { SHOWN = 4, MOST_DEPTH = 256, ORIGINAL_TICK = 15000, UNSET_DURATION = 30000 };

struct explaining {
	const struct endpoint_settings *settings;
	FILE *to;
};

__attribute__((format(printf, 3, 4))) static void say(const struct explaining *x,
						      const struct element *at,
						      const char *fmt, ...)
{
	va_list ap;

	fprintf(x->to, "%s:%u: ", at->where.file, at->where.line);
	va_start(ap, fmt);
	vfprintf(x->to, fmt, ap);
	va_end(ap);
	fputc('\n', x->to);
}

static bool is_documented(const struct explaining *x)
{
	return x->settings->compat == COMPAT_DOCUMENTED;
}

static struct str child_text(const struct element *e, struct str name)
{
	const struct element *child = e ? element_child(e, name) : NULL;

	return child ? child->text : STR("");
}

static int64_t child_int(const struct element *e, struct str name, int64_t otherwise)
{
	int64_t number = otherwise;

	return str_to_int(child_text(e, name), &number) ? number : otherwise;
}

/* --- suspension --- */

static struct health_policy policy_of(const struct element *suspend)
{
	double factor = 1;

	str_to_double(child_text(suspend, STR("progressionFactor")), &factor);
	return (struct health_policy){
		.initial = child_int(suspend, STR("initialDuration"), HEALTH_UNSET),
		.factor = (float)factor,
		.maximum = child_int(suspend, STR("maximumDuration"), INT64_MAX),
		.limit = HEALTH_UNSET,
		.recursive_limit = HEALTH_UNSET,
	};
}

static bool is_written(const struct element *rule, struct str child)
{
	return element_child(rule, child) != NULL;
}

static bool is_unusual(const struct element *suspend, const struct health_policy *p)
{
	const int64_t first = p->initial < 0 ? UNSET_DURATION : p->initial;

	return (p->initial <= 0 && is_written(suspend, STR("initialDuration"))) ||
	       p->maximum < first || p->factor < 1;
}

/* The machine itself is asked, so that this cannot say anything else than it does. */
static void say_durations(const struct explaining *x, const struct element *suspend,
			  const struct health_policy *p)
{
	const int code = FAULT_CONNECTION_FAILED;
	struct vitals v;
	int64_t now = 0;

	vitals_init(&v, p);
	fprintf(x->to, "%s:%u: the endpoint is suspended for", suspend->where.file,
		suspend->where.line);
	for (unsigned i = 0; i < SHOWN; i++) {
		const struct health_event event = vitals_failed(&v, p, &code, now);

		fprintf(x->to, "%s %" PRId64, i ? "," : "", event.duration);
		now = event.next > now ? event.next : now;
	}
	fputs(" … ms, one failure after the other\n", x->to);
}

static void explain_durations(const struct explaining *x, const struct element *suspend,
			      const struct health_policy *p)
{
	if (!is_unusual(suspend, p))
		return;
	if (p->initial < 0 && is_written(suspend, STR("initialDuration")))
		say(x, suspend,
		    "initialDuration -1 is \"not set\", not \"never\": the first "
		    "suspension lasts 30000 ms, whatever the maximum; an endpoint that "
		    "is "
		    "never to be suspended has <errorCodes>-1</errorCodes>");
	if (p->initial == 0)
		say(x, suspend,
		    "initialDuration 0: the endpoint is called suspended, but is ready "
		    "again at once and never skipped");
	if (p->maximum <= 0)
		say(x, suspend,
		    "maximumDuration %" PRId64
		    ": a suspension that it limits ends at once, and the endpoint is "
		    "not skipped",
		    p->maximum);
	else if (p->maximum < p->initial)
		say(x, suspend,
		    "maximumDuration %" PRId64 " is less than initialDuration %" PRId64
		    " and wins from the first suspension",
		    p->maximum, p->initial);
	if (p->factor < 1)
		say(x, suspend,
		    "progressionFactor %g makes each suspension shorter than the one "
		    "before, until it begins again at the first",
		    (double)p->factor);
	say_durations(x, suspend, p);
}

/* --- which errors --- */

static bool is_never(struct str codes)
{
	return str_eq(codes, STR("-1"));
}

static struct str codes_of(const struct element *rule)
{
	return str_trim(child_text(rule, STR("errorCodes")));
}

static void say_suspending(const struct explaining *x, const struct element *at,
			   struct str codes, struct str marked)
{
	if (is_never(codes))
		say(x, at,
		    "errorCodes -1 in suspendOnFailure: no error suspends at once");
	else if (codes.len)
		say(x, at,
		    "errors " STR_FMT " suspend at once; all others but " STR_FMT
		    " leave the endpoint as it is",
		    STR_ARG(codes), STR_ARG(marked));
	else
		say(x, at, "every error but " STR_FMT " suspends the endpoint at once",
		    STR_ARG(marked));
}

static void say_marking(const struct explaining *x, const struct element *at,
			struct str marked, int64_t retries)
{
	if (retries > 0)
		say(x, at,
		    "errors " STR_FMT " are borne %" PRId64
		    " times, by all messages together, until one has succeeded; the next "
		    "suspends the endpoint",
		    STR_ARG(marked), retries);
	else
		say(x, at,
		    "retriesBeforeSuspension 0: errors " STR_FMT
		    " suspend the endpoint at once as well",
		    STR_ARG(marked));
}

/* One list says nothing without the other (endpoints.md 4.2). */
static void explain_codes(const struct explaining *x, const struct element *leaf)
{
	const struct element *suspend = element_child(leaf, STR("suspendOnFailure"));
	const struct element *mark = element_child(leaf, STR("markForSuspension"));
	const struct str codes = codes_of(suspend), given = codes_of(mark);
	const struct str marked = given.len ? given : STR("101504 and 101505");
	const struct element *at = suspend ? suspend : mark;

	if (!at || (codes.len && given.len && !is_never(codes) && !is_never(given)))
		return;
	if (is_never(codes) && is_never(given)) {
		say(x, at,
		    "errorCodes -1 twice: no error has this code, so the endpoint "
		    "is never suspended");
		return;
	}
	if (is_never(given)) {
		say(x, mark, "errorCodes -1 in markForSuspension: no error is borne");
		if (!codes.len)
			say(x, at,
			    "every error suspends the endpoint at once, 101504 "
			    "and 101505 too");
		return;
	}
	say_suspending(x, at, codes, marked);
	say_marking(x, mark ? mark : at, marked,
		    child_int(mark, STR("retriesBeforeSuspension"), 0));
}

static bool is_ever_suspended(const struct element *leaf)
{
	return !is_never(codes_of(element_child(leaf, STR("suspendOnFailure")))) ||
	       !is_never(codes_of(element_child(leaf, STR("markForSuspension"))));
}

static void explain_suspension(const struct explaining *x, const struct element *leaf)
{
	const struct element *suspend = element_child(leaf, STR("suspendOnFailure"));
	struct health_policy p;

	explain_codes(x, leaf);
	if (!suspend || !is_ever_suspended(leaf))
		return;
	p = policy_of(suspend);
	explain_durations(x, suspend, &p);
}

/* --- timeouts --- */

static void explain_deadline(const struct explaining *x, const struct element *timeout)
{
	const int64_t duration = child_int(timeout, STR("duration"), 1);

	if (duration <= 0)
		say(x, timeout,
		    "duration %" PRId64
		    " is over at once, it is not \"none\"; without <duration> the "
		    "global one of %" PRIu64 " ms holds",
		    duration, x->settings->global_timeout);
	else if (element_child(timeout, STR("duration")) && duration < ORIGINAL_TICK &&
		 is_documented(x) && !x->settings->timeout_handler_interval)
		say(x, timeout,
		    "the deadline is exact (the original looks every %d ms only)",
		    ORIGINAL_TICK);
}

static void explain_timeout(const struct explaining *x, const struct element *leaf)
{
	const struct element *timeout = element_child(leaf, STR("timeout"));
	const struct str action = child_text(timeout, STR("responseAction"));

	if (!timeout)
		return;
	explain_deadline(x, timeout);
	if (!is_documented(x))
		return;
	if (!action.len)
		say(x, timeout,
		    "a deadline without responseAction is a fault 101504, as if fault "
		    "were written (the original: silence, the client hangs)");
	else if (str_eq_nocase(action, STR("discard")))
		say(x, timeout,
		    "discard concerns timeouts only: no fault sequence runs and the "
		    "client gets 504; other failures fail over and fault (the original: "
		    "swallows them all)");
}

static void explain_mark(const struct explaining *x, const struct element *leaf,
			 bool in_failover)
{
	const struct element *mark = element_child(leaf, STR("markForSuspension"));
	const int64_t retries = child_int(mark, STR("retriesBeforeSuspension"), 0);
	const int64_t delay = child_int(mark, STR("retryDelay"), 0);

	if (!mark || !in_failover || !is_documented(x) || retries <= 0)
		return;
	if (delay > 0)
		say(x, mark,
		    "when no child of the group is ready, a message waits the %" PRId64
		    " ms and tries this one again (the original: fails at once)",
		    delay);
	say(x, mark,
	    "within one message it is tried at most %" PRId64
	    " times (the original: without a bound)",
	    1 + retries);
}

/* --- the tree --- */

static bool is_leaf(const struct element *e)
{
	return element_is(e, STR("address")) || element_is(e, STR("http")) ||
	       element_is(e, STR("default")) || element_is(e, STR("wsdl"));
}

/* The parent of the <endpoint> a leaf is in. */
static void explain_on_error(const struct explaining *x, const struct element *leaf)
{
	const struct element *endpoint = leaf->parent;
	const struct element *group = endpoint->parent;

	if (!group || !is_documented(x) || !element_attribute(endpoint, STR("onError")))
		return;
	if (element_is(group, STR("failover")) || element_is(group, STR("loadbalance")))
		say(x, endpoint,
		    "onError of a child runs when its group has given up, if this child "
		    "was the last to fail (the original: instead of the next child)");
}

static bool is_in_failover(const struct element *leaf)
{
	const struct element *endpoint = leaf->parent;

	return endpoint && endpoint->parent &&
	       element_is(endpoint->parent, STR("failover"));
}

static void explain_element(const struct explaining *x, const struct element *e,
			    unsigned depth)
{
	if (is_leaf(e) && e->parent && element_is(e->parent, STR("endpoint"))) {
		explain_suspension(x, e);
		explain_timeout(x, e);
		explain_mark(x, e, is_in_failover(e));
		explain_on_error(x, e);
	}
	if (depth == MOST_DEPTH)
		return;
	element_each(child, e)
	{
		explain_element(x, child, depth + 1);
	}
}

void explain_deployment(const struct deployment *d, const struct endpoint_settings *s,
			FILE *to)
{
	const struct explaining x = { s, to };

	for (const struct artifact *a = deployment_artifacts(d); a; a = a->next)
		explain_element(&x, a->element, 0);
}
