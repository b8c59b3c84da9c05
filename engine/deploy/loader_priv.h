/* What reading files and compiling them share. */
#ifndef DEPLOY_LOADER_PRIV_H
#define DEPLOY_LOADER_PRIV_H

#include "deploy/build_priv.h"

const struct loader_settings *loader_settings_of(const struct loader *l);

/* A unit as it is now; takes the reference over. */
void loader_put_source(struct loader *l, struct str path, struct source *source);
void loader_remove(struct loader *l, struct str path);

#endif
