/* Who may call an operation: tokens, API keys, scopes (§3.4). */
#include "openapi/openapi_priv.h"

/* The nearest place that says something wins. */
bool is_open(struct translation *t, const struct json *item, const struct json *operation)
{
	static const char name[] = "x-wso2-disable-security";

	if (t->open || str_eq_nocase(text_in(operation, "x-auth-type"), STR("None")))
		return true;
	if (member(operation, name))
		return is_true(operation, name, false);
	if (member(item, name))
		return is_true(item, name, false);
	return is_true(t->document, name, false);
}

static const struct json *security_of(struct translation *t, const struct json *operation)
{
	const struct json *own = member(operation, "security");
	const struct json *all = own ? own : member(t->document, "security");

	return all && all->kind == JSON_ARRAY ? all : NULL;
}

/* Alternatives: the first scheme that has scopes decides. */
static struct str scopes_of(struct translation *t, const struct json *all)
{
	struct str words = STR("");

	for (const struct json *one = all ? all->first : NULL; one && !words.len;
	     one = one->next)
		for (const struct json *s = one->first; s && !words.len; s = s->next)
			for (const struct json *w = s->first; w; w = w->next)
				words = print_text(t, STR_FMT "%s" STR_FMT,
						   STR_ARG(words), words.len ? " " : "",
						   STR_ARG(w->text));
	return words;
}

static const struct json *scheme_named(struct translation *t, struct str name)
{
	const struct json *all = member(member(t->document, "components"),
					"securitySchemes");
	const struct json *old = member(t->document, "securityDefinitions");
	const struct json *found = json_get(all, name);

	return referred(t, found ? found : json_get(old, name));
}

static void add_place(struct translation *t, struct str *places, struct str place)
{
	*places = print_text(t, STR_FMT "%s" STR_FMT, STR_ARG(*places),
			     places->len ? " " : "", STR_ARG(place));
}

/* "X-Key" of a header, "?key" of a query parameter; empty: it is no key. */
static struct str place_of(struct translation *t, const struct json *scheme)
{
	const struct str in = text_in(scheme, "in"), name = text_in(scheme, "name");

	if (!str_eq_nocase(text_in(scheme, "type"), STR("apiKey")))
		return STR("");
	if (!name.len || str_find(name, ' ') < name.len) {
		report_error(t->report, where_of(t->file, scheme),
			     "an apiKey scheme needs the 'name' of a header or a query "
			     "parameter");
		return STR("");
	}
	if (str_eq(in, STR("header")))
		return name;
	if (str_eq(in, STR("query")))
		return print_text(t, "?" STR_FMT, STR_ARG(name));
	report_warning(t->report, where_of(t->file, scheme),
		       "API keys in '" STR_FMT
		       "' are not looked for; header and query are",
		       STR_ARG(in));
	return STR("");
}

/* Where an API key may be, if the operation takes one. */
static struct str keys_of(struct translation *t, const struct json *all)
{
	struct str places = STR("");

	for (const struct json *one = all ? all->first : NULL; one; one = one->next)
		for (const struct json *s = one->first; s; s = s->next) {
			const struct json *scheme = scheme_named(t, s->key);
			const struct str place = scheme ? place_of(t, scheme) : STR("");

			if (place.len)
				add_place(t, &places, place);
		}
	if (t->api_keys)
		add_place(t, &places, STR("apikey ?apikey"));
	return places;
}

void add_token(struct translation *t, struct element *steps, const struct json *operation,
	       struct where where)
{
	const struct json *all = security_of(t, operation);
	const struct str scopes = scopes_of(t, all), keys = keys_of(t, all);
	struct element *jwt = our_word(t, "jwt", where);

	if (!str_eq_nocase(t->auth_header, STR("Authorization")))
		put(t, jwt, "header", t->auth_header);
	if (keys.len)
		put(t, jwt, "keys",
		    print_text(t, "Internal-Key " STR_FMT, STR_ARG(keys)));
	add_issuers(t, jwt, where);
	element_add(steps, jwt);
	if (scopes.len) {
		struct element *check = our_word(t, "scopes", where);

		put(t, check, "any", scopes);
		element_add(steps, check);
	}
}

/* api.yaml's securityScheme. */
void take_schemes(struct translation *t)
{
	const struct json *all = member(t->meta, "securityScheme");

	for (const struct json *s = all ? all->first : NULL; s; s = s->next) {
		const struct where where = where_of(t->meta_file, s);

		if (str_eq_nocase(s->text, STR("api_key")))
			t->api_keys = true;
		else if (str_eq_nocase(s->text, STR("mutualssl_mandatory")))
			report_error(t->report, where,
				     "mutualssl_mandatory: client certificates are asked "
				     "for at all of a server's ports, not for one API; "
				     "leave it out and set tls.verify_clients");
		else if (str_eq_nocase(s->text, STR("mutualssl")))
			report_warning(t->report, where,
				       "mutualssl: a client certificate stands for no "
				       "token here");
		else if (str_eq_nocase(s->text, STR("basic_auth")))
			report_warning(t->report, where,
				       "basic_auth: user names are no tokens here; a JWT "
				       "is asked for");
	}
}
