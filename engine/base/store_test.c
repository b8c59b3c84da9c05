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
