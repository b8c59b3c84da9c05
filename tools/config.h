/* The settings of a command line: deployment.toml, --config, --set (decisions.md §1). */
#ifndef TOOLS_CONFIG_H
#define TOOLS_CONFIG_H

#include "daemon/settings.h"
#include "tools/tools.h"

/* clang-format off */
/* For a tool's table of options. */
#define CONFIG_OPTIONS \
	{ "config", "FILE", "deployment.toml (./deployment.toml, DIR/../conf/)" }, \
	{ "set", "KEY=VALUE", "one setting; may be given again" }
/* clang-format on */

/*
 * Reads the file, which may be missing where it is only looked for beside the paths,
 * and what is --set. settings_apply() is still to be called.
 */
void config_read(struct settings *s, const struct arguments *arguments,
		 const char *const *paths, unsigned count, struct report *r);
/* On standard error, each with its place. */
void config_complain(const struct arguments *arguments, const struct report *r);

#endif
