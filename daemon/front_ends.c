#include "daemon/front_ends.h"

#include "duct/duct.h"
#include "fallback/fallback.h"
#include "synapse-xml/synapse_xml.h"

/* Synapse XML takes what is left. */
const struct front_end *const front_ends[] = {
	&fallback_files,
	&synapse_xml,
	NULL,
};

void front_ends_init(void)
{
	duct_register();
}
