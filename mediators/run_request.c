#include "run.h"

#include <stdlib.h>

static int compare_keys(const void *a, const void *b)
{
	const struct json *const *x = a, *const *y = b;
	const size_t len = (*x)->key.len < (*y)->key.len ? (*x)->key.len : (*y)->key.len;
	const int order = len ? memcmp((*x)->key.at, (*y)->key.at, len) : 0;

	return order ? order
		     : ((*x)->key.len > (*y)->key.len) - ((*x)->key.len < (*y)->key.len);
}

struct json *run_canonical(const struct json *j, struct arena *a)
{
	struct json *to;
	const struct json **members;
	size_t count = 0;

	if (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY)
		return json_copy(a, j);
	to = json_new(a, j->kind);
	members = arena_alloc(a, (j->count + 1) * sizeof(*members));
	for (const struct json *m = j->first; m; m = m->next)
		members[count++] = m;
	if (j->kind == JSON_OBJECT)
		qsort(members, count, sizeof(*members), compare_keys);
	for (size_t i = 0; i < count; i++) {
		if (j->kind == JSON_OBJECT)
			json_set(to, members[i]->key, run_canonical(members[i], a));
		else
			json_append(to, run_canonical(members[i], a));
	}
	return to;
}

const char *run_wrong_member(const struct json *request, const char **must_be)
{
	static const char *const texts[] = { "env", "product", "tag", "fallback_tag",
					     "cache" };
	const struct json *input = json_get(request, STR("input"));
	const struct json *session = json_get(request, STR("session"));
	const struct json *timeout = json_get(request, STR("timeout"));
	int64_t ms;

	*must_be = "a text";
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct json *j = json_get(request, str_of(texts[i]));

		if (j && j->kind != JSON_STRING && j->kind != JSON_NULL)
			return texts[i];
	}
	*must_be = "an object";
	if (input && input->kind != JSON_OBJECT && input->kind != JSON_NULL)
		return "input";
	*must_be = "an object with tag and token, or \"tag:token\"";
	if (session && session->kind != JSON_OBJECT && session->kind != JSON_STRING &&
	    session->kind != JSON_NULL)
		return "session";
	*must_be = "a number of milliseconds, 1 to 3600000";
	if (timeout && timeout->kind != JSON_NULL &&
	    (!json_to_int(timeout, &ms) || ms < 1 || ms > RUN_MOST_TIMEOUT))
		return "timeout";
	return "";
}
