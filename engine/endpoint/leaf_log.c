/* The log lines of leaves, to the letter (endpoints.md §13). */
#include "endpoint/attempt.h"

#include <time.h>

static const char context[] = "org.apache.synapse.endpoints.EndpointContext";

const char *java_date(const struct exchange *x, int64_t at)
{
	const time_t seconds = (time_t)((at + x->engine->timers.wall) / 1000);
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%a %b %d %H:%M:%S %Z %Y", &tm);
	return arena_copy(&((struct exchange *)x)->arena, str_of(text)).at;
}

const char *endpoint_class(const struct endpoint *e)
{
	switch (e->kind) {
	case KIND_ADDRESS:
		return "org.apache.synapse.endpoints.AddressEndpoint";
	case KIND_HTTP:
		return "org.apache.synapse.endpoints.HTTPEndpoint";
	case KIND_DEFAULT:
		return "org.apache.synapse.endpoints.DefaultEndpoint";
	case KIND_FAILOVER:
		return "org.apache.synapse.endpoints.FailoverEndpoint";
	case KIND_CLUSTER:
	case KIND_LOADBALANCE:
		return "org.apache.synapse.endpoints.LoadbalanceEndpoint";
	case KIND_RECIPIENTS:
		return "org.apache.synapse.endpoints.RecipientListEndpoint";
	case KIND_INDIRECT:
		return "org.apache.synapse.endpoints.IndirectEndpoint";
	}
	return "";
}

/* L2 the first time, L3 after. */
static void log_suspension(const struct leaf *leaf, struct exchange *x,
			   const struct health_event *event)
{
	const struct str name = endpoint_name(&leaf->base);
	const char *date = java_date(x, event->next);
	const long long duration = (long long)event->duration;

	if (event->last > 0)
		log_line(LOG_WARN, context,
			 "Suspending endpoint : " STR_FMT STR_FMT
			 " - last suspend duration was : %lldms and current suspend "
			 "duration is : %lldms - Next retry after : %s",
			 STR_ARG(name), STR_ARG(leaf->with_address),
			 (long long)event->last, duration, date);
	else
		log_line(LOG_WARN, context,
			 "Suspending endpoint : " STR_FMT STR_FMT
			 " - current suspend duration is : %lldms - Next retry after : "
			 "%s",
			 STR_ARG(name), STR_ARG(leaf->with_address), duration, date);
}

static void log_endpoint(const struct leaf *leaf, enum log_level level, const char *rest)
{
	log_line(level, context, "Endpoint : " STR_FMT STR_FMT "%s",
		 STR_ARG(endpoint_name(&leaf->base)), STR_ARG(leaf->with_address), rest);
}

static void log_retries(const struct leaf *leaf, struct exchange *x,
			const struct health_event *event)
{
	log_endpoint(
		leaf, LOG_WARN,
		arena_printf(&x->arena,
			     " is marked as TIMEOUT and will be retried : %d more "
			     "time/s after : %s until its marked SUSPENDED for failure",
			     event->remaining, java_date(x, event->next)));
}

static void log_limit(const struct leaf *leaf, struct exchange *x,
		      const struct health_event *event)
{
	log_endpoint(
		leaf, LOG_WARN,
		arena_printf(&x->arena,
			     " will be marked SUSPENDED as it failed until the maximum "
			     "failover retry limit. Current suspend duration is : "
			     "%lldms - Next retry after : %s",
			     (long long)event->duration, java_date(x, event->next)));
}

static void log_recovery(const struct leaf *leaf, struct exchange *x,
			 const struct health_event *event)
{
	log_endpoint(leaf, LOG_INFO,
		     arena_printf(&x->arena,
				  " currently %s will now be marked active since it "
				  "processed its last message",
				  health_state_name(event->before)));
}

void log_health(const struct leaf *leaf, struct exchange *x,
		const struct health_event *event)
{
	switch (event->note) {
	case NOTE_NOTHING:
	case NOTE_STALE:
	case NOTE_OFF:
	case NOTE_ON:
		break;
	case NOTE_SUSPENDED:
		log_endpoint(leaf, LOG_WARN, " will be marked SUSPENDED as it failed");
		log_suspension(leaf, x, event);
		break;
	case NOTE_RETRIES:
		log_retries(leaf, x, event);
		break;
	case NOTE_NO_RETRIES:
		log_endpoint(leaf, LOG_INFO,
			     " has been marked for SUSPENSION, but no further retries "
			     "remain. Thus it will be SUSPENDED.");
		log_suspension(leaf, x, event);
		break;
	case NOTE_LIMIT:
		log_limit(leaf, x, event);
		break;
	case NOTE_RECOVERED:
		log_recovery(leaf, x, event);
		break;
	}
}

void log_expiry(const struct sending *s)
{
	struct exchange *x = s->x;
	const struct value id = message_property(&x->message, SCOPE_DEFAULT,
						 STR("MessageID"));
	const struct str id_text = value_text(id, &x->arena);

	log_line(LOG_WARN, "org.apache.synapse.core.axis2.TimeoutHandler",
		 "Expiring message ID : " STR_FMT "; dropping message after %s of : %llu "
		 "seconds for Endpoint [" STR_FMT "], URI : " STR_FMT ", %s, Correlation "
		 "ID : " STR_FMT,
		 STR_ARG(id_text), s->is_global ? "GLOBAL_TIMEOUT" : "ENDPOINT_TIMEOUT",
		 (unsigned long long)(s->duration / 1000),
		 STR_ARG(endpoint_name(&s->leaf->base)), STR_ARG(s->request.url),
		 x->origin->received, STR_ARG(x->message.incoming->correlation));
}
