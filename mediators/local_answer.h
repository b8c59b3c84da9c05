/*
 * Answers that are made here and come from no backend, in the two shapes that users of
 * Choreo Connect know: the enforcer's {"error_message", "code", "error_description"} and
 * the router's {"code", "message", "description"} (frontends.md §3.5).
 */
#ifndef MEDIATORS_LOCAL_ANSWER_H
#define MEDIATORS_LOCAL_ANSWER_H

#include "common.h"

enum local_shape { SHAPE_NONE, SHAPE_ROUTER, SHAPE_ENFORCER };

struct local_answer {
	uint64_t status;
	enum local_shape shape; /* NONE: without a body */
	struct str code, message, description;
};

/* The message is this from now on, without any header of before. Texts are copied. */
void local_answer_set(struct exchange *x, const struct local_answer *a);
/* 200 with this JSON text, which is good. */
void local_answer_set_json(struct exchange *x, struct str text);
/* The same as text. */
void local_answer_set_text(struct exchange *x, uint64_t status, struct str type,
			   struct str text);
/* The same as it stands, whatever its type says; borrowed. The request's body must be
 * there.
 */
void local_answer_set_bytes(struct exchange *x, uint64_t status, struct str type,
			    struct str bytes);
/* 401 900901, the description ending in the usual words; it is the answer. */
enum flow local_answer_unauthorized(struct exchange *x, const char *description);

#endif
