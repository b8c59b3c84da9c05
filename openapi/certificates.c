/* Endpoint-certificates/ of a project: who vouches for which backend (§3.1). */
#include "openapi/openapi_priv.h"

#define FOLDER "Endpoint-certificates/"

static const char *const lists[] = { FOLDER "endpoint_certificates.yaml",
				     FOLDER "endpoint_certificates.yml",
				     FOLDER "endpoint_certificates.json", NULL };

static bool is_certificate(struct str name)
{
	return str_ends(name, STR(".crt")) || str_ends(name, STR(".pem")) ||
	       str_ends(name, STR(".cer"));
}

static void add(struct translation *t, const struct zip_file *f, struct str endpoint)
{
	struct certificate *c = arena_new(t->arena, struct certificate);

	*c = (struct certificate){ f, endpoint, t->certificates };
	t->certificates = c;
}

static const struct zip_file *file_of(const struct zip_file *files, struct str name)
{
	for (; files; files = files->next)
		if (str_starts(files->name, STR(FOLDER)) &&
		    str_eq(str_from(files->name, strlen(FOLDER)), name))
			return files;
	return NULL;
}

/* One entry of the list: alias, endpoint, certificate. */
static void take_entry(struct translation *t, const struct zip_file *files,
		       const struct json *entry, const char *file)
{
	const struct str given = text_in(entry, "certificate");
	const struct str name = given.len ? given : text_in(entry, "fileName");
	const struct zip_file *f = file_of(files, name);
	const struct str endpoint = text_in(entry, "endpoint");

	if (!endpoint.len)
		report_error(t->report, where_of(file, entry),
			     "a certificate needs the 'endpoint' it is for");
	else if (!f)
		report_error(t->report, where_of(file, entry),
			     "there is no " FOLDER STR_FMT, STR_ARG(name));
	else
		add(t, f, endpoint);
}

static bool is_listed(const struct translation *t, const struct zip_file *f)
{
	for (const struct certificate *c = t->certificates; c; c = c->next)
		if (c->file == f)
			return true;
	return false;
}

/* Those in no list are for all endpoints. */
static void take_rest(struct translation *t, const struct zip_file *files,
		      const char *path)
{
	for (const struct zip_file *f = files; f; f = f->next) {
		const struct str name = str_from(f->name, strlen(FOLDER));

		if (!str_starts(f->name, STR(FOLDER)) || !is_certificate(name) ||
		    str_find(name, '/') < name.len)
			continue;
		if (str_find_str(f->text, STR("-----BEGIN CERTIFICATE")) == f->text.len)
			report_error(t->report,
				     (struct where){ print_text(t, "%s/" STR_FMT, path,
								STR_ARG(f->name))
							     .at,
						     1 },
				     "this is no certificate in PEM");
		else if (!is_listed(t, f))
			add(t, f, STR(""));
	}
}

void take_certificates(struct translation *t, const struct zip_file *files,
		       const char *path)
{
	const struct zip_file *list = find_member(files, lists);
	const char *file;
	const struct json *data = list ? member(read_member(t, list, path, &file), "data")
				       : NULL;

	for (const struct json *e = data && data->kind == JSON_ARRAY ? data->first : NULL;
	     e; e = e->next)
		take_entry(t, files, e, file);
	take_rest(t, files, path);
}

/* Scheme, host and port, the usual one written out. */
static struct str authority_of(struct translation *t, struct str url)
{
	const size_t host = str_find_str(url, STR("://")) + 3;
	const struct str rest = str_from(url, host);
	const struct str name = str_first(rest, str_find(rest, '/'));

	return print_text(t, STR_FMT STR_FMT "%s", STR_ARG(str_first(url, host)),
			  STR_ARG(name), str_find(name, ':') < name.len ? "" : ":443");
}

static bool is_for(struct translation *t, const struct certificate *c, struct str url)
{
	return !c->endpoint.len ||
	       (str_eq_nocase(authority_of(t, c->endpoint), authority_of(t, url)) &&
		str_starts(url_path(url), url_path(c->endpoint)));
}

/* Without what people write above it. */
static struct str from_begin(struct str text)
{
	return str_trim(str_from(text, str_find_str(text, STR("-----BEGIN CERT"))));
}

struct str trust_for(struct translation *t, struct str url)
{
	struct str all = STR("");

	if (!str_starts(url, STR("https://")))
		return all;
	for (const struct certificate *c = t->certificates; c; c = c->next)
		if (is_for(t, c, url))
			all = print_text(t, STR_FMT "%s" STR_FMT, STR_ARG(all),
					 all.len ? "\n" : "",
					 STR_ARG(from_begin(c->file->text)));
	return all;
}
