#include "own_key.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

enum { MOST_PEM = 1 << 20 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct rsa_key *key; /* the process's, until its end */
static const char *kept_at;

void own_key_keep(const char *path)
{
	kept_at = path;
}

static struct rsa_key *read_key(void)
{
	struct rsa_key *k = NULL;
	struct buf text;

	buf_init(&text, MOST_PEM);
	if (access(kept_at, F_OK) == 0) {
		if (buf_read_file(&text, kept_at))
			k = rsa_from_private(buf_str(&text));
		if (!k)
			log_line(LOG_WARN, "org.wso2.choreo.connect.TestKey",
				 "%s holds no RSA key that can be read; a new one is "
				 "made, and tokens of /testkey signed so far are refused",
				 kept_at);
	}
	buf_release(&text);
	return k;
}

/* Beside it and renamed, so that there is a whole one or none. */
static bool write_key(struct str pem, struct arena *a)
{
	const char *beside = arena_printf(a, "%s.new", kept_at);
	const char *slash = strrchr(kept_at, '/');
	int fd;
	bool fine;

	if (slash && slash > kept_at)
		mkdir(arena_printf(a, "%.*s", (int)(slash - kept_at), kept_at), 0700);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	fine = write(fd, pem.at, pem.len) == (ssize_t)pem.len && fsync(fd) == 0;
	fine = close(fd) == 0 && fine;
	return fine && rename(beside, kept_at) == 0;
}

static void keep_key(void)
{
	struct arena a = { NULL, NULL };

	if (key && !write_key(rsa_private_pem(key, &a), &a))
		log_line(LOG_WARN, "org.wso2.choreo.connect.TestKey",
			 "%s cannot be written: tokens of /testkey end with this process",
			 kept_at);
	arena_release(&a);
}

static void make(void)
{
	key = kept_at ? read_key() : NULL;
	if (key)
		return;
	key = rsa_make();
	if (kept_at)
		keep_key();
}

const struct rsa_key *own_key(void)
{
	pthread_once(&once, make);
	return key;
}

struct str own_key_id(void)
{
	return STR("myelin");
}
