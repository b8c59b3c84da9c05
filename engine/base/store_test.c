#include "base/store.h"

#include <criterion/criterion.h>

static struct arena a;

static bool has(struct store *s, const char *key, const char *value, uint64_t now)
{
	const struct str found = store_get(s, STR("p"), str_of(key), now, &a, NULL);

	return value ? found.at && str_eq(found, str_of(value)) : !found.at;
}

static void count(void *ctx, struct str key, struct str value, uint64_t expires_at)
{
	(void)key;
	(void)value;
	(void)expires_at;
	++*(unsigned *)ctx;
}

Test(store, keeps_until_it_expires)
{
	struct store *s = store_new(10000);

	store_put(s, STR("p"), STR("k"), STR("v"), 100, 0);
	store_put(s, STR("p"), STR("stays"), STR(""), STORE_NEVER, 0);
	cr_expect(has(s, "k", "v", 99));
	cr_expect(has(s, "k", NULL, 100));
	cr_expect(has(s, "stays", "", 1000000));
	cr_expect_not(store_get(s, STR("q"), STR("stays"), 0, &a, NULL).at);
	store_put(s, STR("p"), STR("stays"), STR("changed"), STORE_NEVER, 0);
	cr_expect(has(s, "stays", "changed", 0));
	cr_expect(store_remove(s, STR("p"), STR("stays")));
	cr_expect_not(store_remove(s, STR("p"), STR("stays")));
	store_free(s);
	arena_release(&a);
}

Test(store, makes_room_by_what_expires_soonest)
{
	struct store *s = store_new(1000);
	unsigned left = 0;

	cr_expect_not(store_put(s, STR("p"), STR("k"),
				(struct str){ (char[2000]){ 0 }, 2000 }, STORE_NEVER, 0));
	store_put(s, STR("p"), STR("for ever"), STR("v"), STORE_NEVER, 0);
	for (int i = 0; i < 100; i++)
		store_put(s, STR("p"), str_of(arena_printf(&a, "key-%d", i)),
			  STR("0123456789"), 1000 + (uint64_t)i, 0);
	cr_expect(has(s, "for ever", "v", 0));
	cr_expect(has(s, "key-99", "0123456789", 0));
	cr_expect(has(s, "key-0", NULL, 0));
	store_each(s, STR("p"), 0, count, &left);
	cr_expect_gt(left, 5);
	cr_expect_lt(left, 30);
	cr_expect_eq(store_clear(s, STR("p")), left);
	store_free(s);
	arena_release(&a);
}

Test(store, adds_only_what_is_not_there)
{
	struct store *s = store_new(10000);

	cr_expect_eq(store_add(s, STR("p"), STR("k"), STR("v"), 100, 0), STORED);
	cr_expect_eq(store_add(s, STR("p"), STR("k"), STR("w"), 100, 99),
		     STORED_NOT_THERE_IS_ONE);
	cr_expect(has(s, "k", "v", 99));
	cr_expect_eq(store_add(s, STR("p"), STR("k"), STR("w"), 200, 100), STORED);
	cr_expect(has(s, "k", "w", 100));
	store_free(s);
	arena_release(&a);
}

Test(store, drops_the_oldest_of_a_bounded_partition)
{
	struct store *s = store_new(10000);

	store_bound(s, STR("p"), 2);
	store_put(s, STR("p"), STR("a"), STR("1"), STORE_NEVER, 0);
	store_put(s, STR("p"), STR("b"), STR("2"), STORE_NEVER, 0);
	store_put(s, STR("q"), STR("a"), STR("0"), STORE_NEVER, 0);
	store_put(s, STR("p"), STR("a"), STR("3"), STORE_NEVER, 0);
	store_put(s, STR("p"), STR("c"), STR("4"), STORE_NEVER, 0);
	cr_expect(has(s, "b", NULL, 0));
	cr_expect(has(s, "a", "3", 0));
	cr_expect(has(s, "c", "4", 0));
	cr_expect(store_get(s, STR("q"), STR("a"), 0, &a, NULL).at != NULL);
	store_free(s);
	arena_release(&a);
}

static void fill(void *ctx, struct store *s, struct str partition)
{
	(void)ctx;
	store_put(s, partition, STR("from before"), STR("v"), STORE_NEVER, 0);
}

static void told(void *ctx)
{
	++*(unsigned *)ctx;
}

Test(store, tells_who_keeps_it_of_changes)
{
	struct store *s = store_new(10000);
	unsigned times = 0;
	const struct store_keeper keeper = { fill, told, &times };

	store_kept_by(s, &keeper);
	store_keep(s, STR("p"));
	store_keep(s, STR("p"));
	cr_expect(has(s, "from before", "v", 0));
	cr_expect_str_eq(store_next_changed(s, &a).at, "p");
	cr_expect_eq(store_next_changed(s, &a).len, 0);
	times = 0;
	store_put(s, STR("q"), STR("k"), STR("not kept"), STORE_NEVER, 0);
	cr_expect_eq(times, 0);
	store_put(s, STR("p"), STR("k"), STR("v"), STORE_NEVER, 0);
	store_remove(s, STR("p"), STR("k"));
	cr_expect_eq(times, 1, "once until it is asked for");
	cr_expect_str_eq(store_next_changed(s, &a).at, "p");
	cr_expect_eq(store_clear(s, STR("p")), 1);
	cr_expect_eq(times, 2);
	store_free(s);
	arena_release(&a);
}
