#include "daemon/front_ends.h"

#include "synapse-xml/synapse_xml.h"

/* Synapse XML takes what is left. */
const struct front_end *const front_ends[] = {
	&synapse_xml,
	NULL,
};
