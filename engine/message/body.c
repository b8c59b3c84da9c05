#include "message/body.h"

#include <stdio.h>
#include <stdlib.h>

#include "message/body_spool.h"

enum { CHUNK_SIZE = 4096 - 64, LARGE_CHUNK = 64 * 1024, MOST_SPARE = 1024 };

struct body_chunk {
	struct body_chunk *next;
	const char *at;
	size_t len, room, taken;
	char bytes[]; /* none: those of body_set() */
};

const struct body_limits body_default_limits = { 1024 * 1024, 1024 * 1024 * 1024 };

/* Chunks of CHUNK_SIZE that nobody uses; this thread's own. */
static _Thread_local struct body_chunk *spare;
static _Thread_local unsigned spare_count;

static struct body_chunk *chunk_new(size_t need)
{
	const size_t large = need > LARGE_CHUNK ? need : LARGE_CHUNK;
	const size_t room = need <= CHUNK_SIZE ? CHUNK_SIZE : large;
	struct body_chunk *c = spare;

	if (room == CHUNK_SIZE && c) {
		spare = c->next;
		spare_count--;
	} else {
		c = malloc(sizeof(*c) + room);
	}
	if (!c) {
		fputs("out of memory\n", stderr);
		abort();
	}
	*c = (struct body_chunk){ .at = c->bytes, .room = room };
	return c;
}

static void chunk_free(struct body_chunk *c)
{
	if (c->at != c->bytes)
		return;
	if (c->room != CHUNK_SIZE || spare_count == MOST_SPARE) {
		free(c);
		return;
	}
	c->next = spare;
	spare = c;
	spare_count++;
}

void body_trim(void)
{
	while (spare) {
		struct body_chunk *c = spare;

		spare = c->next;
		free(c);
	}
	spare_count = 0;
}

/* Bytes that came and were not taken, without those of this event. */
static uint64_t stored(const struct body *b)
{
	return b->received - b->taken - b->fresh.len;
}

static void drop_first(struct body *b)
{
	struct body_chunk *c = b->first;

	b->first = c->next;
	if (!b->first)
		b->last = NULL;
	chunk_free(c);
}

static void drop_all(struct body *b)
{
	while (b->first)
		drop_first(b);
	b->at = NULL;
	if (b->spool)
		spool_close(b->spool);
	b->spool = NULL;
}

static void forget_taken(struct body *b)
{
	while (b->first && b->first->taken == b->first->len)
		drop_first(b);
	if (b->spool && stored(b) == 0) {
		spool_close(b->spool);
		b->spool = NULL;
	}
}

void body_init(struct body *b, struct arena *a)
{
	*b = (struct body){ .arena = a,
			    .length = BODY_LENGTH_UNKNOWN,
			    .limits = &body_default_limits };
}

static void detach_source(struct body *b)
{
	if (b->source)
		b->source->body = NULL;
	b->source = NULL;
	b->paused = false;
}

static void cancel_source(struct body *b)
{
	struct body_source *s = b->source;

	detach_source(b);
	if (s && b->state == BODY_ARRIVING)
		s->cancel(s);
}

void body_release(struct body *b)
{
	struct arena *a = b->arena;

	if (b->state == BODY_EMPTY && !b->keep)
		return;
	b->sink = NULL;
	b->whole = NULL;
	drop_all(b);
	cancel_source(b);
	body_init(b, a);
}

/* The one chunk of a body whose bytes somebody else keeps. */
static void lend(struct body *b, struct str bytes)
{
	struct body_chunk *c = arena_new(b->arena, struct body_chunk);

	*c = (struct body_chunk){ .at = bytes.at, .len = bytes.len, .room = bytes.len };
	c->taken = (size_t)b->taken;
	b->first = b->last = c;
	b->at = c->taken < c->len ? c : NULL;
	b->fresh = (struct str){ NULL, 0 };
	b->keep = true;
}

void body_set(struct body *b, struct str bytes)
{
	body_release(b);
	b->state = BODY_WHOLE;
	b->length = (int64_t)bytes.len;
	b->received = bytes.len;
	if (bytes.len)
		lend(b, bytes);
}

void body_move(struct body *to, struct body *from)
{
	if (to == from)
		return;
	body_release(to);
	*to = *from;
	if (to->source)
		to->source->body = to;
	body_init(from, to->arena);
}

void body_start(struct body *b, struct body_source *source, int64_t length)
{
	b->state = BODY_ARRIVING;
	b->length = length;
	b->source = source;
	source->body = b;
}

static void add_to_chunks(struct body *b, struct str bytes)
{
	while (bytes.len > 0) {
		struct body_chunk *c = b->last;

		if (!c || c->len == c->room) {
			c = chunk_new(bytes.len);
			*(b->last ? &b->last->next : &b->first) = c;
			b->last = c;
		}

		const struct str part = str_first(bytes, c->room - c->len);

		memcpy(c->bytes + c->len, part.at, part.len);
		c->len += part.len;
		bytes = str_from(bytes, part.len);
		if (!b->at)
			b->at = c;
	}
}

/* From memory to the file, which then holds all there is. */
static bool spill(struct body *b)
{
	b->spool = spool_open(b->keep ? 0 : b->taken);
	for (struct body_chunk *c = b->spool ? b->first : NULL; c; c = c->next) {
		const size_t from = b->keep ? 0 : c->taken;

		if (!spool_add(b->spool, (struct str){ c->at + from, c->len - from }))
			return false;
	}
	while (b->first)
		drop_first(b);
	b->at = NULL;
	return b->spool != NULL;
}

/* The bytes, counted as received already, go to memory or to the file. */
static bool store(struct body *b, struct str bytes)
{
	const uint64_t size = b->keep ? b->received : b->received - b->taken;

	if (size > b->limits->most && b->state == BODY_ARRIVING)
		return false;
	if (!b->keep)
		forget_taken(b);
	if (!b->spool && size > b->limits->memory && !spill(b))
		return false;
	if (b->spool)
		return spool_add(b->spool, bytes);
	add_to_chunks(b, bytes);
	return true;
}

/* They go to the consumer at once; a copy stays if it may be wanted again. */
static void store_taken(struct body *b, struct str bytes)
{
	if (!b->keep)
		return;
	if (!store(b, bytes)) {
		b->over = true;
		b->keep = false;
		drop_all(b);
		return;
	}
	for (; b->at; b->at = b->at->next)
		b->at->taken = b->at->len;
}

static void tell_end(struct body *b)
{
	struct body_sink *sink = b->received == b->taken ? b->sink : NULL;
	void (*whole)(void *) = b->whole;

	b->whole = NULL;
	if (whole)
		whole(b->ctx);
	if (sink) {
		b->sink = NULL;
		sink->end(sink, b->state == BODY_WHOLE);
	}
}

/* There is no room for what came: from here on it is broken. */
static void give_up(struct body *b)
{
	b->over = true;
	b->fresh = (struct str){ NULL, 0 };
	drop_all(b);
	b->received = b->taken;
	cancel_source(b);
	b->state = BODY_BROKEN;
	tell_end(b);
}

static void store_fresh(struct body *b)
{
	const struct str fresh = b->fresh;

	if (fresh.len == 0)
		return;
	b->fresh = (struct str){ NULL, 0 };
	if (store(b, fresh))
		return;
	if (b->keep && !b->whole && b->received - b->taken <= b->limits->most) {
		b->over = true;
		b->keep = false;
		if (store(b, fresh))
			return;
	}
	give_up(b);
}

void body_settle(struct body *b)
{
	store_fresh(b);
	if (b->state != BODY_ARRIVING)
		detach_source(b);
}

static void give_to_sink(struct body *b, struct str bytes)
{
	struct body_sink *sink = b->sink;

	store_taken(b, bytes);
	b->taken += bytes.len;
	if (!sink->bytes(sink, bytes) && b->sink == sink)
		b->held = true;
}

static bool is_full(const struct body *b)
{
	return !b->whole && (b->held || b->received - b->taken >= BODY_WINDOW);
}

bool body_feed(struct body *b, struct str bytes)
{
	if (b->state != BODY_ARRIVING || bytes.len == 0)
		return true;
	if (b->sink && !b->held && b->received == b->taken) {
		b->received += bytes.len;
		give_to_sink(b, bytes);
	} else if (b->fresh.at && b->fresh.at + b->fresh.len == bytes.at) {
		b->received += bytes.len;
		b->fresh.len += bytes.len;
	} else {
		body_settle(b);
		if (b->state != BODY_ARRIVING)
			return true;
		b->received += bytes.len;
		b->fresh = bytes;
	}
	b->paused = b->source && is_full(b);
	return !b->paused;
}

void body_end(struct body *b, bool complete)
{
	if (b->state != BODY_ARRIVING)
		return;
	b->paused = false;
	if (b->fresh.len == 0)
		detach_source(b);
	b->state = complete ? BODY_WHOLE : BODY_BROKEN;
	if (complete)
		b->length = (int64_t)b->received;
	tell_end(b);
}

static struct str next_of_chunk(struct body *b)
{
	struct body_chunk *c = b->at;
	const struct str s = { c->at + c->taken, c->len - c->taken };

	c->taken = c->len;
	b->at = c->next;
	return s;
}

static void let_source_go_on(struct body *b)
{
	if (!b->paused || is_full(b))
		return;
	b->paused = false;
	b->source->resume(b->source);
}

/* What could not be read back from the file is as good as broken. */
static struct str next_of_spool(struct body *b)
{
	const struct str s = spool_read(b->spool, b->taken);

	if (!s.at) {
		b->received = b->taken + b->fresh.len;
		cancel_source(b);
		b->state = BODY_BROKEN;
	}
	return s;
}

struct str body_next(struct body *b)
{
	struct str s;

	if (!b->keep)
		forget_taken(b);
	if (stored(b) > 0) {
		s = b->spool ? next_of_spool(b) : next_of_chunk(b);
	} else {
		s = b->fresh;
		b->fresh = (struct str){ NULL, 0 };
		if (s.len)
			store_taken(b, s);
	}
	b->taken += s.len;
	let_source_go_on(b);
	return s;
}

bool body_is_taken(const struct body *b)
{
	return b->state != BODY_ARRIVING && b->received == b->taken;
}

void body_attach(struct body *b, struct body_sink *sink)
{
	b->sink = sink;
	b->held = false;
}

void body_detach(struct body *b)
{
	b->sink = NULL;
	b->held = false;
	let_source_go_on(b);
}

void body_resume(struct body *b)
{
	struct body_sink *sink = b->sink;

	b->held = false;
	while (sink && b->sink == sink && !b->held) {
		const struct str s = body_next(b);

		if (s.len == 0)
			break;
		if (!sink->bytes(sink, s) && b->sink == sink)
			b->held = true;
	}
	if (!sink || b->sink != sink)
		return;
	if (body_is_taken(b))
		tell_end(b);
	else
		let_source_go_on(b);
}

void body_keep(struct body *b, const struct body_limits *limits)
{
	b->limits = limits ? limits : &body_default_limits;
	if (b->keep)
		return;
	b->keep = b->taken == 0;
	b->over = b->over || !b->keep;
}

bool body_rewind(struct body *b)
{
	if (b->taken > 0 && !b->keep)
		return false;
	body_detach(b);
	for (struct body_chunk *c = b->first; c; c = c->next)
		c->taken = 0;
	b->at = b->first;
	b->taken = 0;
	return true;
}

void body_collect(struct body *b, void (*whole)(void *ctx), void *ctx)
{
	b->whole = b->state == BODY_ARRIVING ? whole : NULL;
	b->ctx = ctx;
	let_source_go_on(b);
}

static struct str in_one_piece(struct body *b)
{
	char *all = arena_alloc_dirty(b->arena, (size_t)b->received + 1), *to = all;

	for (struct body_chunk *c = b->first; c; c = c->next) {
		memcpy(to, c->at, c->len);
		to += c->len;
	}
	if (b->fresh.len)
		memcpy(to, b->fresh.at, b->fresh.len);
	all[b->received] = '\0';
	drop_all(b);
	lend(b, (struct str){ all, (size_t)b->received });
	return (struct str){ all, (size_t)b->received };
}

struct str body_bytes(struct body *b)
{
	const struct body_chunk *c = b->first;

	if (b->state == BODY_EMPTY || (b->state == BODY_WHOLE && b->received == 0))
		return STR("");
	if (b->state != BODY_WHOLE || (b->taken > 0 && !b->keep))
		return (struct str){ NULL, 0 };
	body_settle(b);
	if (b->spool)
		return spool_map(b->spool, b->arena);
	if (c && c == b->last && c->at != c->bytes)
		return (struct str){ c->at, c->len };
	return in_one_piece(b);
}

struct str body_copy(struct body *b, struct arena *a)
{
	struct str all;

	if (b->state == BODY_WHOLE && b->spool && (b->taken == 0 || b->keep)) {
		body_settle(b);
		return spool_map(b->spool, a);
	}
	all = body_bytes(b);
	return all.at ? arena_copy(a, all) : all;
}
