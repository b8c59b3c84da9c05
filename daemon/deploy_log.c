#include "daemon/deploy_log.h"

#include "base/log.h"
#include "base/map.h"

/*
 * How the original names a kind of artifact, and who tells of it. What stands behind an
 * API is told at DEBUG: its name in the log is to mean that it ran.
 */
static const struct kind {
	const char *name, *logger;
} kinds[] = {
	[ARTIFACT_API] = { "API", "org.apache.synapse.deployers.APIDeployer" },
	[ARTIFACT_SEQUENCE] = { "Sequence",
				"org.apache.synapse.deployers.SequenceDeployer" },
	[ARTIFACT_ENDPOINT] = { "Endpoint",
				"org.apache.synapse.deployers.EndpointDeployer" },
	[ARTIFACT_LOCAL_ENTRY] = { "LocalEntry",
				   "org.apache.synapse.deployers.LocalEntryDeployer" },
	[ARTIFACT_TEMPLATE] = { "Template",
				"org.apache.synapse.deployers.TemplateDeployer" },
	[ARTIFACT_PROXY] = { "ProxyService",
			     "org.apache.synapse.deployers.ProxyServiceDeployer" },
	[ARTIFACT_OTHER] = { "Artifact", "org.apache.synapse.deployers.Deployer" },
};

static const char deployer[] =
	"org.apache.synapse.deployers.AbstractSynapseArtifactDeployer";

static bool is_same_file(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Once for each file that has an error, after its complaints. */
static void log_failure(const struct complaint *c, bool *wrong)
{
	const char *next = c->next ? c->next->where.file : NULL;

	*wrong |= c->severity == SEVERITY_ERROR;
	if (is_same_file(next, c->where.file))
		return;
	if (*wrong && c->where.file)
		log_line(LOG_ERROR, deployer,
			 "Deployment of the Synapse Artifact from file : %s : Failed!",
			 c->where.file);
	*wrong = false;
}

void deploy_log_complaints(const struct report *r)
{
	bool wrong = false;

	for (const struct complaint *c = r->first; c; c = c->next) {
		const enum log_level level = c->severity == SEVERITY_ERROR ? LOG_ERROR
									   : LOG_WARN;
		const char *file = c->where.file ? c->where.file : "";

		if (c->where.line)
			log_line(level, deployer, "%s:%u: %s", file, c->where.line,
				 c->text);
		else
			log_line(level, deployer, "%s: %s", file, c->text);
		log_failure(c, &wrong);
	}
}

static struct str key_of(const struct artifact *t, struct arena *a)
{
	return str_of(arena_printf(a, "%d " STR_FMT, (int)t->kind, STR_ARG(t->name)));
}

static struct map index_of(const struct deployment *d, struct arena *a)
{
	const struct artifact *t = d ? deployment_artifacts(d) : NULL;
	struct map m;

	map_init(&m, a);
	for (; t; t = t->next)
		map_set(&m, key_of(t, a), (void *)(uintptr_t)t);
	return m;
}

static enum log_level level_of(const struct artifact *t)
{
	return t->kind == ARTIFACT_API || t->kind == ARTIFACT_PROXY ? LOG_INFO
								    : LOG_DEBUG;
}

static void log_present(const struct artifact *t, const struct artifact *before)
{
	const struct kind *k = &kinds[t->kind];

	if (!before)
		log_line(level_of(t), k->logger,
			 "%s named '" STR_FMT "' has been deployed from file : %s",
			 k->name, STR_ARG(t->name), t->where.file);
	else if (before->element != t->element)
		log_line(level_of(t), k->logger,
			 "%s: " STR_FMT " has been updated from the file: %s", k->name,
			 STR_ARG(t->name), t->where.file);
}

void deploy_log_changes(const struct deployment *old, const struct deployment *new)
{
	struct arena a = { 0 };
	struct map before, now;

	if (!old)
		return;
	before = index_of(old, &a);
	now = index_of(new, &a);

	map_each(e, &now) log_present(e->value, map_get(&before, e->key));
	map_each(e, &before)
	{
		const struct artifact *t = e->value;

		if (!map_get(&now, e->key))
			log_line(level_of(t), kinds[t->kind].logger,
				 "%s named '" STR_FMT "' has been undeployed",
				 kinds[t->kind].name, STR_ARG(t->name));
	}
	arena_release(&a);
}
