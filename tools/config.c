#include "tools/config.h"

#include <stdio.h>
#include <unistd.h>

/* ./deployment.toml, else beside the artifacts; NULL: there is none. */
static const char *find(struct arena *a, const char *const *paths, unsigned count)
{
	if (access("deployment.toml", R_OK) == 0)
		return "deployment.toml";
	for (unsigned i = 0; i < count; i++) {
		const char *path = arena_printf(a, "%s/../conf/deployment.toml",
						paths[i]);

		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

void config_read(struct settings *s, const struct arguments *arguments,
		 const char *const *paths, unsigned count, struct report *r)
{
	const char *given = arguments_text(arguments, "config");
	const char *path = given ? given : find(&s->arena, paths, count);

	if (path)
		settings_read(s, path, r);
	for (unsigned i = 0; i < arguments->given_count; i++)
		if (strcmp(arguments->given[i].option->name, "set") == 0)
			settings_set(s, arguments->given[i].text, r);
}

void config_complain(const struct arguments *arguments, const struct report *r)
{
	for (const struct complaint *c = r->first; c; c = c->next) {
		fprintf(stderr, "myelin %s: %s", arguments->tool->name, c->where.file);
		if (c->where.line)
			fprintf(stderr, ":%u", c->where.line);
		fprintf(stderr, ": %s\n", c->text);
	}
}
