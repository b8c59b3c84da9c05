/*
 * The table that fills struct settings, checks what is given, guesses what was meant and
 * writes the manual. A key of a member that an earlier row has is another name for it.
 */
#ifndef DAEMON_SETTINGS_PRIV_H
#define DAEMON_SETTINGS_PRIV_H

#include "daemon/settings.h"

enum setting_kind {
	SETTING_UINT, /* a uint64_t */
	SETTING_INT,  /* an int */
	SETTING_INT64,
	SETTING_BOOL,
	SETTING_TEXT,
	SETTING_CHOICE, /* an unsigned: which of the choices */
	SETTING_REAL,   /* a double */
};

struct setting {
	const char *key;
	enum setting_kind kind;
	size_t offset; /* of the member of struct settings */
	int64_t least, most;
	const char *const *choices; /* ends in NULL */
	const char *doc;            /* NULL: another name */
};

extern const struct setting settings_table[]; /* ends in a NULL key */

/* Keys that other rooms know; they are kept as text. NULL in name: nothing to tell. */
struct setting_family {
	const char *prefix, *name, *doc;
};

extern const struct setting_family setting_families[]; /* ends in a NULL prefix */

#endif
