/* tls:context of a connection: whom to believe, and what to show. PEM only. */
#include "translate.h"

/* Java's stores: by their type, else by how the file is called. */
static bool is_of_java(const struct element *store)
{
	static const char *const endings[] = { ".jks",      ".jceks",      ".p12", ".pfx",
					       ".keystore", ".truststore", NULL };
	const struct str path = mule_attribute(store, "path"),
			 type = mule_attribute(store, "type");

	if (type.len)
		return !str_eq_nocase(type, STR("pem"));
	for (unsigned i = 0; endings[i]; i++)
		if (str_ends(path, str_of(endings[i])))
			return true;
	return false;
}

/* Sets the path of the store as `name` of to. False: it cannot be used. */
static bool take_store(struct translation *t, const struct element *store,
		       const char *name, struct element *to)
{
	const struct str path = mule_attribute(store, "path");
	const char *found;

	if (!path.len)
		return true;
	if (is_of_java(store))
		return mule_complain(
			t, store,
			"path=\"" STR_FMT
			"\": Java's key stores are not supported; write it as PEM "
			"(keytool -importkeystore -srckeystore " STR_FMT
			" -destkeystore store.p12 -deststoretype pkcs12, then openssl "
			"pkcs12 -in store.p12 -nodes -out store.pem) and set "
			"type=\"pem\"",
			STR_ARG(path), STR_ARG(path));
	found = mule_project_path(t, path);
	if (!found)
		return mule_complain(t, store,
				     "path=\"" STR_FMT "\": there is no such file",
				     STR_ARG(path));
	mule_set_text(t, to, name, found);
	return true;
}

/* In the connection, or a global one that it names. */
static bool context_of(struct translation *t, const struct element *connection,
		       const struct element **context)
{
	const struct str name = mule_attribute(connection, "tlsContext");

	*context = mule_child_of(connection, "context");
	if (*context || !name.len)
		return true;
	*context = mule_project_find(t, "tls:context", name);
	return *context || mule_complain(t, connection,
					 "there is no <tls:context> named '" STR_FMT "'",
					 STR_ARG(name));
}

bool mule_tls(struct translation *t, const struct element *connection, struct element *to)
{
	const struct element *context, *trust, *show;
	struct element *tls;

	if (!context_of(t, connection, &context))
		return false;
	trust = context ? mule_child_of(context, "trust-store") : NULL;
	show = context ? mule_child_of(context, "key-store") : NULL;
	if (!trust && !show)
		return true;
	tls = mule_word(t, context, "tls");
	if (trust && str_eq(mule_attribute(trust, "insecure"), STR("true")))
		mule_set_text(t, tls, "insecure", "true");
	element_add(to, tls);
	return (!trust || take_store(t, trust, "trust", tls)) &&
	       (!show || take_store(t, show, "certificate", tls));
}
