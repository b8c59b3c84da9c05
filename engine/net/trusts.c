#include "net/trusts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_KEY = 64 * 1024 };

struct known {
	struct known *next;
	struct tls_trust *trust;
	char key[]; /* the files, one a line */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct known *all;

/* What we show where an endpoint says nothing. Borrowed. */
static const char *usual_certificate, *usual_key;

void trusts_show(const char *certificate, const char *key)
{
	usual_certificate = certificate;
	usual_key = key;
}

static bool key_of(const struct tls_files *files, char key[MOST_KEY])
{
	return snprintf(key, MOST_KEY, "%s\n%s\n%s\n%d",
			files->certificate ? files->certificate : "",
			files->key ? files->key : "",
			files->authorities ? files->authorities : "",
			files->verify) < MOST_KEY;
}

static struct known *add(const char *key, struct tls_trust *trust)
{
	const size_t len = strlen(key) + 1;
	struct known *k = memory_new(sizeof(*k) + len);

	memcpy(k->key, key, len);
	k->trust = trust;
	k->next = all;
	all = k;
	return k;
}

static const struct tls_trust *find(const char *key, const struct tls_files *files,
				    struct fault *why)
{
	struct known *k = all;
	struct tls_trust *fresh;

	while (k && strcmp(k->key, key) != 0)
		k = k->next;
	if (k)
		return tls_trust_renew(k->trust, files, why) ? k->trust : NULL;
	fresh = tls_trust_new(files, why);
	return fresh ? add(key, fresh)->trust : NULL;
}

const struct tls_trust *trusts_find(const struct tls_files *asked, struct fault *why)
{
	const struct tls_trust *trust;
	struct tls_files given = *asked;
	const struct tls_files *files = &given;
	char key[MOST_KEY];

	if (!given.certificate) {
		given.certificate = usual_certificate;
		given.key = usual_key;
	}
	if (!key_of(files, key)) {
		*why = (struct fault){
			.text = "files' names or certificates are too long"
		};
		return NULL;
	}
	pthread_mutex_lock(&lock);
	trust = find(key, files, why);
	pthread_mutex_unlock(&lock);
	return trust;
}

void trusts_free(void)
{
	struct known *k;

	while ((k = all) != NULL) {
		all = k->next;
		tls_trust_free(k->trust);
		free(k);
	}
}
