#include "own_key.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct rsa_key *key; /* the process's, until its end */

static void make(void)
{
	key = rsa_make();
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
