#include "base/base64.h"

#include <criterion/criterion.h>

static const struct {
	const char *bytes, *usual, *of_urls;
} rows[] = {
	{ "", "", "" },
	{ "f", "Zg==", "Zg" },
	{ "fo", "Zm8=", "Zm8" },
	{ "foo", "Zm9v", "Zm9v" },
	{ "foob", "Zm9vYg==", "Zm9vYg" },
	{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
	{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
	{ "\xfb\xff\xfe", "+//+", "-__-" },
};

Test(base64, goes_there_and_back)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct str bytes = str_of(rows[i].bytes);
		struct str back;

		cr_expect(str_eq(base64_encode(bytes, &a), str_of(rows[i].usual)), "%s",
			  rows[i].usual);
		cr_expect(str_eq(base64url_encode(bytes, &a), str_of(rows[i].of_urls)),
			  "%s", rows[i].of_urls);
		cr_expect(base64_decode(str_of(rows[i].usual), false, &a, &back) &&
				  str_eq(back, bytes),
			  "%s", rows[i].usual);
		cr_expect(base64_decode(str_of(rows[i].of_urls), false, &a, &back) &&
				  str_eq(back, bytes),
			  "%s", rows[i].of_urls);
	}
	arena_release(&a);
}

Test(base64, refuses_what_it_is_not)
{
	static const char *const wrong[] = { "Z", "Zg=a", "Zm9v!", "Zm9vY", "Zm 9v" };
	struct arena a = { 0 };
	struct str back;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(base64_decode(str_of(wrong[i]), false, &a, &back), "%s",
			      wrong[i]);
	cr_expect(base64_decode(STR("Zm\r\n9v\n"), true, &a, &back) &&
		  str_eq(back, STR("foo")));
	arena_release(&a);
}
