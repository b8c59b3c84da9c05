#include "schema/report.h"

#include <stdarg.h>

void report_init(struct report *r, struct arena *a)
{
	*r = (struct report){ .arena = a };
	r->last = &r->first;
}

static void add(struct report *r, struct where at, enum severity severity,
		const char *text)
{
	struct complaint *c = arena_new(r->arena, struct complaint);

	/* A file's name may be gone before its complaints are. */
	if (at.file)
		at.file = arena_copy(r->arena, str_of(at.file)).at;
	*c = (struct complaint){ at, severity, text, NULL };
	*r->last = c;
	r->last = &c->next;
}

bool report_error(struct report *r, struct where at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r, at, SEVERITY_ERROR, arena_vprintf(r->arena, fmt, ap));
	va_end(ap);
	r->errors++;
	return false;
}

void report_warning(struct report *r, struct where at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r, at, SEVERITY_WARNING, arena_vprintf(r->arena, fmt, ap));
	va_end(ap);
	r->warnings++;
}

void report_append(struct report *r, const struct report *from)
{
	for (const struct complaint *c = from->first; c; c = c->next)
		add(r, c->where, c->severity, arena_copy(r->arena, str_of(c->text)).at);
	r->errors += from->errors;
	r->warnings += from->warnings;
}
