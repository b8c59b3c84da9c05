#include "daemon/keeper.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/durable.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timer.h"
#include "net/loop.h"

/*
 * A file: one line that says what it is, then each entry as a line of numbers (when it
 * expires in ms since 1970, 0 never; how long its key and its value are), key, value
 * and the end of the line. Any bytes will do.
 */
#define HEAD "myelin object store 1\n"

enum { PAUSE_MS = 100, BYTES_A_MS = 50000, SWEEP_MS = 60000, MOST_FILE = 256 << 20 };

static const char logger[] = "org.mule.extension.objectstore";

struct keeper {
	struct store *store;
	const char *folder;
	struct loop *loop;
	struct timers *timers;
	struct timer next, sweep;
	bool asked, writing; /* of the main thread */
	size_t written;      /* bytes, the last time */
	struct arena arena;
};

/* Names become names of files: letters, digits, '-', '_' and '.' stay, the rest is %xx.
 */
static const char *path_of(const struct keeper *k, struct str name, struct arena *a)
{
	struct buf b;
	const char *path;

	buf_init(&b, 4096);
	for (size_t i = 0; i < name.len; i++) {
		const unsigned char c = (unsigned char)name.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && i))
			buf_add_char(&b, (char)c);
		else
			buf_printf(&b, "%%%02x", c);
	}
	path = arena_printf(a, "%s/" STR_FMT, k->folder, STR_ARG(buf_str(&b)));
	buf_release(&b);
	return path;
}

/* --- writing --- */

struct copy {
	struct buf text;
	int64_t wall;
};

static void add_entry(void *ctx, struct str key, struct str value, uint64_t expires_at)
{
	struct copy *c = ctx;
	const uint64_t wall = expires_at == STORE_NEVER
				      ? 0
				      : (uint64_t)((int64_t)expires_at + c->wall);

	buf_printf(&c->text, "%llu %zu %zu\n", (unsigned long long)wall, key.len,
		   value.len);
	buf_add(&c->text, key);
	buf_add(&c->text, value);
	buf_add_char(&c->text, '\n');
}

static void write_one(struct keeper *k, struct str name, struct arena *a)
{
	struct copy c = { .wall = k->timers->wall };
	struct fault why = { 0 };

	buf_init(&c.text, MOST_FILE);
	buf_add(&c.text, STR(HEAD));
	store_each(k->store, name, k->timers->now, add_entry, &c);
	k->written += c.text.len;
	if (!durable_write(path_of(k, name, a), buf_str(&c.text), a, &why))
		log_line(LOG_ERROR, logger,
			 "the object store '" STR_FMT "' is lost at a "
			 "restart: %s",
			 STR_ARG(name), why.text);
	buf_release(&c.text);
}

static void write_all(void *ctx)
{
	struct keeper *k = ctx;
	struct arena a = { 0 };
	struct str name;

	k->written = 0;
	while ((name = store_next_changed(k->store, &a)).len)
		write_one(k, name, &a);
	arena_release(&a);
}

static void ask_again(struct keeper *k);

static void written(void *ctx)
{
	struct keeper *k = ctx;

	k->writing = false;
	if (k->asked)
		ask_again(k);
}

static void begin(void *ctx)
{
	struct keeper *k = ctx;

	k->asked = false;
	k->writing = true;
	loop_work(k->loop, write_all, written, k);
}

/* Large ones less often: to write them takes its time. */
static void ask_again(struct keeper *k)
{
	if (!timer_is_set(&k->next))
		timer_set(k->timers, &k->next,
			  k->timers->now + PAUSE_MS + k->written / BYTES_A_MS);
}

static void ask(void *ctx)
{
	struct keeper *k = ctx;

	k->asked = true;
	if (!k->writing)
		ask_again(k);
}

/* On any thread. */
static void changed(void *ctx)
{
	struct keeper *k = ctx;

	loop_mail(k->loop, ask, k);
}

/* --- reading --- */

static bool cut_number(struct str *line, uint64_t *n)
{
	struct str word;

	return str_cut(line, ' ', &word) && str_to_uint(word, n);
}

/* False: it is no entry. */
static bool read_entry(struct keeper *k, struct store *s, struct str partition,
		       struct str *rest)
{
	const uint64_t now = k->timers->now;
	const int64_t wall_now = (int64_t)now + k->timers->wall;
	uint64_t expires, key, value;
	struct str line;

	if (!str_cut(rest, '\n', &line) || !cut_number(&line, &expires) ||
	    !cut_number(&line, &key) || !str_to_uint(line, &value) || key > rest->len ||
	    value > rest->len - key)
		return false;
	if (expires == 0 || (int64_t)expires > wall_now)
		store_put(s, partition, str_first(*rest, (size_t)key),
			  str_first(str_from(*rest, (size_t)key), (size_t)value),
			  expires ? (uint64_t)((int64_t)expires - wall_now) + now
				  : STORE_NEVER,
			  now);
	*rest = str_from(*rest, (size_t)(key + value) + 1);
	return true;
}

/* On the pool's thread, while something is deployed. */
static void fill(void *ctx, struct store *s, struct str partition)
{
	struct keeper *k = ctx;
	struct arena a = { 0 };
	const char *path = path_of(k, partition, &a);
	struct buf file;
	struct str rest;

	buf_init(&file, MOST_FILE);
	if (buf_read_file(&file, path) && file.len) {
		rest = buf_str(&file);
		if (str_starts(rest, STR(HEAD)))
			rest = str_from(rest, strlen(HEAD));
		while (rest.len && read_entry(k, s, partition, &rest))
			;
		if (rest.len)
			log_line(LOG_ERROR, logger,
				 "%s is damaged; what is behind byte %zu is lost", path,
				 file.len - rest.len);
	}
	buf_release(&file);
	arena_release(&a);
}

static void sweep(void *ctx)
{
	struct keeper *k = ctx;

	store_sweep(k->store, k->timers->now);
	timer_set(k->timers, &k->sweep, k->timers->now + SWEEP_MS);
}

struct keeper *keeper_new(struct store *store, struct str state, struct loop *loop,
			  struct timers *timers)
{
	struct keeper *k = memory_new(sizeof(*k));
	const struct store_keeper keeper = { fill, changed, k };

	k->store = store;
	k->folder = arena_printf(&k->arena, STR_FMT "/objectstore", STR_ARG(state));
	k->loop = loop;
	k->timers = timers;
	timer_init(&k->next, begin, k);
	timer_init(&k->sweep, sweep, k);
	sweep(k);
	store_kept_by(store, &keeper);
	return k;
}

void keeper_free(struct keeper *k)
{
	write_all(k);
	arena_release(&k->arena);
	free(k);
}
