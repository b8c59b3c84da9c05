#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/map.h"

static char order[8];

static void note(void *thing)
{
	snprintf(order + strlen(order), sizeof(order) - strlen(order), "%s",
		 (const char *)thing);
}

Test(arena, gives_zeroed_memory_even_when_it_is_used_again)
{
	struct arena a = { 0 };

	memset(arena_alloc(&a, 2000), 'x', 2000);
	arena_release(&a);
	for (const char *p = arena_alloc(&a, 2000), *end = p + 2000; p < end; p++)
		cr_assert_eq(*p, 0);
	arena_release(&a);
}

Test(arena, rewinds_over_chunks_and_large_pieces)
{
	struct arena a = { 0 };
	char *before = arena_alloc(&a, 100);
	const struct arena_mark mark = arena_mark(&a);

	before[99] = 'k';
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, i % 10 ? 500 : 100000);
	arena_rewind(&a, mark);
	cr_expect_eq(before[99], 'k');
	cr_expect_eq(arena_mark(&a).chunk, mark.chunk);
	cr_expect_eq(arena_mark(&a).used, mark.used);
	arena_release(&a);
}

Test(arena, lets_go_of_what_it_was_given_last_first)
{
	struct arena a = { 0 };

	arena_on_release(&a, note, "1");
	arena_on_release(&a, note, "2");
	arena_release(&a);
	cr_expect_str_eq(order, "21");
}

Test(buf, stops_at_its_maximum_and_says_so)
{
	struct buf b;

	buf_init(&b, 1000);
	for (int i = 0; i < 100; i++)
		buf_add(&b, STR("0123456789"));
	cr_expect_eq(buf_str(&b).len, 1000);
	cr_expect_not(buf_is_full(&b));
	buf_add_char(&b, '!');
	cr_expect(buf_is_full(&b));
	cr_expect_eq(buf_str(&b).len, 1000);
	buf_clear(&b);
	buf_printf(&b, "%s-%d", "x", 7);
	cr_expect(str_eq(buf_str(&b), STR("x-7")));
	buf_release(&b);
}

Test(map, finds_every_name_it_was_given)
{
	struct arena a = { 0 };
	struct map m;
	int things[200];

	map_init(&m, &a);
	cr_expect_null(map_get(&m, STR("none")));
	for (int i = 0; i < 200; i++)
		cr_assert(
			map_add(&m, str_of(arena_printf(&a, "name-%d", i)), &things[i]));
	cr_expect_not(map_add(&m, STR("name-7"), &things[0]));
	map_set(&m, STR("name-8"), &things[0]);
	cr_expect_eq(map_get(&m, STR("name-7")), &things[7]);
	cr_expect_eq(map_get(&m, STR("name-8")), &things[0]);
	cr_expect_eq(map_get(&m, STR("name-199")), &things[199]);

	unsigned seen = 0;
	map_each(e, &m) seen++;
	cr_expect_eq(seen, 200);
	arena_release(&a);
}
