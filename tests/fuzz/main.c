/*
 * Runs a fuzz target over the files of a corpus, once each, where libFuzzer is not
 * there to do it: so that what was found once stays found.
 *
 *	fuzz_NAME FILE|FOLDER ...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

enum { MOST_BYTES = 1024 * 1024 };

static unsigned ran;

static void run_file(const char *path)
{
	static uint8_t bytes[MOST_BYTES];
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f)
		return;
	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);

	/* Of its own, so that a byte too far is seen. */
	uint8_t *copy = malloc(len ? len : 1);

	for (size_t i = 0; i < len; i++)
		copy[i] = bytes[i];
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	ran++;
}

static void run_folder(const char *path)
{
	DIR *folder = opendir(path);
	char file[4096];

	for (struct dirent *e; folder && (e = readdir(folder));) {
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (e->d_name[0] != '.')
			run_file(file);
	}
	if (folder)
		closedir(folder);
}

int main(int count, char **paths)
{
	struct stat s;

	for (int i = 1; i < count; i++) {
		if (stat(paths[i], &s) == 0 && S_ISDIR(s.st_mode))
			run_folder(paths[i]);
		else
			run_file(paths[i]);
	}
	printf("%u inputs\n", ran);
	return ran > 0 ? 0 : 1;
}
