#include "tools/explain.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "endpoint/health.h"

enum { SHOWN = 4, MOST_DEPTH = 256 };

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

static bool is_unusual(const struct health_policy *p)
{
	return p->initial <= 0 || p->maximum <= 0 || p->maximum < p->initial ||
	       p->factor < 1;
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
	if (!is_unusual(p))
		return;
	if (p->initial < 0)
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

static void explain_codes(const struct explaining *x, const struct element *rule,
			  const char *what)
{
	if (rule && str_eq(child_text(rule, STR("errorCodes")), STR("-1")))
		say(x, rule, "errorCodes -1: no error has this code, so %s", what);
}

static void explain_suspension(const struct explaining *x, const struct element *leaf)
{
	const struct element *suspend = element_child(leaf, STR("suspendOnFailure"));
	struct health_policy p;

	if (!suspend)
		return;
	explain_codes(x, suspend, "nothing suspends the endpoint");
	if (str_eq(child_text(suspend, STR("errorCodes")), STR("-1")))
		return;
	p = policy_of(suspend);
	explain_durations(x, suspend, &p);
}

/* --- timeouts --- */

static void explain_timeout(const struct explaining *x, const struct element *leaf)
{
	const struct element *timeout = element_child(leaf, STR("timeout"));
	const struct str action = child_text(timeout, STR("responseAction"));

	if (!timeout || !is_documented(x))
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

	explain_codes(x, mark, "nothing puts the endpoint into TIMEOUT");
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
