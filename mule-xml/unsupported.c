/* What is not here: by name, with what does it instead or what was perhaps meant. */
#include "translate.h"

/* An element, or all of a prefix ("db:"), and what to say about it. */
static const struct {
	const char *name, *instead;
} hints[] = {
	{ "set-property", "is Mule 3's; put headers into <http:headers>" },
	{ "set-session-variable", "is Mule 3's; use <set-variable>" },
	{ "set-attachment", "is Mule 3's; build the payload with <ee:transform>" },
	{ "expression-component", "is Mule 3's; use <ee:transform> or <set-variable>" },
	{ "expression-transformer", "is Mule 3's; use <set-payload> or <ee:transform>" },
	{ "expression-filter", "is Mule 3's; use <choice>" },
	{ "dw:transform-message", "is Mule 3's; use <ee:transform>" },
	{ "dw:", "is Mule 3's; use <ee:transform>" },
	{ "message-properties-transformer", "is Mule 3's; use <set-variable>" },
	{ "object-to-string-transformer", "is Mule 3's; use <set-payload>" },
	{ "byte-array-to-string-transformer", "is Mule 3's; use <set-payload>" },
	{ "json:", "is not supported; use <ee:transform> with output application/json" },
	{ "enricher", "is Mule 3's; use target=\"…\" on the processor" },
	{ "processor-chain", "is Mule 3's; use <try>" },
	{ "catch-exception-strategy", "is Mule 3's; use <error-handler> with "
				      "<on-error-continue>" },
	{ "rollback-exception-strategy", "is Mule 3's; use <error-handler> with "
					 "<on-error-propagate>" },
	{ "choice-exception-strategy", "is Mule 3's; use <error-handler>" },
	{ "default-exception-strategy", "is Mule 3's; use <error-handler>" },
	{ "mapping-exception-strategy", "is Mule 3's; use <http:error-response>" },
	{ "http:inbound-endpoint", "is Mule 3's; use <http:listener>" },
	{ "http:outbound-endpoint", "is Mule 3's; use <http:request>" },
	{ "http:connector", "is Mule 3's; use <http:listener-config> or "
			    "<http:request-config>" },
	{ "component", "is Java's, and there is no JVM here; use <ee:transform>, or a "
		       "service behind <http:request>" },
	{ "echo-component", "is Mule 3's; leave it out" },
	{ "spring:", "is Java's, and there is no JVM here" },
	{ "java:", "is Java's, and there is no JVM here; use <ee:transform>, or a "
		   "service behind <http:request>" },
	{ "scripting:", "is not supported; use <ee:transform>" },
	{ "poll", "is Mule 3's, and there are no timers of flows; call the flow's "
		  "<http:listener> from outside" },
	{ "scheduler", "is not supported; call the flow's <http:listener> from a timer "
		       "outside" },
	{ "all", "is Mule 3's; use <scatter-gather>" },
	{ "response", "is Mule 3's; put what is in it behind the others" },
	{ "apikit:", "is not supported: APIkit's router; give each resource a flow with "
		     "its own <http:listener>" },
	{ "mule-apikit:", "is not supported: APIkit's router; give each resource a flow "
			  "with its own <http:listener>" },
	{ "validation:", "is not supported; use <choice> with <raise-error>" },
	{ "api-gateway:", "is not supported: policies of an API manager would not "
			  "be applied" },
	{ "json-logger:", "is not supported; use <logger>" },
	{ "tracing:", "is not supported; use <logger>" },
	{ "batch:", "is not supported; use <foreach> or <parallel-foreach>" },
	{ "munit:", "is a test of MUnit, not an application" },
	{ "munit-tools:", "is a test of MUnit, not an application" },
};

static const char *hint_for(struct str name)
{
	const struct str prefix = str_first(name, str_find(name, ':') + 1);

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		const struct str hint = str_of(hints[i].name);

		if (str_eq(hint, name) ||
		    (str_ends(hint, STR(":")) && str_eq(hint, prefix)))
			return hints[i].instead;
	}
	return NULL;
}

/* A processor whose name is nearly this one. */
static const char *nearest(struct str name)
{
	const char *best = NULL, *one;
	size_t distance = 3;

	for (unsigned i = 0; (one = mule_processor(i)) != NULL; i++) {
		if (str_is_nearer(str_of(one), name, &distance))
			best = one;
	}
	return best;
}

bool mule_unsupported(struct translation *t, const struct element *e)
{
	const struct str name = mule_full_name(t, e);
	const char *instead = hint_for(name), *guess = nearest(name);

	if (instead)
		return mule_complain(t, e, "<" STR_FMT "> %s", STR_ARG(name), instead);
	return mule_complain(t, e, "<" STR_FMT "> is not supported%s%s%s", STR_ARG(name),
			     guess ? "; did you mean <" : "", guess ? guess : "",
			     guess ? ">?" : "");
}

bool mule_is_skipped(struct translation *t, const struct element *e)
{
	const struct str name = mule_full_name(t, e);
	struct str rest = mule_setting("mule.skip"), one;

	while (str_cut(&rest, ',', &one)) {
		one = str_trim(one);
		if (!one.len || !(str_eq(one, name) ||
				  str_eq(one, str_first(name, str_find(name, ':')))))
			continue;
		report_warning(t->report, e->where,
			       "<" STR_FMT "> is left out, as mule.skip says",
			       STR_ARG(name));
		return true;
	}
	return false;
}
