/* The room openapi, when it is left out of the build: no file is its, nor a setting. */
#include "openapi/openapi.h"

static bool claims(struct str path, struct str text)
{
	(void)path;
	(void)text;
	return false;
}

const struct front_end openapi_files = { .name = "openapi", .claims = claims };

bool openapi_set(struct str key, struct str text)
{
	(void)key;
	(void)text;
	return false;
}

void openapi_defaults(void)
{
}
