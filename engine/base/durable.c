#include "base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What was renamed, made or removed in it is there after a crash. */
static bool sync_directory(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const bool fine = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return fine;
}

static const char *directory_of(const char *path, struct arena *a)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_printf(a, "%.*s", (int)(slash - path), path);
}

static bool make_directories(const char *path, struct arena *a)
{
	const char *above;

	if (access(path, F_OK) == 0)
		return true;
	above = directory_of(path, a);
	if (strcmp(above, path) != 0 && !make_directories(above, a))
		return false;
	return (mkdir(path, 0777) == 0 || errno == EEXIST) && sync_directory(above);
}

static bool write_all(int fd, struct str text)
{
	while (text.len) {
		const ssize_t n = write(fd, text.at, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_from(text, (size_t)n);
	}
	return true;
}

static bool write_beside(const char *path, struct str text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool fine;

	if (fd < 0)
		return false;
	fine = write_all(fd, text) && fsync(fd) == 0;
	return close(fd) == 0 && fine;
}

bool durable_rename(const char *from, const char *to, struct arena *a)
{
	return rename(from, to) == 0 && sync_directory(directory_of(to, a));
}

bool durable_remove(const char *path, struct arena *a)
{
	if (unlink(path) != 0)
		return errno == ENOENT;
	return sync_directory(directory_of(path, a));
}

bool durable_write(const char *path, struct str text, struct arena *a, struct fault *why)
{
	const char *beside = arena_printf(a, "%s.new", path);

	if (make_directories(directory_of(path, a), a) && write_beside(beside, text) &&
	    durable_rename(beside, path, a))
		return true;
	*why = (struct fault){ .text = arena_printf(a, "%s cannot be written: %s", path,
						    strerror(errno)) };
	unlink(beside);
	return false;
}
