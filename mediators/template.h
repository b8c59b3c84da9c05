/*
 * A sequence with parameters: <template>, which call-template runs. The parameters
 * are function scope properties while it runs ($func:name).
 */
#ifndef MEDIATORS_TEMPLATE_H
#define MEDIATORS_TEMPLATE_H

#include "flow/sequence.h"

struct parameter {
	struct str name;
	struct str fallback;
	bool mandatory, has_fallback;
};

struct template
{
	struct str name;
	struct items parameters; /* struct parameter */
	struct sequence body;
};

#endif
