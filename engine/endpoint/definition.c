/*
 * The tables of <address>, <http>, <default>, and the groups (endpoints.md §2.3, §2.4).
 * The texts of complaints are the original's.
 */
#include "endpoint/definition.h"

static const char number_of_retries[] = "The retries before suspend [for timeouts] "
					"should be specified as a valid number : ";

static const struct field timeout_fields[] = {
	{ CHILD_STR(struct timeout_rule, duration, "duration"),
	  .doc = "Milliseconds until an answer must have begun, or {an expression}." },
	{ CHILD_STR(struct timeout_rule, action_word, "responseAction"),
	  .doc = "What then: fault or discard." },
	{ CHILD_IGNORED("action"),
	  .complaint = "<action> in <timeout> means nothing; did "
		       "you mean <responseAction>?" },
	{ NULL },
};

static bool is_dynamic_text(struct str s)
{
	return s.len > 2 && s.at[0] == '{' && s.at[s.len - 1] == '}';
}

static bool check_duration(struct timeout_rule *t, const struct element *child,
			   struct binder *b)
{
	struct str text = child->text;

	t->given = true;
	if (is_dynamic_text(text)) {
		t->dynamic = b->expr(b, text, FORM_VALUE, child);
		return t->dynamic ||
		       report_error(b->report, child->where,
				    "Couldn't assign dynamic endpoint timeout as Synapse "
				    "expression");
	}
	if (str_to_int(str_trim(text), &t->fixed))
		return true;
	return report_error(
		b->report, child->where,
		"Endpoint timeout duration expected as a number but was not a "
		"number; '" STR_FMT "' should be milliseconds, such as 10000",
		STR_ARG(str_trim(text)));
}

static bool check_action(struct timeout_rule *t, const struct element *child,
			 struct binder *b)
{
	const struct str word = str_trim(t->action_word);

	if (str_eq_nocase(word, STR("fault")))
		t->action = ACTION_FAULT;
	else if (str_eq_nocase(word, STR("discard")))
		t->action = ACTION_DISCARD;
	else
		return report_error(b->report, child->where,
				    "Invalid timeout action, action : " STR_FMT
				    " is not supported%s",
				    STR_ARG(word),
				    str_eq_nocase(word, STR("never")) ||
						    str_eq_nocase(word, STR("none"))
					    ? "; leave out <responseAction>"
					    : "; there are fault and discard");
	return true;
}

static bool check_timeout(void *self, const struct element *e, struct binder *b)
{
	const struct element *duration = element_child(e, STR("duration"));
	const struct element *action = element_child(e, STR("responseAction"));
	bool fine = true;

	if (duration)
		fine = check_duration(self, duration, b);
	if (action)
		fine = check_action(self, action, b) && fine;
	return fine;
}

static const struct schema timeout_schema = {
	.element = "timeout",
	.doc = "How long an answer is waited for, and what then.",
	.size = sizeof(struct timeout_rule),
	.fields = timeout_fields,
	.check = check_timeout,
};

static const struct field mark_fields[] = {
	{ CHILD_CODES(struct mark_rule, codes, "errorCodes"),
	  .wrong = "The timeout error codes should be specified as valid numbers "
		   "separated "
		   "by commas : ",
	  .doc = "Errors that put it into TIMEOUT; without, 101504 and 101505." },
	{ CHILD_INT(struct mark_rule, retries, "retriesBeforeSuspension"),
	  .fallback = "0", .least = INT32_MIN, .most = INT32_MAX,
	  .wrong = number_of_retries,
	  .doc = "How many of them are borne before it is suspended." },
	{ CHILD_INT(struct mark_rule, delay, "retryDelay"), .fallback = "0",
	  .least = INT32_MIN, .most = INT32_MAX,
	  .wrong =
		  "The retry delay for timeouts should be specified as a valid number : ",
	  .doc = "Milliseconds in TIMEOUT before it may be tried again." },
	{ NULL },
};

static bool note_mark(void *self, const struct element *e, struct binder *b)
{
	(void)b;
	((struct mark_rule *)self)->where = e->where;
	return true;
}

static const struct schema mark_schema = {
	.element = "markForSuspension",
	.doc = "Errors that are borne for a while.",
	.size = sizeof(struct mark_rule),
	.fields = mark_fields,
	.check = note_mark,
};

static const char suspend_codes_wrong[] = "The suspend error codes should be specified "
					  "as valid numbers separated by commas : ";

static const struct field suspend_fields[] = {
	{ CHILD_CODES(struct suspend_rule, codes, "errorCodes"),
	  .wrong = suspend_codes_wrong,
	  .doc = "Errors that suspend it at once; without, all others." },
	{ CHILD_INT(struct suspend_rule, initial, "initialDuration"), .fallback = "-1",
	  .given = offsetof(struct suspend_rule, has_initial), .least = INT32_MIN,
	  .most = INT32_MAX,
	  .wrong =
		  "The initial suspend duration should be specified as a valid number : ",
	  .doc = "Milliseconds of the first suspension; -1: 30000." },
	{ CHILD_FLOAT(struct suspend_rule, factor, "progressionFactor"),
	  .fallback = "1.0", .given = offsetof(struct suspend_rule, has_factor),
	  .wrong = "The suspend duration progression factor should be specified as a "
		   "valid "
		   "float : ",
	  .doc = "Each further one is that much longer." },
	{ CHILD_INT(struct suspend_rule, maximum, "maximumDuration"),
	  .fallback = "9223372036854775807",
	  .wrong =
		  "The maximum suspend duration should be specified as a valid number : ",
	  .doc = "Milliseconds; none is longer." },
	{ NULL },
};

static bool note_suspend(void *self, const struct element *e, struct binder *b)
{
	(void)b;
	((struct suspend_rule *)self)->where = e->where;
	return true;
}

static const struct schema suspend_schema = {
	.element = "suspendOnFailure",
	.doc = "Errors that suspend, and for how long.",
	.size = sizeof(struct suspend_rule),
	.fields = suspend_fields,
	.check = note_suspend,
};

static const struct field retry_fields[] = {
	{ CHILD_CODES(struct retry_rule, disabled, "disabledErrorCodes"),
	  .wrong = suspend_codes_wrong,
	  .doc = "After these its group tries nobody else." },
	{ CHILD_CODES(struct retry_rule, enabled, "enabledErrorCodes"),
	  .wrong = suspend_codes_wrong, .doc = "Only after these its group tries on." },
	{ NULL },
};

static const struct schema retry_schema = {
	.element = "retryConfig",
	.doc = "After which errors a group tries the next child.",
	.size = sizeof(struct retry_rule),
	.fields = retry_fields,
};

static const struct field basic_fields[] = {
	{ CHILD_VALUE(struct basic_auth, user, "username"), .required = true,
	  .doc = "A text, or {an expression}." },
	{ CHILD_VALUE(struct basic_auth, password, "password"), .required = true,
	  .doc = "A text, or {an expression}." },
	{ NULL },
};

static const struct schema basic_schema = {
	.element = "basicAuth",
	.doc = "A name and a password, sent with each request.",
	.size = sizeof(struct basic_auth),
	.fields = basic_fields,
};

static const struct field authentication_fields[] = {
	{ CHILD_ONE(struct authentication, basic, "basicAuth", struct basic_auth),
	  .schema = &basic_schema, .doc = "HTTP Basic." },
	{ CHILD_IGNORED("oauth") },
	{ NULL },
};

static bool check_authentication(void *self, const struct element *e, struct binder *b)
{
	const struct authentication *a = self;
	const struct element *oauth = element_child(e, STR("oauth"));

	if (oauth)
		return report_error(
			b->report, oauth->where,
			"<oauth> is not available; fetch the token with a call of "
			"its own and set the header Authorization");
	return a->basic || report_error(b->report, e->where,
					"<authentication> needs a child <basicAuth>");
}

static const struct schema authentication_schema = {
	.element = "authentication",
	.doc = "How we show who we are.",
	.size = sizeof(struct authentication),
	.fields = authentication_fields,
	.check = check_authentication,
};

static const struct field attempts_fields[] = {
	{ ATTR_UINT(struct attempts_rule, most, "most"), .required = true, .least = 1,
	  .most = 1000, .doc = "How often one message may try it." },
	{ NULL },
};

static const struct schema attempts_schema = {
	.element = "attempts",
	.doc = "How often one message may try this endpoint in its group.",
	.size = sizeof(struct attempts_rule),
	.fields = attempts_fields,
};

static const struct field tls_fields[] = {
	{ ATTR_BOOL(struct tls_rule, insecure, "insecure"),
	  .doc = "Whoever it is is believed." },
	{ ATTR_STR(struct tls_rule, trust, "trust"),
	  .doc = "PEM file, or its text: who vouches for it." },
	{ ATTR_STR(struct tls_rule, certificate, "certificate"),
	  .doc = "PEM file: what we show if asked; without, tls.client_certificate." },
	{ ATTR_STR(struct tls_rule, key, "key"),
	  .doc = "PEM file: its key, unless that is in it." },
	{ NULL },
};

static const struct schema tls_schema = {
	.element = "tls",
	.doc = "Trust of its own, instead of the process's (tls.trust).",
	.size = sizeof(struct tls_rule),
	.fields = tls_fields,
};

/* clang-format off */
#define SHARED_FIELDS                                                                      \
	{ ATTR_STR(struct leaf, format_word, "format"),                                    \
	  .doc = "pox, get, soap11, soap12 or rest; anything else leaves it as it is." },  \
	{ ATTR_STR(struct leaf, encoding, "encoding"), .doc = "Charset of what is sent." },\
	{ ATTR_IGNORED("optimize") },                                                      \
	{ CHILD_ONE(struct leaf, timeout, "timeout", struct timeout_rule),                 \
	  .schema = &timeout_schema, .doc = "The deadline." },                             \
	{ CHILD_ONE(struct leaf, mark, "markForSuspension", struct mark_rule),             \
	  .schema = &mark_schema, .doc = "Errors that are borne for a while." },           \
	{ CHILD_ONE(struct leaf, suspend, "suspendOnFailure", struct suspend_rule),        \
	  .schema = &suspend_schema, .doc = "Errors that suspend." },                      \
	{ CHILD_INT(struct leaf, old_suspend_seconds, "suspendDurationOnFailure"),         \
	  .fallback = "-1", .doc = "Old: seconds of each suspension.",                     \
	  .wrong = "The initial suspend duration should be specified as a valid number : " }, \
	{ CHILD_ONE(struct leaf, retry, "retryConfig", struct retry_rule),                 \
	  .schema = &retry_schema, .doc = "After which errors a group tries on." },        \
	{ CHILD_ONE(struct leaf, attempts, "attempts", struct attempts_rule),              \
	  .schema = &attempts_schema, .ours = true,                                        \
	  .doc = "How often one message may try it." },                                    \
	{ CHILD_ONE(struct leaf, tls, "tls", struct tls_rule),                             \
	  .schema = &tls_schema, .ours = true,                                             \
	  .doc = "Whom to believe, and what to show." },                                   \
	{ CHILD_STR(struct leaf, fail_on_status, "failOnStatus"), .ours = true,            \
	  .doc = "Statuses that are failures, as 500-599, 404; code 500000 + status." },   \
	{ CHILD_XML(struct leaf, security, "enableSec") },                                 \
	{ CHILD_XML(struct leaf, addressing, "enableAddressing") },                        \
	{ CHILD_IGNORED("enableRM") }
/* clang-format on */

static const struct field address_fields[] = {
	{ ATTR_STR(struct leaf, uri, "uri"), .required = true,
	  .complaint = "Invalid endpoint definition. \"uri\" attribute of the address "
		       "endpoint cannot be empty.",
	  .doc = "Where to; ${name} is the property of that name." },
	SHARED_FIELDS,
	{ NULL },
};

static const struct field http_fields[] = {
	{ ATTR_STR(struct leaf, uri, "uri-template"),
	  .doc = "Where to, with {uri.var.x} and {query.param.x}; without, the "
		 "message's To." },
	{ ATTR_STR(struct leaf, method_word, "method"),
	  .doc = "get, post, put, delete, head, patch or options; anything else is the "
		 "message's own." },
	{ ATTR_STR(struct leaf, version, "version"), .fallback = "1.1",
	  .doc = "1.1; 2.0 is sent as 1.1." },
	{ CHILD_ONE(struct leaf, authentication, "authentication", struct authentication),
	  .schema = &authentication_schema, .doc = "How we show who we are." },
	SHARED_FIELDS,
	{ NULL },
};

static const struct field default_fields[] = {
	SHARED_FIELDS,
	{ NULL },
};

const struct schema leaf_schemas[] = {
	[KIND_ADDRESS] = { .element = "address",
			   .doc = "An address.",
			   .size = sizeof(struct leaf),
			   .fields = address_fields,
			   .check = leaf_check },
	[KIND_HTTP] = { .element = "http",
			.doc = "An HTTP service, by a template of its URL.",
			.size = sizeof(struct leaf),
			.fields = http_fields,
			.check = leaf_check },
	[KIND_DEFAULT] = { .element = "default",
			   .doc = "Wherever the message's To says.",
			   .size = sizeof(struct leaf),
			   .fields = default_fields,
			   .check = leaf_check },
};

static const struct field failover_fields[] = {
	{ ATTR_STR(struct group, dynamic_word, "dynamic"),
	  .doc = "false, 0, no: stays with the child that answered last; otherwise the "
		 "first that is ready." },
	{ ATTR_STR(struct group, build_word, "buildMessage"),
	  .doc = "true: the payload is understood before it is sent." },
	{ CHILD_ENDPOINTS(struct group, children, "endpoint"), .doc = "In order." },
	{ NULL },
};

const struct schema failover_schema = {
	.element = "failover",
	.doc = "The first endpoint that is ready; when it fails, the next.",
	.size = sizeof(struct group),
	.fields = failover_fields,
};

static const struct field loadbalance_fields[] = {
	{ ATTR_STR(struct group, policy_word, "policy"), .doc = "roundRobin." },
	{ ATTR_STR(struct group, algorithm, "algorithm"),
	  .doc = "org.apache.synapse.endpoints.algorithms.RoundRobin or "
		 ".WeightedRoundRobin." },
	{ ATTR_STR(struct group, failover_word, "failover"),
	  .doc = "false: a failure is final." },
	{ ATTR_STR(struct group, build_word, "buildMessage"),
	  .doc = "true: the payload is understood before it is sent." },
	{ CHILD_ENDPOINTS(struct group, children, "endpoint"), .doc = "Taking turns." },
	{ CHILD_IGNORED("member") },
	{ NULL },
};

const struct schema loadbalance_schema = {
	.element = "loadbalance",
	.doc = "Endpoints that take turns.",
	.size = sizeof(struct group),
	.fields = loadbalance_fields,
};

static const struct field recipients_fields[] = {
	{ CHILD_ENDPOINTS(struct group, children, "endpoint"), .doc = "All of them." },
	{ CHILD_IGNORED("member") },
	{ CHILD_IGNORED("endpoints") },
	{ NULL },
};

const struct schema recipients_schema = {
	.element = "recipientlist",
	.doc = "All endpoints that are ready get the message.",
	.size = sizeof(struct group),
	.fields = recipients_fields,
};
