/*
 * The table that tests of mediators are: what is written, what comes in, how it ends
 * and what the log says.
 */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <criterion/criterion.h>

#include "tests/world.h"

struct row {
	const char *xml;    /* mediators */
	const char *body;   /* of the request; its first character says the type */
	const char *ending; /* as world_ending(); or the complaint, "line: text" */
	const char *log;    /* a part of it that must be there, or NULL */
};

static inline const char *row_type(const char *body)
{
	return *body == '<'          ? "application/xml"
	       : strchr("{[", *body) ? "application/json"
				     : "text/plain";
}

static inline void row_request(struct run *r, const char *body)
{
	struct message *m = &r->x.message;

	if (!body || !*body)
		return;
	headers_set(&m->headers, STR("Content-Type"), str_of(row_type(body)));
	body_set(&m->body, str_of(body));
}

/* Runs it in w, with 100 ms to end in. Good until the world's next run. */
static inline const char *row_run(struct world *w, const char *xml, const char *body)
{
	const struct node *node = world_compile(w, xml);
	const char *ending;
	struct run r;

	if (!node)
		return world_complaint(w);
	world_begin(w, &r);
	row_request(&r, body);
	world_start(&r, node);
	world_pass(w, 100);
	ending = world_ending(w, &r);
	world_end(&r);
	return ending;
}

/* Is it there, line ends included? */
static inline bool row_logged(struct world *w, const char *text)
{
	return strstr(world_log(w), text);
}

static inline void row_check(const struct row *row)
{
	struct world w;
	const char *ending;

	world_init(&w);
	w.incoming.method = STR("POST");
	w.incoming.target = STR("/orders/7?x=y");
	w.incoming.correlation = STR("c-1");
	ending = row_run(&w, row->xml, row->body);
	cr_expect_str_eq(ending, row->ending, "%s\nwith %s\nended: %s\nnot:   %s",
			 row->xml, row->body ? row->body : "nothing", ending,
			 row->ending);
	if (row->log)
		cr_expect(row_logged(&w, row->log), "%s\nlogged: %s\nwithout: %s",
			  row->xml, world_log(&w), row->log);
	world_release(&w);
}

#define ROWS_CHECK(rows)                                              \
	for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) \
	row_check(&(rows)[i])

#endif
