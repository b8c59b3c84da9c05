#include "base/store.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 1024 };

struct item {
	struct item *next; /* in the same slot */
	uint64_t expires_at;
	size_t partition, key, value; /* lengths; the texts follow each other */
	char text[];
};

struct store {
	pthread_mutex_t lock;
	size_t bytes, most;
	struct item *slots[SLOTS];
};

struct store *store_new(size_t most_bytes)
{
	struct store *s = memory_new(sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	s->most = most_bytes;
	return s;
}

static size_t size_of(const struct item *i)
{
	return sizeof(*i) + i->partition + i->key + i->value;
}

/* Takes the item that *link points to out and frees it. */
static void drop(struct store *s, struct item **link)
{
	struct item *i = *link;

	*link = i->next;
	s->bytes -= size_of(i);
	free(i);
}

void store_free(struct store *s)
{
	for (size_t k = 0; k < SLOTS; k++)
		while (s->slots[k])
			drop(s, &s->slots[k]);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct str partition_of(const struct item *i)
{
	return (struct str){ i->text, i->partition };
}

static struct str key_of(const struct item *i)
{
	return (struct str){ i->text + i->partition, i->key };
}

static struct str value_of(const struct item *i)
{
	return (struct str){ i->text + i->partition + i->key, i->value };
}

static size_t add_hash(size_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 1099511628211u;
	return h;
}

/* Who points to the item of this name, or to where it would be added. */
static struct item **find(struct store *s, struct str partition, struct str key)
{
	const size_t h = add_hash(add_hash(14695981039346656037u, partition), key);
	struct item **link = &s->slots[(h ^ h >> 32) % SLOTS];

	while (*link &&
	       !(str_eq(key_of(*link), key) && str_eq(partition_of(*link), partition)))
		link = &(*link)->next;
	return link;
}

static bool has_expired(const struct item *i, uint64_t now)
{
	return i->expires_at != STORE_NEVER && i->expires_at <= now;
}

/* Is b to go before a? What never expires goes last. */
static bool goes_before(const struct item *b, const struct item *a)
{
	if (!a || b->expires_at == STORE_NEVER || a->expires_at == STORE_NEVER)
		return !a ||
		       (a->expires_at == STORE_NEVER && b->expires_at != STORE_NEVER);
	return b->expires_at < a->expires_at;
}

/* Drops what has expired, and else what expires soonest. */
static void make_room(struct store *s, size_t need, uint64_t now)
{
	while (s->bytes + need > s->most) {
		struct item **victim = NULL;

		for (size_t k = 0; k < SLOTS; k++) {
			struct item **link = &s->slots[k];

			while (*link) {
				if (has_expired(*link, now)) {
					drop(s, link);
					continue;
				}
				if (goes_before(*link, victim ? *victim : NULL))
					victim = link;
				link = &(*link)->next;
			}
		}
		if (!victim)
			return;
		if (s->bytes + need > s->most)
			drop(s, victim);
	}
}

static struct item *item_new(struct str partition, struct str key, struct str value)
{
	struct item *i = memory_new(sizeof(*i) + partition.len + key.len + value.len + 1);

	i->partition = partition.len;
	i->key = key.len;
	i->value = value.len;
	memcpy(i->text, partition.at, partition.len);
	memcpy(i->text + partition.len, key.at, key.len);
	if (value.len)
		memcpy(i->text + partition.len + key.len, value.at, value.len);
	return i;
}

bool store_put(struct store *s, struct str partition, struct str key, struct str value,
	       uint64_t expires_at, uint64_t now)
{
	struct item *i = item_new(partition, key, value);
	struct item **link;

	if (size_of(i) > s->most) {
		free(i);
		return false;
	}
	i->expires_at = expires_at;
	pthread_mutex_lock(&s->lock);
	link = find(s, partition, key);
	if (*link)
		drop(s, link);
	make_room(s, size_of(i), now);
	link = find(s, partition, key);
	i->next = *link;
	*link = i;
	s->bytes += size_of(i);
	pthread_mutex_unlock(&s->lock);
	return true;
}

struct str store_get(struct store *s, struct str partition, struct str key, uint64_t now,
		     struct arena *a, uint64_t *expires_at)
{
	struct str value = { NULL, 0 };
	struct item **link;

	pthread_mutex_lock(&s->lock);
	link = find(s, partition, key);
	if (*link && has_expired(*link, now))
		drop(s, link);
	else if (*link) {
		value = arena_copy(a, value_of(*link));
		if (expires_at)
			*expires_at = (*link)->expires_at;
	}
	pthread_mutex_unlock(&s->lock);
	return value;
}

bool store_remove(struct store *s, struct str partition, struct str key)
{
	struct item **link;
	bool there;

	pthread_mutex_lock(&s->lock);
	link = find(s, partition, key);
	there = *link != NULL;
	if (there)
		drop(s, link);
	pthread_mutex_unlock(&s->lock);
	return there;
}

size_t store_clear(struct store *s, struct str partition)
{
	size_t count = 0;

	pthread_mutex_lock(&s->lock);
	for (size_t k = 0; k < SLOTS; k++) {
		struct item **link = &s->slots[k];

		while (*link) {
			if (str_eq(partition_of(*link), partition)) {
				drop(s, link);
				count++;
			} else {
				link = &(*link)->next;
			}
		}
	}
	pthread_mutex_unlock(&s->lock);
	return count;
}

void store_each(struct store *s, struct str partition, uint64_t now,
		void (*fn)(void *ctx, struct str key, struct str value,
			   uint64_t expires_at),
		void *ctx)
{
	pthread_mutex_lock(&s->lock);
	for (size_t k = 0; k < SLOTS; k++)
		for (struct item *i = s->slots[k]; i; i = i->next)
			if (str_eq(partition_of(i), partition) && !has_expired(i, now))
				fn(ctx, key_of(i), value_of(i), i->expires_at);
	pthread_mutex_unlock(&s->lock);
}
