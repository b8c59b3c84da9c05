/*
 * Things that are run with an input and give an output: actions, fallbacks, features.
 *
 * The input is the payload when one starts, the output is the payload when it is done;
 * one that fails faults, with a code that is a word (HTTP_500, CONNECT_FAILED …) and
 * data that says more. What they share lies in variables of the message (duct/duct.h):
 * `input`, `response`, `sequence`, `default`, and `run`: { id, env, product, attempt,
 * provider, timeout }.
 */
#ifndef MEDIATORS_CALLABLE_H
#define MEDIATORS_CALLABLE_H

#include "common.h"
#include "message/content.h"

/* A variable, NULL if it is not set or no JSON; and setting it (NULL: removes). */
const struct json *callable_variable(struct exchange *x, const char *name);
void callable_set(struct exchange *x, const char *name, const struct json *value);

/* What $Default means: the first of them that knows the field. Each may be NULL. */
void callable_show_defaults(struct exchange *x, const struct json *otherwise,
			    const struct json *first);

/* Of the run: env, product …; "" if there is none. */
struct str callable_run(struct exchange *x, const char *name);
/* value NULL: removes it. */
void callable_set_run(struct exchange *x, const char *name, struct json *value);

/* Faults with a word as code, and data. */
enum flow callable_fault(struct exchange *x, const char *code, const char *text,
			 const struct json *data);

/*
 * How long one attempt may take. An action keeps to it by itself, through the run's
 * `timeout`; anything else is interrupted: the frame that `state` is of faults with
 * TIMEOUT then. Cleared when the attempt ends and in leave().
 */
struct callable_limit {
	struct timer timer;
	struct exchange *x;
	const void *state;
	bool set_up;
};

void callable_limit_init(struct callable_limit *l, struct exchange *x, const void *state);
/* ms: 0 is no limit of its own. */
void callable_limit(struct exchange *x, struct callable_limit *l, bool is_action,
		    uint64_t ms);
void callable_limit_clear(struct callable_limit *l);

/* Does what runs now run inside of itself already? Then it has faulted: RECURSION. */
bool callable_runs_itself(struct exchange *x, struct str tag);

/* A moment (ms since 1970) as ISO 8601 in UTC. */
struct str callable_time(uint64_t wall_ms, struct arena *a);

/* The payload is this and nothing else: no headers, no type but JSON. */
void callable_put(struct exchange *x, const struct json *payload);

/* Runs a mapping (an expression of the mapping language). NULL: it has faulted. */
const struct json *callable_map(struct exchange *x, const struct expr *mapping);

/* What the definition of this kind ("action", "fallback" …) and tag is in the run's
 * product. */
const void *callable_find(struct exchange *x, const char *kind, struct str tag);

/* JSON text of a definition, read once. NULL: it complained. */
const struct json *callable_json(struct str text, const struct element *e,
				 struct binder *b);

/* A field of a definition's element that is JSON text, as a child of our namespace. */
#define CHILD_JSON(type, member, name) CHILD_STR(type, member, name), .ours = true

#endif
