/*
 * Archives, unpacked in memory: names and texts of the files in them.
 *
 * What comes in an archive is not trusted: names that lead out of it, sizes that do
 * not agree, more files or bytes than the limits, encryption and unknown methods
 * refuse the archive as a whole.
 */
#ifndef DEPLOY_ZIP_H
#define DEPLOY_ZIP_H

#include "base/arena.h"
#include "base/fault.h"

enum {
	ZIP_MOST_FILES = 10000,
	ZIP_MOST_BYTES = 256 << 20, /* unpacked, all together */
};

struct zip_file {
	struct str name;
	struct str text;
	struct zip_file *next;
};

/* The files in the archive's order; the arena's. False: *why. None: *first is NULL. */
bool zip_read(struct str archive, struct arena *a, struct zip_file **first,
	      struct fault *why);

#endif
