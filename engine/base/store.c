#include "base/store.h"

#include "base/list.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 1024 };

struct part {
	struct part *next;
	struct link items; /* the oldest first */
	size_t count, most;
	bool kept, changed;
	struct str name;
	char text[];
};

struct item {
	struct item *next; /* in the same slot */
	struct link beside;
	struct part *part;
	uint64_t expires_at;
	size_t key, value; /* lengths; the texts follow each other */
	char text[];
};

struct store {
	pthread_mutex_t lock;
	size_t bytes, most;
	struct part *parts; /* few, and for ever */
	struct item *slots[SLOTS];
	struct store_keeper keeper;
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
	return sizeof(*i) + i->key + i->value;
}

/* Takes the item that *link points to out and frees it. */
static void drop(struct store *s, struct item **link)
{
	struct item *i = *link;

	*link = i->next;
	list_remove(&i->beside);
	i->part->count--;
	s->bytes -= size_of(i);
	free(i);
}

void store_free(struct store *s)
{
	struct part *p;

	for (size_t k = 0; k < SLOTS; k++)
		while (s->slots[k])
			drop(s, &s->slots[k]);
	while ((p = s->parts) != NULL) {
		s->parts = p->next;
		free(p);
	}
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct part *part_named(struct store *s, struct str name)
{
	struct part *p = s->parts;

	while (p && !str_eq(p->name, name))
		p = p->next;
	if (p)
		return p;
	p = memory_new(sizeof(*p) + name.len + 1);
	memcpy(p->text, name.at, name.len);
	p->name = (struct str){ p->text, name.len };
	list_init(&p->items);
	p->next = s->parts;
	s->parts = p;
	return p;
}

static struct str key_of(const struct item *i)
{
	return (struct str){ i->text, i->key };
}

static struct str value_of(const struct item *i)
{
	return (struct str){ i->text + i->key, i->value };
}

static size_t add_hash(size_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 1099511628211u;
	return h;
}

/* Who points to the item of this name, or to where it would be added. */
static struct item **find(struct store *s, const struct part *p, struct str key)
{
	const size_t h = add_hash(add_hash(14695981039346656037u, p->name), key);
	struct item **link = &s->slots[(h ^ h >> 32) % SLOTS];

	while (*link && !((*link)->part == p && str_eq(key_of(*link), key)))
		link = &(*link)->next;
	return link;
}

static bool has_expired(const struct item *i, uint64_t now)
{
	return i->expires_at != STORE_NEVER && i->expires_at <= now;
}

static void note_change(struct store *s, struct part *p)
{
	const bool was = p->changed;

	p->changed = true;
	if (p->kept && !was && s->keeper.changed)
		s->keeper.changed(s->keeper.ctx);
}

/* Is b to go before a? What never expires goes last. */
static bool goes_before(const struct item *b, const struct item *a)
{
	if (!a || b->expires_at == STORE_NEVER || a->expires_at == STORE_NEVER)
		return !a ||
		       (a->expires_at == STORE_NEVER && b->expires_at != STORE_NEVER);
	return b->expires_at < a->expires_at;
}

/* Drops what has expired; who points to what expires soonest, or NULL. */
static struct item **sweep(struct store *s, uint64_t now)
{
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
	return victim;
}

static void make_room(struct store *s, size_t need, uint64_t now)
{
	while (s->bytes + need > s->most) {
		struct item **victim = sweep(s, now);

		if (!victim)
			return;
		if (s->bytes + need > s->most)
			drop(s, victim);
	}
}

void store_sweep(struct store *s, uint64_t now)
{
	pthread_mutex_lock(&s->lock);
	sweep(s, now);
	pthread_mutex_unlock(&s->lock);
}

static struct item *item_new(struct str key, struct str value)
{
	struct item *i = memory_new(sizeof(*i) + key.len + value.len + 1);

	i->key = key.len;
	i->value = value.len;
	memcpy(i->text, key.at, key.len);
	if (value.len)
		memcpy(i->text + key.len, value.at, value.len);
	return i;
}

/* A partition that is full loses its oldest. */
static void keep_bound(struct store *s, struct part *p)
{
	while (p->most && p->count >= p->most) {
		struct item *oldest = list_item(p->items.next, struct item, beside);

		drop(s, find(s, p, key_of(oldest)));
	}
}

static void insert(struct store *s, struct part *p, struct item *i, uint64_t now)
{
	struct item **link = find(s, p, key_of(i));

	if (*link)
		drop(s, link);
	keep_bound(s, p);
	make_room(s, size_of(i), now);
	link = find(s, p, key_of(i));
	i->part = p;
	i->next = *link;
	*link = i;
	list_add_last(&p->items, &i->beside);
	p->count++;
	s->bytes += size_of(i);
	note_change(s, p);
}

static enum stored store_entry(struct store *s, struct str partition, struct item *i,
			       bool only_new, uint64_t now)
{
	struct part *p;
	bool there;

	if (size_of(i) > s->most) {
		free(i);
		return STORED_NOT_TOO_LARGE;
	}
	pthread_mutex_lock(&s->lock);
	p = part_named(s, partition);
	if (only_new) {
		const struct item *old = *find(s, p, key_of(i));

		there = old && !has_expired(old, now);
	} else {
		there = false;
	}
	if (there)
		free(i);
	else
		insert(s, p, i, now);
	pthread_mutex_unlock(&s->lock);
	return there ? STORED_NOT_THERE_IS_ONE : STORED;
}

bool store_put(struct store *s, struct str partition, struct str key, struct str value,
	       uint64_t expires_at, uint64_t now)
{
	struct item *i = item_new(key, value);

	i->expires_at = expires_at;
	return store_entry(s, partition, i, false, now) == STORED;
}

enum stored store_add(struct store *s, struct str partition, struct str key,
		      struct str value, uint64_t expires_at, uint64_t now)
{
	struct item *i = item_new(key, value);

	i->expires_at = expires_at;
	return store_entry(s, partition, i, true, now);
}

struct str store_get(struct store *s, struct str partition, struct str key, uint64_t now,
		     struct arena *a, uint64_t *expires_at)
{
	struct str value = { NULL, 0 };
	struct item **link;

	pthread_mutex_lock(&s->lock);
	link = find(s, part_named(s, partition), key);
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
	struct part *p;
	bool there;

	pthread_mutex_lock(&s->lock);
	p = part_named(s, partition);
	link = find(s, p, key);
	there = *link != NULL;
	if (there) {
		drop(s, link);
		note_change(s, p);
	}
	pthread_mutex_unlock(&s->lock);
	return there;
}

size_t store_clear(struct store *s, struct str partition)
{
	struct part *p;
	size_t count;

	pthread_mutex_lock(&s->lock);
	p = part_named(s, partition);
	count = p->count;
	while (!list_is_empty(&p->items)) {
		struct item *i = list_item(p->items.next, struct item, beside);

		drop(s, find(s, p, key_of(i)));
	}
	if (count)
		note_change(s, p);
	pthread_mutex_unlock(&s->lock);
	return count;
}

void store_each(struct store *s, struct str partition, uint64_t now,
		void (*fn)(void *ctx, struct str key, struct str value,
			   uint64_t expires_at),
		void *ctx)
{
	struct part *p;

	pthread_mutex_lock(&s->lock);
	p = part_named(s, partition);
	for (struct link *l = p->items.next; l != &p->items; l = l->next) {
		const struct item *i = list_item(l, struct item, beside);

		if (!has_expired(i, now))
			fn(ctx, key_of(i), value_of(i), i->expires_at);
	}
	pthread_mutex_unlock(&s->lock);
}

void store_bound(struct store *s, struct str partition, size_t most)
{
	pthread_mutex_lock(&s->lock);
	part_named(s, partition)->most = most;
	pthread_mutex_unlock(&s->lock);
}

void store_kept_by(struct store *s, const struct store_keeper *keeper)
{
	s->keeper = *keeper;
}

void store_keep(struct store *s, struct str partition)
{
	struct part *p;
	bool first;

	pthread_mutex_lock(&s->lock);
	p = part_named(s, partition);
	first = !p->kept;
	p->kept = true;
	pthread_mutex_unlock(&s->lock);
	if (!first || !s->keeper.fill)
		return;
	s->keeper.fill(s->keeper.ctx, s, partition);
}

struct str store_next_changed(struct store *s, struct arena *a)
{
	struct str name = STR("");
	struct part *p;

	pthread_mutex_lock(&s->lock);
	for (p = s->parts; p && !(p->kept && p->changed);)
		p = p->next;
	if (p) {
		p->changed = false;
		name = arena_copy(a, p->name);
	}
	pthread_mutex_unlock(&s->lock);
	return name;
}
