/*
 * # m:kv
 *
 * Keeps values under keys, in a named store that all messages share, for a while or
 * until somebody removes them.
 *
 *	<m:kv xmlns:m="urn:myelin" op="put" store="last" key="products"
 *	      expires="3600000"/>
 *	<m:kv xmlns:m="urn:myelin" op="get" store="last" key="products" target="cached"/>
 *
 * `put` keeps the payload, or what `value` or `expression` says; `get` makes it the
 * payload, or a variable with `target`. `has` gives true or false, `keys` a list, `all`
 * an object. An entry is gone at the moment it expires. A `persistent` store is written
 * to the state directory and there again after a restart. Errors: OS:INVALID_KEY,
 * OS:KEY_ALREADY_EXISTS, OS:NULL_VALUE, OS:KEY_NOT_FOUND unless there is a `default`.
 */
#include "base/store.h"
#include "common.h"
#include "deploy/shared.h"
#include "mediators.h"
#include "moment.h"

enum operation { PUT, GET, HAS, REMOVE, CLEAR, KEYS, ALL };

static const char *const operations[] = { "put",   "get",  "has", "remove",
					  "clear", "keys", "all", NULL };

struct kv_node {
	struct node node;
	unsigned op;
	struct str store, value, type, target;
	const struct expr *key, *expression, *fallback, *target_value;
	uint64_t expires, most;
	bool if_absent, not_null, persistent;
	struct store *place; /* borrowed: the process's */
};

/* clang-format off */
static const struct field fields[] = {
	{ ATTR_CHOICE(struct kv_node, op, "op"), .choices = operations, .required = true,
	  .doc = "What to do." },
	{ ATTR_STR(struct kv_node, store, "store"), .fallback = "default", .doc = "Its name." },
	{ ATTR_VALUE(struct kv_node, key, "key"), .doc = "Of the entry." },
	{ ATTR_STR(struct kv_node, value, "value"), .doc = "The text to keep." },
	{ ATTR_EXPR(struct kv_node, expression, "expression"), .doc = "What gives it." },
	{ ATTR_STR(struct kv_node, type, "type"), .doc = "Its media type." },
	{ ATTR_UINT(struct kv_node, expires, "expires"),
	  .doc = "Milliseconds until it is gone; 0: never." },
	{ ATTR_BOOL(struct kv_node, persistent, "persistent"),
	  .doc = "The store survives a restart of the process." },
	{ ATTR_UINT(struct kv_node, most, "most"),
	  .doc = "Entries in the store; the oldest goes. 0: no bound." },
	{ ATTR_BOOL(struct kv_node, if_absent, "failIfPresent"),
	  .doc = "A key that is there is an error." },
	{ ATTR_BOOL(struct kv_node, not_null, "failOnNull"), .fallback = "true",
	  .doc = "Null is an error; else it is not kept." },
	{ ATTR_EXPR(struct kv_node, fallback, "default"), .doc = "What `get` gives if there is none." },
	{ ATTR_STR(struct kv_node, target, "target"), .doc = "A variable, instead of the payload." },
	{ ATTR_EXPR(struct kv_node, target_value, "targetValue"), .doc = "Unused without a target." },
	{ NULL },
};
/* clang-format on */

static bool check(void *self, const struct element *e, struct binder *b)
{
	struct kv_node *k = self;

	if (k->op <= REMOVE && !k->key)
		return report_error(b->report, e->where, "<m:kv op=\"%s\"> needs a key",
				    operations[k->op]);
	k->place = b->shared ? b->shared->store : NULL;
	if (k->place && k->most)
		store_bound(k->place, k->store, (size_t)k->most);
	if (k->place && k->persistent)
		store_keep(k->place, k->store);
	mediator_needs_for(&k->node, k->key);
	mediator_needs_for(&k->node, k->expression);
	if (k->op == PUT && !k->expression && !element_attribute(e, STR("value")))
		mediator_needs(&k->node, NEEDS_BYTES);
	return true;
}

static const struct schema schema = {
	.element = "m:kv",
	.doc = "Keeps values under keys.",
	.size = sizeof(struct kv_node),
	.fields = fields,
	.check = check,
};

static enum flow fail(struct exchange *x, const char *type, const char *text,
		      struct str key)
{
	struct fault why = { .code_text = type };

	why.text = arena_printf(&x->arena, "%s '" STR_FMT "'", text, STR_ARG(key));
	return exchange_fault_with(x, &why);
}

/* An entry is one line that says what it is, and the text. */
static struct str pack(struct arena *a, char kind, struct str type, struct str text)
{
	struct buf b;
	struct str packed;

	buf_init(&b, text.len + type.len + 16);
	buf_add_char(&b, kind);
	buf_add(&b, type);
	buf_add_char(&b, '\n');
	buf_add(&b, text);
	packed = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return packed;
}

static struct value unpack(struct str packed, struct arena *a, struct str *type)
{
	const size_t line = str_find(packed, '\n');
	const struct str text = str_from(packed, line + 1);
	struct fault ignored = { 0 };
	const struct json *j;

	*type = str_first(str_from(packed, 1), line - 1);
	if (packed.at[0] == 'n' || packed.at[0] == 'j' ||
	    str_find_str(*type, STR("json")) < type->len) {
		j = json_parse(text, a, &ignored);
		if (j)
			return (struct value){ .kind = VALUE_JSON, .json = j };
	}
	return value_str(text);
}

/* False: *why; *null: there is nothing to keep. */
static bool entry_of(const struct kv_node *k, struct exchange *x, struct str *packed,
		     bool *null, struct fault *why)
{
	struct str type = k->type, text = k->value;
	struct value v;

	*null = false;
	if (k->expression) {
		if (!expr_eval(k->expression, &x->message, &v, why))
			return false;
		*null = v.kind == VALUE_NULL;
		if (!type.len)
			type = k->expression->media_type;
		*packed = pack(&x->arena,
			       v.kind == VALUE_STR || v.kind == VALUE_XML ? 's' : 'j',
			       type, value_text(v, &x->arena));
		return true;
	}
	if (!text.at && !payload_on_wire(&x->message, &text, &type, why))
		return false;
	*packed = pack(&x->arena, 's', type, text);
	return true;
}

static enum flow keep(const struct kv_node *k, struct exchange *x, struct str key,
		      struct str packed)
{
	const uint64_t now = x->engine->timers.now;
	const uint64_t expires_at = k->expires ? now + k->expires : STORE_NEVER;
	enum stored so = STORED;

	if (k->if_absent)
		so = store_add(k->place, k->store, key, packed, expires_at, now);
	else if (!store_put(k->place, k->store, key, packed, expires_at, now))
		so = STORED_NOT_TOO_LARGE;
	if (so == STORED_NOT_THERE_IS_ONE)
		return fail(x, "OS:KEY_ALREADY_EXISTS", "there already is a key", key);
	if (so == STORED_NOT_TOO_LARGE)
		return fail(x, "OS:STORE_NOT_AVAILABLE", "too large to be stored under",
			    key);
	return FLOW_DONE;
}

static enum flow put(const struct kv_node *k, struct exchange *x, struct str key)
{
	struct fault why = { 0 };
	struct str packed;
	bool null;

	if (!entry_of(k, x, &packed, &null, &why))
		return exchange_fault_with(x, &why);
	if (null)
		return k->not_null ? fail(x, "OS:NULL_VALUE",
					  "a null value cannot be stored under", key)
				   : FLOW_DONE;
	return keep(k, x, key, packed);
}

static enum flow give(const struct kv_node *k, struct exchange *x, struct value v,
		      struct str type)
{
	struct message *m = &x->message;
	struct fault why = { 0 };

	if (k->target.len) {
		properties_set(&m->properties[SCOPE_VARIABLE], m->arena, k->target, v);
		return FLOW_DONE;
	}
	m->error_payload = m->error;
	return payload_become(m, v, type, &why) ? FLOW_DONE
						: exchange_fault_with(x, &why);
}

static enum flow get(const struct kv_node *k, struct exchange *x, struct str key)
{
	const struct str packed = store_get(k->place, k->store, key,
					    x->engine->timers.now, &x->arena, NULL);
	struct fault why = { 0 };
	struct str type = STR("");
	struct value v;

	if (packed.at) {
		v = unpack(packed, &x->arena, &type);
		return give(k, x, v, type);
	}
	if (!k->fallback)
		return fail(x, "OS:KEY_NOT_FOUND", "there is no key", key);
	if (!expr_eval(k->fallback, &x->message, &v, &why))
		return exchange_fault_with(x, &why);
	return give(k, x, v, k->fallback->media_type);
}

struct listing {
	struct json *to;
	struct arena *arena;
	bool keys;
};

static void list_one(void *ctx, struct str key, struct str value, uint64_t expires_at)
{
	struct listing *l = ctx;
	struct str type, name = arena_copy(l->arena, key);
	struct value v;

	(void)expires_at;
	if (l->keys) {
		json_append(l->to, json_string(l->arena, name));
		return;
	}
	v = unpack(arena_copy(l->arena, value), l->arena, &type);
	json_set(l->to, name,
		 v.kind == VALUE_JSON ? json_copy(l->arena, v.json)
				      : json_string(l->arena, v.text));
}

static enum flow list(const struct kv_node *k, struct exchange *x)
{
	struct listing l = { .arena = &x->arena, .keys = k->op == KEYS };

	l.to = json_new(&x->arena, l.keys ? JSON_ARRAY : JSON_OBJECT);
	store_each(k->place, k->store, x->engine->timers.now, list_one, &l);
	return give(k, x, (struct value){ .kind = VALUE_JSON, .json = l.to }, STR(""));
}

static enum flow operate(const struct kv_node *k, struct exchange *x, struct str key)
{
	const uint64_t now = x->engine->timers.now;

	switch ((enum operation)k->op) {
	case PUT:
		return put(k, x, key);
	case GET:
		return get(k, x, key);
	case HAS:
		return give(k, x,
			    value_bool(store_get(k->place, k->store, key, now, &x->arena,
						 NULL)
					       .at != NULL),
			    STR(""));
	case REMOVE:
		return store_get(k->place, k->store, key, now, &x->arena, NULL).at &&
				       store_remove(k->place, k->store, key)
			       ? FLOW_DONE
			       : fail(x, "OS:KEY_NOT_FOUND", "there is no key", key);
	case CLEAR:
		store_clear(k->place, k->store);
		return FLOW_DONE;
	case KEYS:
	case ALL:
		return list(k, x);
	}
	return FLOW_DONE;
}

static enum flow run(const struct node *n, struct exchange *x, void *state)
{
	const struct kv_node *k = (const struct kv_node *)n;
	struct fault why = { 0 };
	struct str key = STR("");

	(void)state;
	if (k->key && !expr_text(k->key, &x->message, &key, NULL, &why))
		return exchange_fault_with(x, &why);
	if (!k->place)
		return fail(x, "OS:STORE_NOT_AVAILABLE", "there are no stores here for",
			    key);
	if (k->op <= REMOVE && !key.len)
		return fail(x, "OS:INVALID_KEY", "a key must not be empty:", key);
	return operate(k, x, key);
}

const struct node_type kv_mediator = {
	.name = "m:kv",
	.brief = "Keeps values under keys.",
	.schema = &schema,
	.run = run,
};
