/* What one operation does: token, scopes, production or sandbox, call, respond. */
#include "openapi/openapi_priv.h"

#include "base/base64.h"

static void add_refusal(struct translation *t, struct element *steps, struct where where,
			const char *kind)
{
	struct element *e = our_word(t, "refuse", where);

	put(t, e, "status", STR("401"));
	put(t, e, "shape", STR("enforcer"));
	put(t, e, "code", STR("900901"));
	put(t, e, "message", STR("Invalid Credentials"));
	put(t, e, "description",
	    print_text(t,
		       "%s key offered to an API with no %s endpoint. Make sure you have "
		       "provided the correct security credentials",
		       kind, *kind == 'S' ? "sandbox" : "production"));
	element_add(steps, e);
}

static void add_unconfigured(struct translation *t, struct element *steps,
			     struct where where)
{
	struct element *e = our_word(t, "refuse", where);

	put(t, e, "status", STR("500"));
	put(t, e, "code", STR("102507"));
	put(t, e, "message", STR("Upstream not configured for the resource"));
	put(t, e, "description", STR("no cluster for the resource"));
	element_add(steps, e);
}

static void add_credentials(struct translation *t, struct element *steps,
			    const struct pool *p)
{
	struct element *header = synapse_word(t, "header", p->where);
	const struct str both = print_text(t, STR_FMT ":" STR_FMT, STR_ARG(p->user),
					   STR_ARG(p->password));

	put(t, header, "name", STR("Authorization"));
	put(t, header, "scope", STR("transport"));
	put(t, header, "value",
	    print_text(t, "Basic " STR_FMT, STR_ARG(base64_encode(both, t->arena))));
	element_add(steps, header);
}

static void add_call(struct translation *t, struct element *steps, const struct pool *p,
		     struct where where)
{
	struct element *call, *endpoint;

	if (p->dropped) {
		add_unconfigured(t, steps, where);
		return;
	}
	if (p->user.len)
		add_credentials(t, steps, p);
	call = synapse_word(t, "call", where);
	endpoint = synapse_word(t, "endpoint", where);
	put(t, endpoint, "key", p->name);
	element_add(call, endpoint);
	element_add(steps, call);
}

/* By the token's keytype, or refused: there is no such endpoint. */
static void add_choice(struct translation *t, struct element *steps,
		       const struct pool *pools, struct where where)
{
	struct element *choice = synapse_word(t, "switch", where);
	struct element *sandbox = synapse_word(t, "case", where);
	struct element *other = synapse_word(t, "default", where);

	put(t, choice, "source", STR("get-property('jwt.keytype')"));
	put(t, sandbox, "regex", STR("SANDBOX"));
	if (pools[SANDBOX].given)
		add_call(t, sandbox, &pools[SANDBOX], where);
	else
		add_refusal(t, sandbox, where, "Sandbox");
	if (pools[PRODUCTION].given)
		add_call(t, other, &pools[PRODUCTION], where);
	else
		add_refusal(t, other, where, "Production");
	element_add(choice, sandbox);
	element_add(choice, other);
	element_add(steps, choice);
}

static void add_way_out(struct translation *t, struct element *steps,
			const struct pool *pools, bool open, struct where where)
{
	element_add(steps, our_word(t, "forwarded", where));
	if (open)
		add_call(t, steps,
			 pools[PRODUCTION].given ? &pools[PRODUCTION] : &pools[SANDBOX],
			 where);
	else
		add_choice(t, steps, pools, where);
}

static void warn_misplaced(struct translation *t, const struct json *operation)
{
	static const char *const names[] = { "x-wso2-production-endpoints",
					     "x-wso2-sandbox-endpoints" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (member(operation, names[i]))
			report_warning(
				t->report, where_of(t->file, member(operation, names[i])),
				"%s means nothing in an operation; put it beside the "
				"methods of the path",
				names[i]);
}

struct str translate_operation(struct translation *t, struct str path,
			       const struct json *item, const struct json *operation,
			       struct pool *pools)
{
	const struct where where = where_of(t->file, operation);
	const struct str name = print_text(t, STR_FMT " " STR_FMT " " STR_FMT,
					   STR_ARG(t->full_name), STR_ARG(operation->key),
					   STR_ARG(path));
	struct element *e = synapse_word(t, "sequence", where);
	const struct json *listed = listed_operation(t, path, operation);
	const bool open = is_open(t, item, operation);

	refuse_interceptors(t, operation);
	refuse_fault_policies(t, listed);
	warn_misplaced(t, operation);
	put(t, e, "name", name);
	put(t, e, "onError", print_text(t, STR_FMT " fault", STR_ARG(t->full_name)));
	if (!open)
		add_token(t, e, operation, where);
	add_tiers(t, e, path, operation);
	add_policies(t, e, listed, "request");
	if (t->mocked)
		element_add(e, translate_examples(t, operation));
	else
		add_way_out(t, e, pools, open, where);
	add_policies(t, e, listed, "response");
	element_add(e, synapse_word(t, "respond", where));
	emit(t, e);
	return name;
}
