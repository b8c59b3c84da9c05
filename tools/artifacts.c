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

bool read_whole_file(const char *path, struct buf *to)
{
	FILE *f = fopen(path, "rb");
	size_t got;

	if (!f)
		return false;
	do {
		char *room = buf_reserve(to, 65536);

		got = room ? fread(room, 1, 65536, f) : 0;
		to->len += got;
	} while (got);

	const bool fine = !ferror(f) && !buf_is_full(to);
	fclose(f);
	return fine;
}
