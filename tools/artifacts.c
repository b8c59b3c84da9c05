#include "tools/artifacts.h"

static void print_place(struct where at, FILE *to)
{
	if (at.file && at.line)
		fprintf(to, "%s:%u: ", at.file, at.line);
	else if (at.file)
		fprintf(to, "%s: ", at.file);
}

void print_complaints(const struct report *r, FILE *to)
{
	for (const struct complaint *c = r->first; c; c = c->next) {
		print_place(c->where, to);
		fprintf(to, "%s%s\n", c->severity == SEVERITY_WARNING ? "warning: " : "",
			c->text);
	}
}
