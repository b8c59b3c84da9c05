/* What $prefix:name and get-property() find (mediation.md §5.2). */
#include "expr/xpath_priv.h"

#include <stdlib.h>

#include "base/url.h"

/* A parameter of the query of the To address; names in any case; "" if there is none. */
static struct value url_parameter(struct message *m, struct str name)
{
	const struct str to = value_text(message_property(m, SCOPE_DEFAULT, STR("To")),
					 m->arena);
	struct str rest = str_from(to, str_find(to, '?') + 1), pair;

	while (str_cut(&rest, '&', &pair)) {
		const size_t equals = str_find(pair, '=');
		const struct str key = url_decode_form(str_first(pair, equals), m->arena);

		if (str_eq_nocase(key, name))
			return value_str(
				url_decode_form(str_from(pair, equals + 1), m->arena));
	}
	return value_str(STR(""));
}

bool xpath_variable(struct message *m, struct str prefix, struct str name,
		    struct value *v)
{
	static const struct {
		struct str prefix;
		enum scope scope;
	} scopes[] = {
		{ { "ctx", 3 }, SCOPE_DEFAULT },
		{ { "axis2", 5 }, SCOPE_AXIS2 },
		{ { "trp", 3 }, SCOPE_TRANSPORT },
		{ { "operation", 9 }, SCOPE_OPERATION },
		{ { "func", 4 }, SCOPE_FUNCTION },
		{ { "var", 3 }, SCOPE_VARIABLE },
	};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (str_eq(prefix, scopes[i].prefix)) {
			*v = message_own_property(m, scopes[i].scope, name);
			return true;
		}
	}
	*v = value_str(STR(""));
	if (str_eq(prefix, STR("url"))) {
		*v = url_parameter(m, name);
		return true;
	}
	return str_eq(prefix, STR("sys"));
}

static struct value environment(struct message *m, struct str name)
{
	const char *value = getenv(arena_copy(m->arena, name).at);

	return value_str(arena_copy(m->arena, str_of(value ? value : "")));
}

static bool is_scope(struct str name)
{
	static const char *const names[] = { "registry", "system", "file", "env" };
	enum scope scope;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return scope_named(name, &scope);
}

struct value xpath_get_property(struct message *m, bool has_scope, struct str scope,
				struct str name)
{
	enum scope which = SCOPE_DEFAULT;

	/* get-property('SYSTEM_DATE', 'yyyy'): the second is a pattern then. */
	if (has_scope && str_eq(scope, STR("SYSTEM_DATE")) && !is_scope(scope))
		return value_str(message_date(m, name));
	if (!name.len)
		return value_str(STR(""));
	if (has_scope && str_eq(scope, STR("env")))
		return environment(m, name);
	if (has_scope && !scope_named(scope, &which))
		return value_str(STR(""));
	return message_property(m, which, name);
}
