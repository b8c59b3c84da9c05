/* The world with definitions in it: deployed by the real loader, file by file. */
#include "tests/world.h"

#include <stdio.h>

#include "deploy/deployment.h"
#include "message/content.h"
#include "synapse-xml/synapse_xml.h"

static const struct front_end *const front_ends[] = { &synapse_xml, NULL };

/* Nodes of earlier deployments stay good until the world ends. */
struct kept {
	struct deployment *deployment;
	struct kept *next;
};

struct deploying {
	struct loader_settings settings;
	struct kept *kept;
	unsigned files, compiled;
	const char *complaint;
};

static struct deploying *deploying;

static struct value local_entry(const void *ctx, struct str key, struct arena *a)
{
	const struct world *w = ctx;

	return w->deployment ? deployment_local_entry(w->deployment, key, a) : VALUE_NONE;
}

static void undeploy(struct world *w)
{
	for (struct kept *k = deploying->kept; k; k = k->next)
		deployment_unref(k->deployment);
	loader_free(w->loader);
	w->loader = NULL;
	w->deployment = NULL;
	deploying = NULL;
}

static void begin(struct world *w)
{
	if (w->loader)
		return;
	deploying = arena_new(&w->arena, struct deploying);
	deploying->settings = (struct loader_settings){
		.vocabulary = &synapse_vocabulary,
		.front_ends = front_ends,
		.endpoints = &w->settings,
		.healths = w->healths,
	};
	w->loader = loader_new(&deploying->settings);
	w->undeploy = undeploy;
	w->around = (struct surroundings){ &w->engine.timers, local_entry, w };
}

static void note_complaint(struct world *w, const struct report *r)
{
	const struct complaint *c = r->first;

	while (c && c->severity != SEVERITY_ERROR)
		c = c->next;
	deploying->complaint = c ? arena_printf(&w->arena, "%u: %s", c->where.line,
						c->text)
				 : "";
}

/* Puts one file in and makes a deployment of all there are. */
static bool put(struct world *w, const char *file, const char *text)
{
	struct kept *kept = arena_new(&w->arena, struct kept);
	struct report report;

	report_init(&report, &w->arena);
	loader_put(w->loader, str_of(file), str_of(text));
	w->deployment = loader_build(w->loader, &report);
	*kept = (struct kept){ w->deployment, deploying->kept };
	deploying->kept = kept;
	note_complaint(w, &report);
	if (report.errors)
		loader_put(w->loader, str_of(file), (struct str){ NULL, 0 });
	return report.errors == 0;
}

/* The artifact's own namespace, where it says none. */
static const char *with_namespace(struct world *w, const char *xml)
{
	const size_t name = strcspn(xml, " />\n");

	if (strstr(xml, "xmlns=\"") || strncmp(xml, "<", 1) != 0)
		return xml;
	return arena_printf(&w->arena, "%.*s xmlns=\"" SYNAPSE_NS "\"%s", (int)name, xml,
			    xml + name);
}

bool world_deploy(struct world *w, const char *xml)
{
	begin(w);
	return put(w, arena_printf(&w->arena, "%u.xml", ++deploying->files),
		   with_namespace(w, xml));
}

const void *world_find(struct world *w, enum ref_kind kind, const char *name)
{
	return w->deployment ? w->deployment->names.find(&w->deployment->names, kind,
							 str_of(name))
			     : NULL;
}

static const struct node *compile_endpoint(struct world *w, const char *xml)
{
	const char *name = strstr(xml, "name=");

	if (!put(w, "t.xml", with_namespace(w, xml)))
		return NULL;
	name += strlen("name=");
	return world_find(
		w, REF_ENDPOINT,
		arena_printf(&w->arena, "%.*s", (int)strcspn(name + 1, "'\""), name + 1));
}

const struct node *world_compile(struct world *w, const char *xml)
{
	begin(w);
	if (strncmp(xml, "<endpoint", 9) == 0 && strstr(xml, "name="))
		return compile_endpoint(w, xml);

	/* Each under another name, for those of before are kept. */
	const char *name = arena_printf(&w->arena, "t%u", ++deploying->compiled);
	const char *text = arena_printf(
		&w->arena, "<sequence xmlns=\"" SYNAPSE_NS "\" name=\"%s\">%s</sequence>",
		name, xml);

	return put(w, "t.xml", text) ? world_find(w, REF_SEQUENCE, name) : NULL;
}

const char *world_complaint(const struct world *w)
{
	(void)w;
	return deploying && deploying->complaint ? deploying->complaint : "";
}

static const char *describe_route(struct world *w, const struct route *route)
{
	static const unsigned statuses[] = {
		[ROUTE_NO_API] = 404,     [ROUTE_NO_RESOURCE] = 404,
		[ROUTE_BAD_METHOD] = 405, [ROUTE_BAD_REQUEST] = 400,
		[ROUTE_FORBIDDEN] = 403,  [ROUTE_OPTIONS] = 200,
		[ROUTE_FOUND] = 200,
	};

	snprintf(w->ending, sizeof(w->ending), "status %u", statuses[route->result]);
	return w->ending;
}

static void add_body(struct message *m, const char *body)
{
	const char *type = *body == '<'                   ? "application/xml"
			   : *body == '{' || *body == '[' ? "application/json"
							  : "text/plain";

	headers_set(&m->headers, STR("Content-Type"), str_of(type));
	body_set(&m->body, str_of(body));
}

const char *world_request(struct world *w, const char *line, const char *body,
			  uint64_t milliseconds)
{
	const size_t blank = strcspn(line, " ");
	struct incoming in = {
		.method = { line, blank },
		.target = str_of(line + blank + 1),
		.transport = STR("http"),
		.host = STR("localhost:8290"),
		.remote = STR("127.0.0.1"),
		.correlation = STR("c-1"),
		.rest = true,
	};
	struct route route;
	struct run r;

	world_begin(w, &r);
	r.x.message.incoming = &in;
	if (body && *body)
		add_body(&r.x.message, body);
	route = routes_find(w->deployment->routes, &in, &r.x.message);
	if (!route.resource) {
		world_end(&r);
		return describe_route(w, &route);
	}
	r.x.origin = route.origin;
	world_start(&r, &route.resource->node);
	world_pass(w, milliseconds);
	world_ending(w, &r);
	world_end(&r);
	return w->ending;
}
