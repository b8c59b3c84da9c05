/* For the tests of this room: a loader, files by name, and what it said. */
#ifndef SYNAPSE_XML_FIXTURE_H
#define SYNAPSE_XML_FIXTURE_H

#include <string.h>

#include "base/timer.h"
#include "endpoint/endpoint.h"
#include "synapse_xml.h"

struct fixture {
	struct loader_settings settings;
	struct loader *loader;
	struct deployment *deployment;
	struct arena arena; /* of what was said */
	struct report report;
};

static const struct front_end *const fixture_front_ends[] = { &synapse_xml, NULL };

static inline void fixture_init(struct fixture *f)
{
	*f = (struct fixture){ .settings = {
				       .vocabulary = &synapse_vocabulary,
				       .front_ends = fixture_front_ends,
				       .endpoints = &endpoint_defaults,
				       .healths = healths_new(),
			       } };
	f->loader = loader_new(&f->settings);
}

static inline void fixture_release(struct fixture *f)
{
	deployment_unref(f->deployment);
	loader_free(f->loader);
	healths_free(f->settings.healths);
	arena_release(&f->arena);
}

/* text NULL: the file is gone. */
static inline void fixture_put(struct fixture *f, const char *file, const char *text)
{
	loader_put(f->loader, str_of(file), str_of(text));
}

/* All that is said about it, "file:line: text", a newline after each. */
static inline const char *fixture_build(struct fixture *f)
{
	const char *said = "";

	deployment_unref(f->deployment);
	report_init(&f->report, &f->arena);
	f->deployment = loader_build(f->loader, &f->report);
	for (const struct complaint *c = f->report.first; c; c = c->next)
		said = arena_printf(
			&f->arena, "%s%s:%u: %s%s\n", said, c->where.file, c->where.line,
			c->severity == SEVERITY_WARNING ? "warning: " : "", c->text);
	return said;
}

static inline const void *fixture_find(const struct fixture *f, enum ref_kind kind,
				       const char *name)
{
	return f->deployment->names.find(&f->deployment->names, kind, str_of(name));
}

#define XMLNS "xmlns='http://ws.apache.org/ns/synapse'"

#endif
