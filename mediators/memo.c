/*
 * # m:memo
 *
 * Remembers what came out of what is inside, and gives that the next time instead of
 * running it: payload and attributes, by a key. What failed is not remembered.
 *
 *	<m:memo xmlns:m="urn:myelin" store="products" key="#[attributes.requestPath]"
 *	        expires="60000">
 *	    <call><endpoint key="ProductsEP"/></call>
 *	</m:memo>
 *
 * Without a key, a digest of the payload is it. `when` says whether to remember at all.
 */
#include "base/crypto.h"
#include "base/store.h"
#include "common.h"
#include "deploy/shared.h"
#include "mediators.h"
#include "moment.h"

struct memo_node {
	struct node node;
	struct str store;
	const struct expr *key, *when;
	uint64_t expires, most;
	bool persistent;
	const struct node *steps;
	struct store *place;
	struct keep {
		struct node node; /* runs with the whole reply there */
		const struct memo_node *memo;
	} keep;
};

struct remembering {
	struct str key;
	bool running, kept;
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_STR(struct memo_node, store, "store"), .fallback = "memo", .doc = "Where." },
	{ ATTR_VALUE(struct memo_node, key, "key"), .doc = "What tells one from the other." },
	{ ATTR_EXPR(struct memo_node, when, "when"), .doc = "Whether to remember." },
	{ ATTR_UINT(struct memo_node, expires, "expires"),
	  .doc = "Milliseconds until it is forgotten; 0: never." },
	{ ATTR_BOOL(struct memo_node, persistent, "persistent"),
	  .doc = "What is remembered survives a restart of the process." },
	{ ATTR_UINT(struct memo_node, most, "most"),
	  .doc = "How many results; the oldest goes. 0: no bound." },
	{ CONTENT_STEPS(struct memo_node, steps), .doc = "What to run." },
	{ NULL },
};
/* clang-format on */

static enum flow keep(const struct node *n, struct exchange *x, void *state);

static const struct node_type keep_type = {
	.name = "memo result",
	.brief = "Remembers the result.",
	.needs = NEEDS_VALUE,
	.run = keep,
};

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct memo_node *m = self;

	m->place = b->shared ? b->shared->store : NULL;
	if (m->place && m->most)
		store_bound(m->place, m->store, (size_t)m->most);
	if (m->place && m->persistent)
		store_keep(m->place, m->store);
	m->keep.node = (struct node){ &keep_type, e->where, NEEDS_VALUE };
	m->keep.memo = m;
	mediator_needs(&m->node, NEEDS_BYTES);
	mediator_needs_for(&m->node, m->key);
	mediator_needs_for(&m->node, m->when);
	return true;
}

static const struct schema schema = {
	.element = "m:memo",
	.doc = "Remembers what came out of what is inside.",
	.size = sizeof(struct memo_node),
	.fields = fields,
	.check = check,
};

static bool key_of(const struct memo_node *m, struct exchange *x, struct str *key,
		   struct fault *why)
{
	struct str bytes, type;

	if (m->key)
		return expr_text(m->key, &x->message, key, NULL, why);
	if (!payload_on_wire(&x->message, &bytes, &type, why))
		return false;
	*key = hex_of(digest_of(DIGEST_SHA256, bytes, &x->arena), &x->arena);
	return true;
}

static enum flow recall(struct exchange *x, struct str text)
{
	struct fault why = { 0 };
	const struct json *o = json_parse(text, &x->arena, &why);
	const struct json *type = o ? json_get(o, STR("mediaType")) : NULL;

	if (!o || !payload_become(&x->message,
				  (struct value){ .kind = VALUE_JSON,
						  .json = json_get(o, STR("payload")) },
				  type ? type->text : STR(""), &why))
		return exchange_fault_with(x, &why);
	x->message.attributes = json_get(o, STR("attributes"));
	x->message.error_payload = x->message.error;
	return FLOW_DONE;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct memo_node *m = (const struct memo_node *)n;
	struct remembering *r = state;
	struct fault why = { 0 };
	struct str text;
	bool so = m->place != NULL;

	if (so && m->when && !expr_truth(m->when, &x->message, &so, &why))
		return exchange_fault_with(x, &why);
	if (so && !key_of(m, x, &r->key, &why))
		return exchange_fault_with(x, &why);
	if (so) {
		text = store_get(m->place, m->store, r->key, x->engine->timers.now,
				 &x->arena, NULL);
		if (text.at)
			return recall(x, text);
	}
	r->running = so;
	exchange_push(x, m->steps);
	return FLOW_CHILD;
}

static enum flow keep(const struct node *n, struct exchange *x, void *state)
{
	const struct memo_node *m = ((const struct keep *)n)->memo;
	const struct remembering *r = x->top->below->state;
	const uint64_t now = x->engine->timers.now;
	struct fault why = { 0 };
	const struct json *o = message_as_json(&x->message, &x->arena, &why);

	(void)state;
	if (o)
		store_put(m->place, m->store, r->key, json_text(o, &x->arena),
			  m->expires ? now + m->expires : STORE_NEVER, now);
	return FLOW_DONE;
}

static enum flow go_on(const struct node *n, struct exchange *x, void *state)
{
	const struct memo_node *m = (const struct memo_node *)n;
	struct remembering *r = state;

	if (!r->running || r->kept)
		return FLOW_DONE;
	r->kept = true;
	exchange_push(x, &m->keep.node);
	return FLOW_CHILD;
}

const struct node_type memo_mediator = {
	.name = "m:memo",
	.brief = "Remembers what came out of what is inside.",
	.schema = &schema,
	.needs = NEEDS_BYTES,
	.frame_size = sizeof(struct remembering),
	.run = run,
	.resume = go_on,
};
