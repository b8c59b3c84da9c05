/*
 * # log
 *
 * Writes a line about the message to the log and passes it on unchanged: its address
 * and ids (`simple`), its SOAP headers (`headers`), all of it (`full`), or only what
 * the properties say (`custom`).
 *
 *	<log level="custom" category="WARN" separator=" | ">
 *	    <property name="order" expression="json-eval($.id)"/>
 *	</log>
 *
 * Or a text with expressions in it:
 *
 *	<log category="WARN">
 *	    <message>Order ${payload.id} came without a customer</message>
 *	</log>
 */
#include "common.h"
#include "mediators.h"
#include "message/content.h"

static const char logger[] = "org.apache.synapse.mediators.builtin.LogMediator";

enum { LINE_MOST = 64 << 20 };

enum level { UNSET, SIMPLE, HEADERS, FULL, CUSTOM };

static const char *const levels[] = { "", "simple", "headers", "full", "custom", NULL };
static const char *const categories[] = { "TRACE", "DEBUG", "INFO", "WARN",
					  "ERROR", "FATAL", NULL };

struct log_property {
	struct str name, value;
	const struct expr *expression;
};

struct log {
	struct node node;
	unsigned level, category;
	struct str separator;
	bool full_payload, message_id;
	const struct expr *message; /* NULL: none */
	struct items properties;
};

/* clang-format off */
static const struct field property_fields[] = {
	{ ATTR_STR(struct log_property, name, "name"), .required = true,
	  .complaint = "Entry name is a required attribute for a Log property",
	  .doc = "What stands before the value." },
	{ ATTR_STR(struct log_property, value, "value"), .doc = "A constant." },
	{ ATTR_EXPR(struct log_property, expression, "expression"),
	  .doc = "Taken from the message." },
	{ NULL },
};

static bool check_property(void *self, const struct element *e, struct binder *b)
{
	const struct log_property *p = self;

	if (element_attribute(e, STR("value")) && !str_trim(p->value).len)
		return report_error(b->report, e->where,
				    "Entry attribute value (if specified) is required "
				    "for a Log property");
	if (!p->value.at && !p->expression)
		return report_error(b->report, e->where,
				    "Entry attribute value OR expression must be "
				    "specified for a Log property");
	return true;
}

static const struct schema property_schema = {
	.element = "property",
	.doc = "A name and a value to be printed.",
	.size = sizeof(struct log_property),
	.fields = property_fields,
	.check = check_property,
};

static const struct field fields[] = {
	{ ATTR_CHOICE(struct log, level, "level"), .choices = levels,
	  .wrong = "Invalid log level. Level has to be one of the following : simple, "
		   "headers, full, custom",
	  .doc = "How much of the message to show; simple, or only the text if there is one." },
	{ ATTR_CHOICE(struct log, category, "category"), .choices = categories,
	  .any_case = true, .fallback = "INFO",
	  .wrong = "Invalid log category. Category has to be one of the following : INFO, "
		   "TRACE, DEBUG, WARN, ERROR, FATAL",
	  .doc = "The severity of the line." },
	{ ATTR_STR(struct log, separator, "separator"), .fallback = ", ",
	  .doc = "What stands between the parts of the line; \\n and \\t are understood." },
	{ ATTR_BOOL(struct log, full_payload, "logFullPayload"),
	  .doc = "The same as level full." },
	{ ATTR_BOOL(struct log, message_id, "logMessageID"),
	  .doc = "Shows the message's ids in a custom line." },
	{ CHILD_TEMPLATE(struct log, message, "message"),
	  .doc = "A text; what stands in ${} is filled in from the message." },
	{ CHILD_LIST(struct log, properties, "property"), .schema = &property_schema,
	  .doc = "More to print, as name = value." },
	{ NULL },
};
/* clang-format on */

/* `\n` and `\t` as people write them in attributes. */
static struct str unescape(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char next = i + 1 < s.len ? s.at[i + 1] : '\0';

		if (s.at[i] == '\\' && (next == 'n' || next == 't')) {
			out[len++] = next == 'n' ? '\n' : '\t';
			i++;
		} else {
			out[len++] = s.at[i];
		}
	}
	return (struct str){ out, len };
}

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct log *log = self;

	(void)e;
	if (log->full_payload)
		log->level = FULL;
	log->separator = unescape(log->separator, b->arena);
	if (log->level == UNSET && !log->message)
		log->level = SIMPLE;
	if (log->level == SIMPLE || log->level == HEADERS || log->level == FULL)
		mediator_needs(&log->node, NEEDS_TREE);
	return true;
}

static const struct schema schema = {
	.element = "log",
	.doc = "Writes a line about the message to the log.",
	.size = sizeof(struct log),
	.fields = fields,
	.check = check,
};

/* A line being put together. Each part brings its separator; the first one's goes. */
struct line {
	const struct log *log;
	struct exchange *x;
	struct buf text;
	struct fault why;
};

static void part(struct line *line, const char *name, struct str value)
{
	buf_add(&line->text, line->log->separator);
	buf_add(&line->text, str_of(name));
	buf_add(&line->text, value);
}

static struct str known(struct line *line, enum scope scope, const char *name)
{
	const struct value v = message_property(&line->x->message, scope, str_of(name));

	return v.kind == VALUE_NULL ? (struct str){ NULL, 0 }
				    : value_text(v, &line->x->arena);
}

static void part_if_known(struct line *line, const char *label, const char *name)
{
	const struct str value = known(line, SCOPE_DEFAULT, name);

	if (value.at && value.len)
		part(line, label, value);
}

static void add_correlation(struct line *line)
{
	const struct str id = line->x->message.incoming->correlation;

	if (id.len)
		part(line, "correlation_id: ", id);
}

static void add_actions(struct line *line)
{
	const struct message *m = &line->x->message;
	const struct str soap = headers_get(&m->headers, STR("SOAPAction"));

	if (m->after_call)
		part(line, "WSAction: ", known(line, SCOPE_DEFAULT, "Action"));
	else
		part_if_known(line, "WSAction: ", "Action");
	if (soap.at || m->after_call)
		part(line, "SOAPAction: ", soap);
}

static void add_simple(struct line *line)
{
	part(line, "To: ", known(line, SCOPE_DEFAULT, "To"));
	part_if_known(line, "From: ", "From");
	add_actions(line);
	part_if_known(line, "ReplyTo: ", "ReplyTo");
	part_if_known(line, "MessageID: ", "MessageID");
	add_correlation(line);
	part(line, "Direction: ",
	     line->x->message.is_response ? STR("response") : STR("request"));
}

static bool add_message(struct line *line)
{
	struct str text = { 0 };

	if (!line->log->message)
		return true;
	if (!expr_text(line->log->message, &line->x->message, &text, NULL, &line->why))
		return false;
	if (text.len)
		part(line, "", unescape(text, &line->x->arena));
	return true;
}

static bool add_properties(struct line *line)
{
	for (unsigned i = 0; i < line->log->properties.count; i++) {
		const struct log_property *p = line->log->properties.at[i];
		struct str value = p->value;
		bool is_null = false;

		if (p->expression && !expr_text(p->expression, &line->x->message, &value,
						&is_null, &line->why))
			return false;
		part(line, "", p->name);
		buf_add(&line->text, STR(" = "));
		buf_add(&line->text, is_null ? STR("null") : value);
	}
	return true;
}

static void add_soap_headers(struct line *line)
{
	struct fault why = { 0 };
	struct xml_tree *tree = content_xml(&line->x->message, &why);
	const struct xml_node *header = tree ? xml_soap_header(tree) : NULL;
	const struct str id = line->x->message.incoming->correlation;

	if (id.len) { /* as in the original, without a separator */
		buf_add(&line->text, STR(" correlation_id : "));
		buf_add(&line->text, id);
	}
	if (!header)
		return;
	for (const struct xml_node *n = xml_first_child(header); n; n = xml_next(n)) {
		part(line, "", xml_name(n));
		buf_add(&line->text, STR(" : "));
		buf_add(&line->text, xml_own_text(n, &line->x->arena));
	}
}

static void add_payload(struct line *line)
{
	struct message *m = &line->x->message;

	part(line, m->content.kind == CONTENT_JSON ? "Payload: " : "Envelope: ",
	     content_log_text(m));
}

static void add_ids(struct line *line)
{
	if (!line->log->message_id)
		return;
	part_if_known(line, "MessageID: ", "MessageID");
	add_correlation(line);
}

static bool compose(struct line *line)
{
	switch ((enum level)line->log->level) {
	case UNSET:
	case CUSTOM:
		add_ids(line);
		return add_message(line) && add_properties(line);
	case SIMPLE:
		if (!add_message(line))
			return false;
		add_simple(line);
		return add_properties(line);
	case HEADERS:
		if (!add_message(line))
			return false;
		add_soap_headers(line);
		return add_properties(line);
	case FULL:
		if (!add_message(line))
			return false;
		add_simple(line);
		if (!add_properties(line))
			return false;
		add_payload(line);
		return true;
	}
	return true;
}

/* "{api:Foo GET /foo/1?x=y} ": with a text of its own an API's line says the request. */
static struct str prefix_of(const struct line *line)
{
	const struct origin *origin = line->x->origin;
	const struct incoming *in = line->x->message.incoming;

	if (line->log->level != UNSET || strcmp(origin->trigger, "api") != 0)
		return str_of(origin->prefix);
	return str_of(arena_printf(&line->x->arena, "{api:%s " STR_FMT " " STR_FMT "} ",
				   origin->name, STR_ARG(in->method),
				   STR_ARG(in->target)));
}

static void put_out(struct line *line, enum log_level level)
{
	struct exchange *x = line->x;
	struct str text = buf_str(&line->text);

	if (str_starts(text, line->log->separator))
		text = str_from(text, line->log->separator.len);
	if (log_is_on(level, logger)) {
		struct buf whole;

		buf_init(&whole, LINE_MOST);
		buf_add(&whole, prefix_of(line));
		buf_add(&whole, text);
		log_text(level, logger, buf_str(&whole));
		buf_release(&whole);
	}
	if (x->origin->logger && log_is_on(level, x->origin->logger))
		log_text(level, x->origin->logger, text);
}

static enum flow write_line(const struct node *n, struct exchange *x, void *state)
{
	struct line line = { .log = (const struct log *)n, .x = x };
	const enum log_level level = (enum log_level)line.log->category;
	bool composed;

	(void)state;
	if (!log_is_on(level, logger) &&
	    !(x->origin->logger && log_is_on(level, x->origin->logger)))
		return FLOW_DONE;
	buf_init(&line.text, LINE_MOST);
	composed = compose(&line);
	if (composed)
		put_out(&line, level);
	buf_release(&line.text);
	return composed ? FLOW_DONE : exchange_fault_with(x, &line.why);
}

const struct node_type log_mediator = {
	.name = "log",
	.brief = "Writes a line about the message to the log.",
	.schema = &schema,
	.run = write_line,
};
