/*
 * # m:try
 *
 * Runs what is inside; when a mediator or endpoint in it fails, the first <m:catch>
 * that takes the error runs. Then the flow goes on behind the try (`then="resume"`),
 * or the same error goes on to whoever is outside (`then="rethrow"`). An error no
 * catch takes passes, and so does an error inside of a catch, in place of the first.
 *
 *	<m:try xmlns:m="urn:myelin">
 *	    <call><endpoint key="PrimaryEP"/></call>
 *	    <m:catch errors="101500-101599 deadline OUT_OF_STOCK">
 *	        <call><endpoint key="SecondaryEP"/></call>
 *	    </m:catch>
 *	    <m:catch when="$ctx:strict = 'true'" then="rethrow">
 *	        <log category="WARN"><message>giving up</message></log>
 *	    </m:catch>
 *	</m:try>
 *
 * `errors` lists what is taken: codes (101503), ranges (500500-500599: the statuses
 * that <m:failOnStatus> made errors of), kinds as ERROR_KIND has them (connect_refused,
 * deadline, mediation …), and types that throwError raised; `MY:*` is all that begin
 * so. Without `errors` and `when` all are taken. With `log` the error is written to the
 * log before, if no other handler has done so. In a catch ERROR_CODE, ERROR_MESSAGE,
 * ERROR_DETAIL and ERROR_KIND say what happened; after it they are what they were.
 */
#include "common.h"
#include "mediators.h"
#include "message/json.h"

enum outcome { RESUME, RETHROW };

static const char *const outcomes[] = { "resume", "rethrow", NULL };

struct handler {
	struct str errors;
	const struct expr *when;
	unsigned outcome;
	bool log;
	const struct node *steps;
};

struct
try {
	struct node node;
	const struct node *steps;
	struct items handlers;
};

enum { SHOWN = 6 };

static const char *const shown[SHOWN] = {
	"ERROR_CODE",      "ERROR_MESSAGE", "ERROR_DETAIL",
	"ERROR_EXCEPTION", "ERROR_KIND",    "ERROR_ENDPOINT",
};

struct trial {
	const struct handler *handler; /* NULL: the body is running */
	struct fault fault;
	struct value before[SHOWN];
	const struct json *error_before;
};

/* clang-format off */
static const struct field handler_fields[] = {
	{ ATTR_STR(struct handler, errors, "errors"),
	  .doc = "Codes, ranges of codes, kinds and types it takes; without it, all." },
	{ ATTR_EXPR(struct handler, when, "when"),
	  .doc = "Takes it only if this is true." },
	{ ATTR_CHOICE(struct handler, outcome, "then"), .choices = outcomes,
	  .fallback = "resume",
	  .doc = "Whether the flow goes on behind the try, or the error outside of it." },
	{ ATTR_BOOL(struct handler, log, "log"),
	  .doc = "Whether the error is written to the log first, once on its way." },
	{ CONTENT_STEPS(struct handler, steps), .doc = "What to do about it." },
	{ NULL },
};
/* clang-format on */

/* Words between commas and blanks. */
static bool next_word(struct str *rest, struct str *word)
{
	while (rest->len && strchr(", \t\r\n", rest->at[0]))
		*rest = str_from(*rest, 1);

	size_t len = 0;
	while (len < rest->len && !strchr(", \t\r\n", rest->at[len]))
		len++;
	*word = str_first(*rest, len);
	*rest = str_from(*rest, len);
	return len > 0;
}

/* "101503" or "101500-101599". */
static bool is_range(struct str word, uint64_t *least, uint64_t *most)
{
	const size_t dash = str_find(word, '-');

	if (!str_to_uint(str_first(word, dash), least))
		return false;
	*most = *least;
	return dash == word.len || str_to_uint(str_from(word, dash + 1), most);
}

static bool check_handler(void *self, const struct element *e, struct binder *b)
{
	const struct handler *h = self;
	struct str rest = h->errors;
	struct str word;
	uint64_t least, most;

	while (next_word(&rest, &word))
		if (is_range(word, &least, &most) && least > most)
			return report_error(b->report, e->where,
					    "errors: the range " STR_FMT
					    " ends before it begins",
					    STR_ARG(word));
	return true;
}

static const struct schema handler_schema = {
	.element = "m:catch",
	.doc = "What to do about an error.",
	.size = sizeof(struct handler),
	.fields = handler_fields,
	.check = check_handler,
};

/* clang-format off */
static const struct field fields[] = {
	{ CHILD_LIST(struct try, handlers, "catch"), .ours = true,
	  .schema = &handler_schema, .doc = "What to do about an error." },
	{ CONTENT_STEPS(struct try, steps), .doc = "What may fail." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:try",
	.doc = "Runs what is inside, and what is to be done if it fails.",
	.size = sizeof(struct try),
	.fields = fields,
};

static enum flow run_body(const struct node *n, struct exchange *x, void *state)
{
	(void)state;
	exchange_push(x, ((const struct try *)n)->steps);
	return FLOW_CHILD;
}

static bool word_takes(struct str word, const struct fault *f)
{
	const struct str type = str_of(f->code_text);
	const struct str kind = str_of(f->kind ? f->kind : "mediation");
	uint64_t least, most;

	if (is_range(word, &least, &most))
		return !type.len && f->code >= 0 && (uint64_t)f->code >= least &&
		       (uint64_t)f->code <= most;
	if (str_ends(word, STR("*"))) {
		const struct str start = str_first(word, word.len - 1);

		return str_starts(type, start) || str_starts(kind, start);
	}
	return str_eq(word, type) || str_eq(word, kind);
}

static bool list_takes(struct str errors, const struct fault *f)
{
	struct str rest = errors;
	struct str word;

	if (!str_trim(errors).len)
		return true;
	while (next_word(&rest, &word))
		if (word_takes(word, f))
			return true;
	return false;
}

static void describe(struct json *error, struct arena *a, const char *name,
		     const char *text)
{
	if (text)
		json_set(error, str_of(name), json_string(a, str_of(text)));
}

/* The error as expressions see it. */
static const struct json *error_object(const struct fault *f, struct arena *a)
{
	struct json *error = json_new(a, JSON_OBJECT);

	if (f->code_text)
		describe(error, a, "code", f->code_text);
	else
		json_set(error, STR("code"), json_int(a, f->code));
	describe(error, a, "message", f->text);
	describe(error, a, "detail", f->detail ? f->detail : f->text);
	describe(error, a, "kind", f->kind ? f->kind : "mediation");
	describe(error, a, "endpoint", f->endpoint);
	if (f->data)
		json_set(error, STR("data"), json_copy(a, f->data));
	return error;
}

static void show(struct exchange *x, struct trial *t)
{
	t->error_before = x->message.error;
	if (!x->fault.shown)
		x->fault.shown = error_object(&x->fault, &x->arena);
	t->fault.shown = x->fault.shown;
	x->message.error = x->fault.shown;
	for (unsigned i = 0; i < SHOWN; i++)
		t->before[i] = message_property(&x->message, SCOPE_DEFAULT,
						str_of(shown[i]));
	exchange_hide_fault(x);
	exchange_show_fault(x);
}

static void put_back(struct exchange *x, const struct trial *t)
{
	x->message.error = t->error_before;
	exchange_hide_fault(x);
	for (unsigned i = 0; i < SHOWN; i++)
		if (t->before[i].kind != VALUE_NULL)
			message_set_property(&x->message, SCOPE_DEFAULT, str_of(shown[i]),
					     t->before[i]);
}

/* False: an expression failed, and that is the error now. */
static bool find_handler(const struct try *t, struct exchange *x,
			 const struct handler **found)
{
	*found = NULL;
	for (unsigned i = 0; i < t->handlers.count; i++) {
		const struct handler *h = t->handlers.at[i];
		struct fault why = { 0 };
		bool so = true;

		if (!list_takes(h->errors, &x->fault))
			continue;
		if (h->when && !expr_truth(h->when, &x->message, &so, &why)) {
			exchange_fault_with(x, &why);
			return false;
		}
		if (so) {
			*found = h;
			return true;
		}
	}
	return true;
}

static const char rule[] = "*********************************************************"
			   "***********************";

static const char *logger_of(const struct handler *h)
{
	return h->outcome == RESUME
		       ? "org.mule.runtime.core.internal.exception.OnErrorContinueHandler"
		       : "org.mule.runtime.core.internal.exception."
			 "OnErrorPropagateHandler";
}

/* The block that people look for between its rows of asterisks. */
static void write_banner(struct exchange *x, const struct handler *h, struct trial *t)
{
	const struct fault *f = &x->fault;

	if (!h->log || f->logged)
		return;
	exchange_log(x, LOG_ERROR, logger_of(h),
		     "\n%s\nMessage               : %s\nElement               : %s:%u\n"
		     "Error type            : %s\nFlowStack             : at %s\n%s\n",
		     rule, f->text ? f->text : "", f->where.file ? f->where.file : "",
		     f->where.line, f->code_text ? f->code_text : "MULE:UNKNOWN",
		     x->origin->name ? x->origin->name : "", rule);
	t->fault.logged = true;
}

static enum flow rescue(const struct node *n, struct exchange *x, void *state)
{
	const struct try *t = (const struct try *)n;
	struct trial *trial = state;
	const struct handler *handler;

	if (trial->handler) {
		if (trial->handler->log)
			exchange_log(x, LOG_ERROR, logger_of(trial->handler),
				     "Exception during exception strategy execution");
		put_back(x, trial);
		return FLOW_FAULT;
	}
	trial->fault = x->fault;
	show(x, trial);
	if (!find_handler(t, x, &handler) || !handler) {
		put_back(x, trial);
		return FLOW_FAULT;
	}
	trial->handler = handler;
	write_banner(x, handler, trial);
	exchange_push(x, handler->steps);
	return FLOW_CHILD;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct trial *trial = state;

	(void)n;
	if (!trial->handler)
		return FLOW_DONE;
	put_back(x, trial);
	if (trial->handler->outcome == RESUME)
		return FLOW_DONE;
	x->fault = trial->fault;
	return FLOW_FAULT;
}

const struct node_type try_mediator = {
	.name = "m:try",
	.brief = "Runs what is inside, and what is to be done if it fails.",
	.schema = &schema,
	.frame_size = sizeof(struct trial),
	.run = run_body,
	.resume = go_on,
	.rescue = rescue,
};
