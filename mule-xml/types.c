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

	for (unsigned i = 0; i < COUNT; i++)
		if (str_is_nearer(type, str_of(tree[i].type), &best))
			found = tree[i].type;
	return found;
}

/* Those that end what runs, whoever is there. */
static bool is_critical(struct str type)
{
	static const char *const critical[] = { "MULE:CRITICAL", "MULE:OVERLOAD",
						"MULE:FLOW_BACK_PRESSURE",
						"MULE:FATAL_JVM_ERROR", NULL };

	for (unsigned i = 0; critical[i]; i++)
		if (str_eq(type, str_of(critical[i])))
			return true;
	return false;
}

static bool unknown(struct translation *t, const struct element *e, struct str type)
{
	const char *guess = nearest(type);

	if (is_critical(type))
		return mule_complain(t, e,
				     "'" STR_FMT "' is critical: nobody can handle it",
				     STR_ARG(type));
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

struct search {
	struct translation *translation;
	struct str type;   /* what is looked for */
	bool found, space; /* it is raised; some other one of its namespace is */
	struct str near;
};

static void look_at(struct search *s, struct str raised)
{
	const size_t colon = str_find(s->type, ':') + 1;

	if (!raised.len)
		return;
	raised = whole(s->translation, raised);
	s->found |= str_eq(raised, s->type);
	if (!str_eq(str_first(raised, colon), str_first(s->type, colon)))
		return;
	s->space = true;
	if (str_distance(raised, s->type) < 4)
		s->near = raised;
}

/* Types that <raise-error> and <error-mapping> below e make. */
static void look_below(struct search *s, const struct element *e)
{
	look_at(s, str_eq(e->name, STR("raise-error")) ? mule_attribute(e, "type")
						       : mule_attribute(e, "targetType"));
	element_each(child, e)
	{
		look_below(s, child);
	}
}

/* A type of one's own that nobody raises, though others of its namespace are. */
static void warn_of_unraised(struct translation *t, const struct element *e,
			     struct str type)
{
	struct search s = { .translation = t, .type = type };

	map_each(entry, &t->project.elements)
	{
		look_below(&s, entry->value);
	}
	if (s.found || !s.space)
		return;
	report_warning(t->report, e->where, "nothing raises '" STR_FMT "'%s" STR_FMT "%s",
		       STR_ARG(type), s.near.len ? "; did you mean '" : "",
		       STR_ARG(s.near), s.near.len ? "'?" : "");
}

static bool add_closed(struct translation *t, const struct element *e, struct str type,
		       struct buf *to)
{
	if (!is_of_connector(type)) {
		warn_of_unraised(t, e, type);
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
		return str_eq(*full, STR("MULE:ANY")) || parent_of(*full) ||
		       unknown(t, e, *full);
	if (is_of_connector(*full))
		return mule_complain(
			t, e,
			"'" STR_FMT
			"' belongs to a connector and cannot be raised; use a "
			"namespace of your own",
			STR_ARG(*full));
	return true;
}
