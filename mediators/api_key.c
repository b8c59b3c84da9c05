#include "api_key.h"

#include "base/url.h"

static bool is_pair_of(struct str pair, struct str name, struct arena *a,
		       struct str *value)
{
	struct str key;

	*value = pair;
	str_cut(value, '=', &key);
	return value->at && str_eq(url_decode_form(key, a), name);
}

static struct str parameter(struct exchange *x, struct str name)
{
	const struct str target = x->message.incoming->target;
	struct str rest = str_from(target, str_find(target, '?')), pair, value;

	rest = str_from(rest, 1);
	while (rest.len && str_cut(&rest, '&', &pair))
		if (is_pair_of(pair, name, &x->arena, &value))
			return url_decode_form(value, &x->arena);
	return STR("");
}

bool api_key_find(struct str places, struct exchange *x, struct str *token)
{
	struct str place;

	while (places.len && str_cut(&places, ' ', &place)) {
		if (!place.len)
			continue;
		*token = place.at[0] == '?' ? parameter(x, str_from(place, 1))
					    : headers_get(&x->message.headers, place);
		*token = str_trim(*token);
		if (token->len)
			return true;
	}
	return false;
}

/* The rest of the path without the parameter, all else as it came. */
static struct str without(struct exchange *x, struct str path, struct str name)
{
	struct arena *a = x->message.arena;
	const size_t mark = str_find(path, '?');
	struct str rest = str_from(path, mark), pair, value, kept = STR("");

	rest = str_from(rest, 1);
	while (rest.len && str_cut(&rest, '&', &pair))
		if (!is_pair_of(pair, name, a, &value))
			kept = str_of(arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(kept),
						   kept.len ? "&" : "", STR_ARG(pair)));
	return str_of(arena_printf(a, STR_FMT "%s" STR_FMT,
				   STR_ARG(str_first(path, mark)), kept.len ? "?" : "",
				   STR_ARG(kept)));
}

static void take_off_parameter(struct exchange *x, struct str name)
{
	static const struct str postfix = { "REST_URL_POSTFIX", 16 };
	struct message *m = &x->message;
	const struct value now = message_property(m, SCOPE_AXIS2, postfix);

	if (now.kind != VALUE_STR || !parameter(x, name).len)
		return;
	message_set_property(m, SCOPE_AXIS2, postfix,
			     value_str(without(x, now.text, name)));
}

void api_key_take_off(struct str places, struct exchange *x)
{
	struct str place;

	while (places.len && str_cut(&places, ' ', &place))
		if (str_starts(place, STR("?")))
			take_off_parameter(x, str_from(place, 1));
		else if (place.len)
			headers_remove(&x->message.headers, place);
}
