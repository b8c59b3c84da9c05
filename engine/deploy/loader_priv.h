/* What reading files and compiling them share. */
#ifndef DEPLOY_LOADER_PRIV_H
#define DEPLOY_LOADER_PRIV_H

#include "base/buf.h"
#include "deploy/build_priv.h"
#include "deploy/zip.h"

const struct loader_settings *loader_settings_of(const struct loader *l);

/* A unit as it is now; takes the reference over. */
void loader_put_source(struct loader *l, struct str path, struct source *source);
void loader_remove(struct loader *l, struct str path);

bool loader_knows(struct loader *l, struct str path);
/* It is this now, and still there. */
void loader_note(struct loader *l, struct str path, struct str text);
/* Between the two, who is there is noted; the others below the directory go. */
void loader_scan_begins(struct loader *l);
void loader_scan_ends(struct loader *l, struct str directory);

/* A unit's elements in the making; its report and arena are empty. */
struct source *source_new(struct str file);

/*
 * A directory that is one artifact of some front end becomes one unit; false: it is
 * none, or it has no file that only such ones have.
 */
bool project_put(struct loader *l, const char *path);
/* The files of an archive likewise, into s; false: nobody claims them. */
bool project_read(const struct loader *l, struct source *s, struct zip_file *files);

#endif
