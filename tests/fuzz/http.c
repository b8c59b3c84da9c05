#include "tests/fuzz/http.h"

#include <stdlib.h>

#include "net/http_parse.h"

struct reading {
	struct arena arena;
	struct http_parser parser;
	struct http_head head;
	struct body body;
	struct body_source source;
	enum http_step step;
	size_t used; /* where the next message would start */
};

static void nothing(struct body_source *s)
{
	(void)s;
}

static void count_whole(void *ctx)
{
	(void)ctx;
}

static void start_body(struct reading *r)
{
	body_init(&r->body, &r->arena);
	r->source = (struct body_source){ .resume = nothing, .cancel = nothing };
	if (!r->head.has_body)
		return;
	body_start(&r->body, &r->source, r->head.length);
	body_collect(&r->body, count_whole, NULL);
	r->parser.body = &r->source;
}

static bool read_head(struct reading *r, struct str all, size_t have)
{
	const struct str there = str_first(all, have);
	size_t len;

	r->step = http_find_head(&r->parser, there, &http_default_limits, &len);
	if (r->step != HTTP_DONE)
		return false;
	r->used = len;
	r->step = http_parse_head(
		&r->parser,
		arena_copy(&r->arena, str_from(str_first(all, len), r->parser.start)),
		&r->arena, &r->head);
	if (r->step == HTTP_DONE)
		start_body(r);
	return r->step == HTTP_DONE;
}

static void read_body(struct reading *r, struct str bytes)
{
	size_t used;

	r->step = http_parse_body(&r->parser, bytes, &used);
	r->used += used;
	if (r->source.body)
		body_settle(r->source.body);
}

/* Always more of the same buffer, as a connection would. */
static void read_in_pieces(struct reading *r, struct str all, size_t piece)
{
	bool has_head = false;

	for (size_t have = 0; have < all.len;) {
		have = all.len - have < piece ? all.len : have + piece;
		if (!has_head) {
			has_head = read_head(r, all, have);
			if (r->step == HTTP_BAD)
				return;
		}
		if (has_head && r->used < have)
			read_body(r, str_from(str_first(all, have), r->used));
		if (r->parser.complete || r->step == HTTP_BAD)
			return;
	}
}

static void reading_start(struct reading *r, bool response)
{
	*r = (struct reading){ .step = HTTP_MORE };
	body_init(&r->body, &r->arena);
	http_parser_init(&r->parser, response);
}

static void reading_release(struct reading *r)
{
	body_release(&r->body);
	arena_release(&r->arena);
}

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void compare(struct reading *a, struct reading *b)
{
	must((a->step == HTTP_BAD) == (b->step == HTTP_BAD));
	if (a->step == HTTP_BAD)
		return;
	must(a->parser.head_done == b->parser.head_done);
	must(a->parser.complete == b->parser.complete);
	if (!a->parser.head_done)
		return;
	must(a->head.headers.count == b->head.headers.count);
	for (unsigned i = 0; i < a->head.headers.count; i++) {
		must(str_eq(a->head.headers.at[i].name, b->head.headers.at[i].name));
		must(str_eq(a->head.headers.at[i].value, b->head.headers.at[i].value));
	}
	must(str_eq(a->head.target, b->head.target));
	must(a->head.status == b->head.status);
	must(a->parser.came == b->parser.came);
	must(a->used == b->used);
	body_end(&a->body, true);
	body_end(&b->body, true);
	must(str_eq(body_bytes(&a->body), body_bytes(&b->body)));
}

void fuzz_http(const uint8_t *bytes, size_t len, bool response)
{
	struct reading whole, pieces;

	if (len < 2)
		return;

	const struct str all = { (const char *)bytes + 1, len - 1 };

	reading_start(&whole, response);
	reading_start(&pieces, response);
	read_in_pieces(&whole, all, all.len);
	read_in_pieces(&pieces, all, 1 + bytes[0] % 64);
	compare(&whole, &pieces);
	reading_release(&whole);
	reading_release(&pieces);
}
