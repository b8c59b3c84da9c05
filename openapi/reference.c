/* References within a definition: {"$ref": "#/components/responses/Pet"}. */
#include "openapi/openapi_priv.h"

enum { MOST_STEPS = 32 };

/* One step of a pointer, ~1 and ~0 made / and ~ again. */
static struct str plain_step(struct translation *t, struct str step)
{
	char *text = arena_alloc(t->arena, step.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < step.len; i++) {
		const char after = i + 1 < step.len ? step.at[i + 1] : 0;

		text[len++] = step.at[i];
		if (step.at[i] != '~' || (after != '0' && after != '1'))
			continue;
		text[len - 1] = after == '1' ? '/' : '~';
		i++;
	}
	return (struct str){ text, len };
}

static const struct json *at_pointer(struct translation *t, struct str pointer)
{
	const struct json *j = t->document;
	struct str rest = pointer, step;

	while (j && rest.len && str_cut(&rest, '/', &step))
		j = json_get(j, plain_step(t, step));
	return j;
}

const struct json *referred(struct translation *t, const struct json *j)
{
	const struct json *first = j;

	for (unsigned i = 0; i < MOST_STEPS; i++) {
		const struct json *ref = member(j, "$ref");
		const struct json *to;

		if (!ref || ref->kind != JSON_STRING)
			return j;
		if (!str_starts(ref->text, STR("#/"))) {
			report_error(t->report, where_of(t->file, ref),
				     "$ref '" STR_FMT "' leads to another file; put what "
				     "it names into this one",
				     STR_ARG(ref->text));
			return NULL;
		}
		to = at_pointer(t, str_from(ref->text, 2));
		if (!to) {
			report_error(t->report, where_of(t->file, ref),
				     "$ref '" STR_FMT "' leads nowhere",
				     STR_ARG(ref->text));
			return NULL;
		}
		j = to;
	}
	report_error(t->report, where_of(t->file, first),
		     "$ref leads on and on, perhaps to itself");
	return NULL;
}
