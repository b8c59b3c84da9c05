/*
 * Plays vectors against the endpoint state machine: a file of JSON objects, one a
 * line, each a policy and steps with the state after each (endpoints.md §16).
 *
 *	vectors FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "endpoint/health.h"
#include "message/json.h"

/* A number of an object; `otherwise` if there is none. */
static int64_t number(const struct json *object, const char *key, int64_t otherwise)
{
	const struct json *j = json_get(object, str_of(key));
	int64_t n = otherwise;

	if (j && !json_to_int(j, &n))
		printf("%s: '" STR_FMT "' is no whole number\n", key, STR_ARG(j->text));
	return n;
}

static struct codes codes_of(const struct json *list, struct arena *a)
{
	struct codes codes = { NULL, 0 };
	int *at;

	if (!list || !list->count)
		return codes;
	at = arena_alloc(a, list->count * sizeof(*at));
	for (const struct json *j = list->first; j; j = j->next) {
		int64_t n = 0;

		json_to_int(j, &n);
		at[codes.count++] = (int)n;
	}
	codes.at = at;
	return codes;
}

static struct health_policy policy_of(const struct json *cfg, struct arena *a)
{
	const struct json *factor = json_get(cfg, STR("progressionFactor"));
	const struct json *in_group = json_get(cfg, STR("parentIsGroup"));
	double f = 1;

	if (factor)
		json_to_double(factor, &f);
	return (struct health_policy){
		.mark = codes_of(json_get(cfg, STR("markCodes")), a),
		.suspend = codes_of(json_get(cfg, STR("suspendCodes")), a),
		.retries = (int)number(cfg, "retriesBeforeSuspension", 0),
		.retry_delay = number(cfg, "retryDelay", 0),
		.initial = number(cfg, "initialDuration", -1),
		.factor = (float)f,
		.maximum = number(cfg, "maximumDuration", INT64_MAX),
		.in_group = in_group && in_group->kind == JSON_TRUE,
		.limit = (int)number(cfg, "maxFailoverRetries", -1),
		.recursive_limit = (int)number(cfg, "maxFailoverRecursiveRetries", -1),
		.limit_duration = number(cfg, "suspendOnMaxFailover", 30000),
		.recursive_limit_duration = number(cfg, "suspendOnMaxRecursiveFailover",
						   30000),
	};
}

static bool expect(const char *what, int64_t got, const struct json *step,
		   const char *key)
{
	const int64_t wanted = number(step, key, got);

	if (got == wanted)
		return true;
	printf("  %s is %lld, not %lld\n", what, (long long)got, (long long)wanted);
	return false;
}

static const char *state_name(enum health_state s)
{
	return s == HEALTH_OFF ? "OFF" : health_state_name(s);
}

static bool expect_state(const struct vitals *v, const struct json *step)
{
	const struct json *state = json_get(step, STR("state"));
	const struct json *ready = json_get(step, STR("ready"));
	const int64_t now = number(step, "t", 0);
	bool fine = true;

	if (state && !str_eq(state->text, str_of(state_name(v->state)))) {
		printf("  state is %s, not " STR_FMT "\n", state_name(v->state),
		       STR_ARG(state->text));
		fine = false;
	}
	if (ready && (ready->kind == JSON_TRUE) != vitals_are_ready(v, now)) {
		printf("  ready is wrong\n");
		fine = false;
	}
	fine &= expect("next", v->next, step, "next");
	fine &= expect("remaining", v->remaining, step, "remaining");
	return expect("last", v->last, step, "last") && fine;
}

static bool play_step(struct vitals *v, const struct health_policy *p,
		      const struct json *step)
{
	const struct json *op = json_get(step, STR("op"));
	const struct json *code = json_get(step, STR("code"));
	const int64_t now = number(step, "t", 0);
	const int n = (int)number(step, "code", 0);
	const bool has_code = code && code->kind == JSON_NUMBER;

	if (!op)
		return false;
	if (str_eq(op->text, STR("error")))
		vitals_failed(v, p, has_code ? &n : NULL, now);
	else if (str_eq(op->text, STR("success")))
		vitals_succeeded(v, p);
	else if (str_eq(op->text, STR("off")) || str_eq(op->text, STR("on")))
		vitals_switched(v, p, op->text.len == 2);
	else if (!str_eq(op->text, STR("ready")))
		return false;
	return expect_state(v, step);
}

static bool play(struct str line, struct arena *a)
{
	struct fault why = { 0 };
	const struct json *vector = json_parse(line, a, &why);
	const struct json *id = vector ? json_get(vector, STR("id")) : NULL;
	const struct json *cfg = vector ? json_get(vector, STR("cfg")) : NULL;
	const struct json *steps = vector ? json_get(vector, STR("steps")) : NULL;
	const struct str name = id ? id->text : STR("without id");
	unsigned number_of = 0;
	struct vitals v;

	if (!cfg || !steps || !steps->count) {
		printf("no vector: %s\n", why.text ? why.text : "cfg or steps missing");
		return false;
	}
	const struct health_policy p = policy_of(cfg, a);

	vitals_init(&v, &p);
	for (const struct json *step = steps->first; step; step = step->next) {
		number_of++;
		if (play_step(&v, &p, step))
			continue;
		printf("vector " STR_FMT ", step %u\n", STR_ARG(name), number_of);
		return false;
	}
	return true;
}

static bool read_whole(const char *path, struct buf *text)
{
	FILE *f = fopen(path, "rb");
	size_t got;
	char *at;

	if (!f) {
		perror(path);
		return false;
	}
	do {
		at = buf_reserve(text, 65536);
		got = at ? fread(at, 1, 65536, f) : 0;
		text->len += got;
	} while (got);
	fclose(f);
	return !buf_is_full(text);
}

int main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0;
	struct str rest, line;
	struct buf text;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	buf_init(&text, 256u << 20);
	if (!read_whole(argv[1], &text)) {
		buf_release(&text);
		return 2;
	}
	rest = buf_str(&text);
	while (str_cut(&rest, '\n', &line)) {
		struct arena a = { 0 };

		if (str_trim(line).len)
			++*(play(line, &a) ? &passed : &failed);
		arena_release(&a);
	}
	buf_release(&text);
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
