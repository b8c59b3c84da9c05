/*
 * OpenAPI definitions with x-wso2-* extensions (frontends.md §3): single files, projects
 * of apictl (api.yaml and Definitions/) as directories or zips, translated into <api>s,
 * sequences and <m:cluster> endpoints at the ports of the gateway.
 */
#ifndef OPENAPI_OPENAPI_H
#define OPENAPI_OPENAPI_H

#include "deploy/deployment.h"

extern const struct front_end openapi_files;

/*
 * One setting, openapi.… or choreo.…; before anything is read. False: there is no such
 * setting, or its text is wrong. Texts are borrowed. openapi_defaults(): all as they
 * were at first.
 */
bool openapi_set(struct str key, struct str text);
void openapi_defaults(void);

#endif
