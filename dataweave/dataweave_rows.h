/* What tests of DataWeave share: a message to work on, and rows of text and result. */
#ifndef DATAWEAVE_DATAWEAVE_ROWS_H
#define DATAWEAVE_DATAWEAVE_ROWS_H

#include <criterion/criterion.h>

#include "base/arena.h"
#include "dataweave/language.h"
#include "message/attributes.h"
#include "message/content.h"

static struct value no_entry(const void *ctx, struct str key, struct arena *a)
{
	(void)ctx;
	(void)key;
	(void)a;
	return VALUE_NONE;
}

static const char payload[] =
	"{\"id\":7,\"name\":\"Ann\",\"price\":1.50,\"tags\":[\"a\",\"b\",\"c\"],\"none\":"
	"null,"
	"\"odd name\":1,\"a\":{\"b\":{\"c\":5}},"
	"\"items\":[{\"id\":1,\"q\":1},{\"id\":2,\"q\":2},{\"id\":3,\"q\":5}]}";

struct place {
	struct arena arena;
	struct timers clock;
	struct incoming incoming;
	struct surroundings around;
	struct message message;
};

static void place_init_with(struct place *p, const char *type, const char *body)
{
	*p = (struct place){ 0 };
	timers_init(&p->clock);
	p->clock.wall = 1706749200000; /* 2024-02-01T01:00:00Z */
	p->around.clock = &p->clock;
	p->around.local_entry = no_entry;
	p->incoming.method = STR("GET");
	p->incoming.target = STR("/a/b%20c?q=x%20y&q=2&r=");
	p->incoming.correlation = STR("c-1");
	message_init(&p->message, &p->arena, &p->incoming, &p->around);
	headers_add(&p->message.headers, STR("Content-Type"), str_of(type));
	headers_add(&p->message.headers, STR("X-Tenant"), STR("t1"));
	body_set(&p->message.body, str_of(body));
	properties_set(&p->message.properties[SCOPE_VARIABLE], &p->arena, STR("x"),
		       value_str(STR("5")));
	properties_set(&p->message.properties[SCOPE_VARIABLE], &p->arena, STR("n"),
		       value_int(0));
}

static inline void place_init(struct place *p)
{
	place_init_with(p, "application/json", payload);
}

static void place_release(struct place *p)
{
	message_release(&p->message);
	arena_release(&p->arena);
}

/* What it gives as compact JSON; "! …" for an error. */
static const char *outcome(struct place *p, const char *text)
{
	struct fault why = { 0 };
	struct value v;
	const struct expr *e = dataweave_compile(str_of(text), &p->arena, &why);
	struct dw_value as;

	if (!e)
		return arena_printf(&p->arena, "? %s", why.text);
	if (!e->ops->eval(e, &p->message, &v, &why))
		return arena_printf(&p->arena, "! %s", why.text);
	as = dw_take(v, &p->arena);
	return arena_copy(&p->arena,
			  json_text(dw_to_json(&as, &p->arena, false, 0), &p->arena))
		.at;
}

struct row {
	const char *text, *gives;
};

static void expect(const char *type, const char *body, const struct row *rows,
		   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct place p;

		place_init_with(&p, type, body);
		cr_expect_str_eq(outcome(&p, rows[i].text), rows[i].gives, "%s gives %s",
				 rows[i].text, outcome(&p, rows[i].text));
		place_release(&p);
	}
}

#define EXPECT_OF(type, body, rows) \
	expect(type, body, rows, sizeof(rows) / sizeof((rows)[0]))
#define EXPECT(rows) EXPECT_OF("application/json", payload, rows)

#endif
