#include "daemon/front_ends.h"

#include <assert.h>

#include "duct/duct.h"
#include "dataweave/language.h"
#include "fallback/fallback.h"
#include "mule-xml/mule_xml.h"
#include "openapi/openapi.h"
#include "synapse-xml/synapse_xml.h"

/* Synapse XML takes what is left. */
const struct front_end *const front_ends[] = {
	&openapi_files, &fallback_files, &mule_xml, &synapse_xml, NULL,
};

void front_ends_init(void)
{
	duct_register();
	dataweave_register();
}

static struct str text_of(const void *settings, const char *key)
{
	return settings_text(settings, key);
}

static bool is_of_openapi(struct str key)
{
	return str_starts(key, STR("openapi.")) || str_starts(key, STR("choreo."));
}

static void tell_openapi(const struct settings *s)
{
	map_each(e, &s->given)
	{
		const struct setting_given *g = e->value;

		if (is_of_openapi(g->key) && !openapi_set(g->key, g->text))
			log_line(LOG_WARN, "org.apache.synapse.config.Settings",
				 "%s:%u: there is no setting '" STR_FMT
				 "', or it cannot be '" STR_FMT "'",
				 g->where.file, g->where.line, STR_ARG(g->key),
				 STR_ARG(g->text));
	}
}

void front_ends_settings(const struct settings *s)
{
	mule_xml_settings(s ? text_of : NULL, s);
	openapi_defaults();
	duct_secrets_in(s ? settings_text(s, "fallback.secrets") : STR(""));
	if (s)
		tell_openapi(s);
}

void front_ends_with(struct front_ends_stored *f, struct fallback_state *stored)
{
	size_t count = 0;

	f->fallback = fallback_files;
	f->fallback.ctx = stored;
	for (const struct front_end *const *e = front_ends; *e; e++)
		f->all[count++] = *e == &fallback_files ? &f->fallback : *e;
	assert(count < sizeof(f->all) / sizeof(f->all[0]));
	f->all[count] = NULL;
}
