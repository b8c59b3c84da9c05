/*
 * The room fallback, when it is left out of the build: no file is its, nothing is
 * stored, and there is nothing below /ductape.
 */
#include "fallback/fallback.h"
#include "fallback/rest.h"

static bool claims(struct str path, struct str text)
{
	(void)path;
	(void)text;
	return false;
}

const struct front_end fallback_files = { .name = "fallback", .claims = claims };

struct fallback_state *fallback_state_open(const char *directory, struct report *r)
{
	(void)directory;
	(void)r;
	return NULL;
}

void fallback_state_free(struct fallback_state *s)
{
	(void)s;
}

void fallback_state_join(struct fallback_state *s, struct loader *l)
{
	(void)s;
	(void)l;
}

void fallback_state_try(struct fallback_state *s, const struct fallback_change *c)
{
	(void)s;
	(void)c;
}

struct str fallback_state_tried(const struct fallback_state *s)
{
	(void)s;
	return STR("");
}

void fallback_state_undo(struct fallback_state *s, struct loader *l)
{
	(void)s;
	(void)l;
}

bool fallback_state_keep(struct fallback_state *s, struct fault *why)
{
	(void)s;
	why->text = "fallbacks are left out of this build";
	return false;
}

struct json *fallback_error(struct arena *a, const char *code, const char *message)
{
	struct json *body = json_new(a, JSON_OBJECT), *error = json_new(a, JSON_OBJECT);

	json_set(error, STR("code"), json_string(a, str_of(code)));
	json_set(error, STR("message"), json_string(a, str_of(message)));
	json_set(body, STR("status"), json_string(a, STR("error")));
	json_set(body, STR("error"), error);
	return body;
}

struct fallback_answer fallback_rest(const struct fallback_request *r, struct arena *a)
{
	(void)r;
	return (struct fallback_answer){
		.status = 404,
		.body = fallback_error(a, "NOT_FOUND",
				       "fallbacks are left out of this build"),
	};
}

struct json *fallback_complaints(struct arena *a, const struct report *r,
				 const struct fallback_change *change)
{
	(void)change;
	return fallback_error(a, "INVALID_DEFINITION", r->first ? r->first->text : "");
}

struct json *fallback_probed(struct arena *a, const struct probe *p)
{
	(void)p;
	return json_new(a, JSON_OBJECT);
}

struct json *fallback_read(struct str path, struct str text, struct arena *a,
			   struct fault *why)
{
	(void)path;
	return json_parse(text, a, why);
}
