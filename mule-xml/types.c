/*
 * The tree of error types (frontends.md §2.5). A handler names a type and means all
 * below it; here the list is closed, so that whoever runs it compares names only.
 */
#include "translate.h"

static const struct {
	const char *type, *parent;
} tree[] = {
	{ "MULE:EXPRESSION", "MULE:ANY" },
	{ "MULE:TRANSFORMATION", "MULE:ANY" },
	{ "MULE:TIMEOUT", "MULE:ANY" },
	{ "MULE:UNKNOWN", "MULE:ANY" },
	{ "MULE:STREAM_MAXIMUM_SIZE_EXCEEDED", "MULE:ANY" },
	{ "MULE:VALIDATION", "MULE:ANY" },
	{ "MULE:DUPLICATE_MESSAGE", "MULE:VALIDATION" },
	{ "MULE:REDELIVERY_EXHAUSTED", "MULE:ANY" },
	{ "MULE:CONNECTIVITY", "MULE:ANY" },
	{ "MULE:RETRY_EXHAUSTED", "MULE:CONNECTIVITY" },
	{ "MULE:ROUTING", "MULE:ANY" },
	{ "MULE:COMPOSITE_ROUTING", "MULE:ROUTING" },
	{ "MULE:SECURITY", "MULE:ANY" },
	{ "MULE:CLIENT_SECURITY", "MULE:SECURITY" },
	{ "MULE:SERVER_SECURITY", "MULE:SECURITY" },
	{ "MULE:NOT_PERMITTED", "MULE:SERVER_SECURITY" },
	{ "MULE:SOURCE_RESPONSE", "MULE:ANY" },
	{ "MULE:SOURCE_RESPONSE_GENERATE", "MULE:SOURCE_RESPONSE" },
	{ "MULE:SOURCE_RESPONSE_SEND", "MULE:SOURCE_RESPONSE" },
	{ "MULE:SOURCE", "" },
	{ "MULE:SOURCE_ERROR_RESPONSE_GENERATE", "MULE:SOURCE" },
	{ "MULE:SOURCE_ERROR_RESPONSE_SEND", "MULE:SOURCE" },
	{ "HTTP:CONNECTIVITY", "MULE:CONNECTIVITY" },
	{ "HTTP:RETRY_EXHAUSTED", "MULE:RETRY_EXHAUSTED" },
	{ "HTTP:TIMEOUT", "MULE:ANY" },
	{ "HTTP:PARSING", "MULE:ANY" },
	{ "HTTP:TRANSFORMATION", "MULE:TRANSFORMATION" },
	{ "HTTP:BASIC_AUTHENTICATION", "MULE:SERVER_SECURITY" },
	{ "HTTP:SECURITY", "MULE:SECURITY" },
	{ "HTTP:CLIENT_SECURITY", "MULE:CLIENT_SECURITY" },
	{ "HTTP:SERVER_SECURITY", "MULE:SERVER_SECURITY" },
	{ "HTTP:MULTIPLE_CHOICES", "MULE:ANY" },
	{ "HTTP:MOVED_PERMANENTLY", "MULE:ANY" },
	{ "HTTP:MOVED_TEMPORARILY", "MULE:ANY" },
	{ "HTTP:SEE_OTHER", "MULE:ANY" },
	{ "HTTP:NOT_MODIFIED", "MULE:ANY" },
	{ "HTTP:BAD_REQUEST", "MULE:ANY" },
	{ "HTTP:UNAUTHORIZED", "HTTP:CLIENT_SECURITY" },
	{ "HTTP:FORBIDDEN", "HTTP:CLIENT_SECURITY" },
	{ "HTTP:NOT_FOUND", "MULE:ANY" },
	{ "HTTP:METHOD_NOT_ALLOWED", "MULE:ANY" },
	{ "HTTP:NOT_ACCEPTABLE", "MULE:ANY" },
	{ "HTTP:UNSUPPORTED_MEDIA_TYPE", "MULE:ANY" },
	{ "HTTP:TOO_MANY_REQUESTS", "MULE:ANY" },
	{ "HTTP:INTERNAL_SERVER_ERROR", "MULE:ANY" },
	{ "HTTP:BAD_GATEWAY", "MULE:ANY" },
	{ "HTTP:SERVICE_UNAVAILABLE", "MULE:ANY" },
	{ "HTTP:GATEWAY_TIMEOUT", "MULE:ANY" },
	{ "OS:ANY", "MULE:ANY" },
	{ "OS:KEY_ALREADY_EXISTS", "OS:ANY" },
	{ "OS:INVALID_KEY", "OS:ANY" },
	{ "OS:NULL_VALUE", "OS:ANY" },
	{ "OS:KEY_NOT_FOUND", "OS:ANY" },
	{ "OS:STORE_NOT_AVAILABLE", "OS:ANY" },
};

enum { COUNT = sizeof(tree) / sizeof(tree[0]) };

/* Spaces of connectors; their types are theirs. */
static const char *const connectors[] = { "HTTP", "OS", "MULE" };

static struct str upper(struct translation *t, struct str s)
{
	struct str copy = arena_copy(t->arena, s);
	char *text = (char *)copy.at;

	for (size_t i = 0; i < s.len; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
	return copy;
}

/* SPACE:NAME in capitals; MULE where no space is given. */
static struct str whole(struct translation *t, struct str type)
{
	type = upper(t, str_trim(type));
	if (str_find(type, ':') < type.len)
		return type;
	return str_of(arena_printf(t->arena, "MULE:" STR_FMT, STR_ARG(type)));
}

static const char *parent_of(struct str type)
{
	for (unsigned i = 0; i < COUNT; i++)
		if (str_eq(type, str_of(tree[i].type)))
			return tree[i].parent;
	return NULL;
}

static bool is_below(const char *type, struct str above)
{
	for (; type && *type; type = parent_of(str_of(type)))
		if (str_eq(str_of(type), above))
			return true;
	return false;
}

static bool is_of_connector(struct str type)
{
	const struct str space = str_first(type, str_find(type, ':'));

	for (size_t i = 0; i < sizeof(connectors) / sizeof(connectors[0]); i++)
		if (str_eq(space, str_of(connectors[i])))
			return true;
	return false;
}

static const char *nearest(struct str type)
{
	size_t best = 4;
	const char *found = NULL;

	for (unsigned i = 0; i < COUNT; i++) {
		const size_t distance = str_distance(type, str_of(tree[i].type));

		if (distance >= best)
			continue;
		best = distance;
		found = tree[i].type;
	}
	return found;
}

static bool unknown(struct translation *t, const struct element *e, struct str type)
{
	const char *guess = nearest(type);

	return mule_complain(t, e, "there is no error type '" STR_FMT "'%s%s%s",
			     STR_ARG(type), guess ? "; did you mean '" : "",
			     guess ? guess : "", guess ? "'?" : "");
}

static void add(struct buf *to, struct str type)
{
	if (to->len)
		buf_add_char(to, ' ');
	buf_add(to, type);
}

static bool add_closed(struct translation *t, const struct element *e, struct str type,
		       struct buf *to)
{
	if (!is_of_connector(type)) {
		add(to, type);
		return true;
	}
	if (!parent_of(type))
		return unknown(t, e, type);
	for (unsigned i = 0; i < COUNT; i++)
		if (is_below(tree[i].type, type))
			add(to, str_of(tree[i].type));
	return true;
}

bool mule_error_types(struct translation *t, const struct element *e, struct str list,
		      struct str *closed)
{
	struct buf b;
	struct str one;
	bool fine = true, any = false;

	buf_init(&b, 1 << 16);
	while (str_cut(&list, ',', &one)) {
		const struct str type = whole(t, one);

		if (str_eq(type, STR("MULE:ANY")))
			any = true;
		else
			fine = add_closed(t, e, type, &b) && fine;
	}
	*closed = any ? STR("") : arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}

bool mule_can_be_raised(struct translation *t, const struct element *e, struct str type,
			struct str *full)
{
	*full = whole(t, type);
	if (str_starts(*full, STR("MULE:")))
		return parent_of(*full) || unknown(t, e, *full);
	if (is_of_connector(*full))
		return mule_complain(
			t, e,
			"'" STR_FMT
			"' belongs to a connector and cannot be raised; use a "
			"namespace of your own",
			STR_ARG(*full));
	return true;
}
