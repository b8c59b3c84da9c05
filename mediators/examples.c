/*
 * # m:examples
 *
 * Answers with one of the examples that are written down here, in place of a backend.
 * The request may choose: `Prefer: code=404, example=NAME` and `Accept`. Without a code
 * it is the response `default`, else the first one; without Accept it is JSON, if there
 * is some. What is asked for and not there is 501 900871, a code that is none 400 900870.
 *
 *	<m:examples xmlns:m="urn:myelin">
 *	    <m:response code="200">
 *	        <m:header name="X-Total" value="1"/>
 *	        <m:example type="application/json" name="one">[{"id": 7}]</m:example>
 *	    </m:response>
 *	    <m:response code="4XX"/>
 *	</m:examples>
 */
#include "local_answer.h"
#include "mediators.h"

struct said {
	struct str name, value;
};

struct example {
	struct str type, name, text;
};

struct response {
	struct str code;
	struct items headers;  /* struct said */
	struct items examples; /* struct example */
};

struct examples {
	struct node node;
	struct items responses; /* struct response */
};

/* What a request would like; empty: whatever. */
struct wish {
	struct str code, example, accept;
};

/* clang-format off */
static const struct field header_fields[] = {
	{ ATTR_STR(struct said, name, "name"), .required = true, .doc = "Of the header." },
	{ ATTR_STR(struct said, value, "value"), .required = true, .doc = "Its value." },
	{ NULL },
};

static const struct field example_fields[] = {
	{ ATTR_STR(struct example, type, "type"), .fallback = "application/json",
	  .doc = "Its Content-Type." },
	{ ATTR_STR(struct example, name, "name"), .doc = "What `Prefer` calls it." },
	{ TEXT_STR(struct example, text), .doc = "The body." },
	{ NULL },
};
/* clang-format on */

static const struct schema header_schema = {
	.element = "m:header",
	.doc = "A header of the answer.",
	.size = sizeof(struct said),
	.fields = header_fields,
};

static const struct schema example_schema = {
	.element = "m:example",
	.doc = "A body.",
	.size = sizeof(struct example),
	.fields = example_fields,
};

/* clang-format off */
static const struct field response_fields[] = {
	{ ATTR_STR(struct response, code, "code"), .required = true,
	  .doc = "A status, 40X, 4XX or default." },
	{ CHILD_LIST(struct response, headers, "header"), .ours = true,
	  .schema = &header_schema, .doc = "Headers of the answer." },
	{ CHILD_LIST(struct response, examples, "example"), .ours = true,
	  .schema = &example_schema, .doc = "Bodies; without any, the answer has none." },
	{ NULL },
};
/* clang-format on */

static bool check_response(void *self, const struct element *e, struct binder *b)
{
	const struct response *r = self;
	const struct str c = r->code;
	bool fine = c.len == 3 && c.at[0] >= '1' && c.at[0] <= '5';

	for (size_t i = 1; fine && i < c.len; i++)
		fine = (c.at[i] >= '0' && c.at[i] <= '9') || (c.at[i] | 0x20) == 'x';
	return fine || str_eq_nocase(c, STR("default")) ||
	       report_error(b->report, e->where,
			    "code=\"" STR_FMT "\" is not a status, 40X, 4XX or default",
			    STR_ARG(c));
}

static const struct schema response_schema = {
	.element = "m:response",
	.doc = "What can be answered with one status.",
	.size = sizeof(struct response),
	.fields = response_fields,
	.check = check_response,
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct examples *all = self;

	(void)e;
	(void)b;
	mediator_needs(&all->node, NEEDS_BYTES);
	return true;
}

/* clang-format off */
static const struct field fields[] = {
	{ CHILD_LIST(struct examples, responses, "response"), .ours = true,
	  .schema = &response_schema, .doc = "What can be answered, by status." },
	{ NULL },
};
/* clang-format on */

static const struct schema schema = {
	.element = "m:examples",
	.doc = "Answers with an example.",
	.size = sizeof(struct examples),
	.fields = fields,
	.check = check,
};

static struct wish wish_of(const struct exchange *x)
{
	const struct headers *h = &x->message.headers;
	struct wish w = { .accept = headers_get(h, STR("Accept")) };
	struct str rest = headers_get(h, STR("Prefer")), one, name;

	while (rest.len && str_cut(&rest, ',', &one)) {
		struct str value = one;

		if (!str_cut(&value, '=', &name) || !value.at)
			continue;
		if (str_eq_nocase(str_trim(name), STR("code")))
			w.code = str_trim(value);
		else if (str_eq_nocase(str_trim(name), STR("example")))
			w.example = str_trim(value);
	}
	return w;
}

static bool is_status(struct str code)
{
	uint64_t n;

	return code.len == 3 && str_to_uint(code, &n) && n >= 100;
}

/* Does 40X, say, stand for it? With so many digits that must agree. */
static bool stands_for(struct str pattern, struct str code, unsigned digits)
{
	if (pattern.len != 3 ||
	    !str_eq(str_first(pattern, digits), str_first(code, digits)))
		return false;
	for (unsigned i = digits; i < 3; i++)
		if ((pattern.at[i] | 0x20) != 'x')
			return false;
	return true;
}

static const struct response *response_for(const struct examples *e, struct str code)
{
	for (unsigned digits = 3; digits > 0; digits--)
		for (unsigned i = 0; i < e->responses.count; i++) {
			const struct response *r = e->responses.at[i];

			if (stands_for(r->code, code, digits))
				return r;
		}
	return NULL;
}

static const struct response *usual_response(const struct examples *e)
{
	for (unsigned i = 0; i < e->responses.count; i++) {
		const struct response *r = e->responses.at[i];

		if (str_eq_nocase(r->code, STR("default")))
			return r;
	}
	return e->responses.count ? e->responses.at[0] : NULL;
}

/* 50X is 500; default is 200. */
static uint64_t status_of(const struct response *r, const struct wish *w)
{
	const struct str text = w->code.len ? w->code : r->code;
	uint64_t status = 0;

	if (text.len != 3)
		return 200;
	for (size_t i = 0; i < text.len; i++)
		status = status * 10 +
			 ((text.at[i] | 0x20) == 'x' ? 0 : (uint64_t)(text.at[i] - '0'));
	return status;
}

static bool fits_type(struct str type, struct str accept)
{
	const struct str star = STR("*");
	struct str rest = accept, group;

	if (str_eq(accept, STR("*/*")) || str_eq(accept, star) ||
	    str_eq_nocase(accept, type))
		return true;
	str_cut(&rest, '/', &group);
	return str_eq(rest, star) &&
	       str_eq_nocase(group, str_first(type, str_find(type, '/')));
}

static bool is_wanted(const struct example *e, struct str accept, const struct wish *w)
{
	return fits_type(e->type, accept) &&
	       (!w->example.len || str_eq_nocase(e->name, w->example));
}

/* JSON before the others where both are as good. */
static const struct example *example_like(const struct response *r, struct str accept,
					  const struct wish *w)
{
	const struct example *first = NULL;

	for (unsigned i = 0; i < r->examples.count; i++) {
		const struct example *e = r->examples.at[i];

		if (!is_wanted(e, accept, w))
			continue;
		if (str_eq_nocase(e->type, STR("application/json")))
			return e;
		first = first ? first : e;
	}
	return first;
}

static const struct example *example_for(const struct response *r, const struct wish *w)
{
	struct str rest = w->accept, one;

	if (!rest.len)
		return example_like(r, STR("*/*"), w);
	while (rest.len && str_cut(&rest, ',', &one)) {
		const struct str type = str_trim(str_first(one, str_find(one, ';')));
		const struct example *e = example_like(r, type, w);

		if (e)
			return e;
	}
	return NULL;
}

static enum flow refuse(struct exchange *x, bool unknown, const char *description)
{
	const struct local_answer a = {
		.status = unknown ? 501 : 400,
		.shape = SHAPE_ENFORCER,
		.code = unknown ? STR("900871") : STR("900870"),
		.message = unknown ? STR("Not Implemented") : STR("Bad Request"),
		.description = str_of(description),
	};

	local_answer_set(x, &a);
	return mediator_answer(x);
}

static enum flow give(struct exchange *x, const struct response *r, const struct wish *w,
		      const struct example *e)
{
	const uint64_t status = status_of(r, w);

	if (e) {
		local_answer_set_bytes(x, status, e->type, e->text);
	} else {
		const struct local_answer empty = { .status = status };

		local_answer_set(x, &empty);
	}
	headers_remove(&x->message.headers, STR("WWW-Authenticate"));
	for (unsigned i = 0; i < r->headers.count; i++) {
		const struct said *h = r->headers.at[i];

		headers_set(&x->message.headers, h->name, h->value);
	}
	return mediator_answer(x);
}

static enum flow answer(const struct node *n, struct exchange *x, void *state)
{
	const struct examples *all = (const struct examples *)n;
	const struct wish w = wish_of(x);
	const struct response *r;
	const struct example *e;

	(void)state;
	if (w.code.at && !is_status(w.code))
		return refuse(x, false, "Invalid format for code preference");
	r = w.code.len ? response_for(all, w.code) : usual_response(all);
	if (!r)
		return refuse(
			x, true,
			w.code.len ? arena_printf(x->message.arena,
						  "Preferred code " STR_FMT
						  " is not supported for this resource.",
						  STR_ARG(w.code))
				   : "There is no example for this resource");
	e = example_for(r, &w);
	if (!e && w.example.len)
		return refuse(x, true,
			      arena_printf(x->message.arena,
					   "Example preference " STR_FMT
					   " is not supported for this resource",
					   STR_ARG(w.example)));
	if (!e && r->examples.count)
		return refuse(x, true,
			      arena_printf(x->message.arena,
					   "Accept type [" STR_FMT
					   "] is not supported for this resource",
					   STR_ARG(w.accept)));
	return give(x, r, &w, e);
}

const struct node_type examples_mediator = {
	.name = "m:examples",
	.brief = "Answers with an example.",
	.schema = &schema,
	.run = answer,
};
