#include "base/str.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(str, numbers_are_whole_strings_in_range)
{
	static const struct {
		const char *text;
		bool is_int, is_uint;
		int64_t value;
	} rows[] = {
		{ "0", true, true, 0 },
		{ "42", true, true, 42 },
		{ "-7", true, false, -7 },
		{ "007", true, true, 7 },
		{ "9223372036854775807", true, true, INT64_MAX },
		{ "-9223372036854775808", true, false, INT64_MIN },
		{ "9223372036854775808", false, true, INT64_MIN },
		{ "18446744073709551616", false, false, 0 },
		{ "", false, false, 0 },
		{ "-", false, false, 0 },
		{ "+1", false, false, 0 },
		{ " 1", false, false, 0 },
		{ "1x", false, false, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t n = 0;
		uint64_t u = 0;

		cr_expect_eq(str_to_int(str_of(rows[i].text), &n), rows[i].is_int, "%s",
			     rows[i].text);
		cr_expect_eq(str_to_uint(str_of(rows[i].text), &u), rows[i].is_uint, "%s",
			     rows[i].text);
		if (rows[i].is_int)
			cr_expect_eq(n, rows[i].value, "%s", rows[i].text);
		if (rows[i].is_uint)
			cr_expect_eq(u, (uint64_t)rows[i].value, "%s", rows[i].text);
	}
}

Test(str, is_cut_at_every_separator)
{
	static const struct {
		const char *text, *parts; /* each in [] */
	} rows[] = {
		{ "a,b", "[a][b]" }, { "a,", "[a][]" }, { ",", "[][]" },
		{ "", "[]" },        { "a", "[a]" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str rest = str_of(rows[i].text), part;
		char got[64] = "";

		while (str_cut(&rest, ',', &part))
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				 "[" STR_FMT "]", STR_ARG(part));
		cr_expect_str_eq(got, rows[i].parts, "'%s' gave %s", rows[i].text, got);
	}
}

Test(str, prefixes_and_places)
{
	const struct str s = STR("/orders/5?x=1");

	cr_expect(str_starts(s, STR("/orders")));
	cr_expect_not(str_starts(STR("/o"), STR("/orders")));
	cr_expect(str_ends(s, STR("x=1")));
	cr_expect_eq(str_find(s, '?'), 9);
	cr_expect_eq(str_find(s, '#'), s.len);
	cr_expect_eq(str_find_str(s, STR("5?")), 8);
	cr_expect_eq(str_find_str(s, STR("6?")), s.len);
	cr_expect(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
	cr_expect_not(str_eq_nocase(STR("Content-Type"), STR("Content\rType")));
	cr_expect_not(str_eq_nocase(STR("[bcdefgh"), STR("{bcdefgh")));
	cr_expect_not(str_eq_nocase(STR("@"), STR("`")));
	cr_expect(str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
	cr_expect_eq(str_from(s, 100).len, 0);
}

Test(str, distance_counts_letters)
{
	cr_expect_eq(str_distance(STR("lebel"), STR("level")), 1);
	cr_expect_eq(str_distance(STR("filtr"), STR("filter")), 1);
	cr_expect_eq(str_distance(STR(""), STR("abc")), 3);
}

Test(str, the_nearest_of_several_is_what_was_meant)
{
	size_t least = 3;

	cr_expect_not(str_is_nearer(STR("lebel"), STR("label!!!"), &least));
	cr_expect_eq(least, 3);
	cr_expect(str_is_nearer(STR("lebel"), STR("levels"), &least));
	cr_expect_not(str_is_nearer(STR("lebel"), STR("lev"), &least));
	cr_expect(str_is_nearer(STR("lebel"), STR("level"), &least));
	cr_expect_not(str_is_nearer(STR("lebel"), STR("rebel"), &least));
	cr_expect_eq(least, 1);
}

Test(str, counts_decimal_digits_at_the_front)
{
	cr_expect_eq(str_digits(STR("090a1")), 3);
	cr_expect_eq(str_digits(STR("/1")), 0);
	cr_expect_eq(str_digits(STR(":")), 0);
	cr_expect_eq(str_digits(STR("")), 0);
	cr_expect_eq(str_digits(STR("12")), 2);
}

Test(str, counts_hexadecimal_digits)
{
	static const struct {
		char c;
		int means;
	} digits[] = { { '0', 0 },  { '9', 9 },  { 'a', 10 }, { 'F', 15 },
		       { 'g', -1 }, { '/', -1 }, { ':', -1 }, { '\0', -1 } };

	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
		cr_expect_eq(hex_digit(digits[i].c), digits[i].means, "%c", digits[i].c);
}

static bool is_same_letter(unsigned char x, unsigned char y)
{
	const unsigned char low = (unsigned char)(x | 0x20);

	return x == y || ((x ^ y) == 0x20 && low >= 'a' && low <= 'z');
}

/* Each pair of bytes, at each place of short and long texts. */
Test(str, case_is_ignored_in_letters_only)
{
	for (size_t len = 1; len <= 17; len++) {
		for (unsigned pair = 0; pair < 256 * 256; pair++) {
			char a[17], b[17];
			const size_t at = pair % len;

			memset(a, 'x', sizeof(a));
			memset(b, 'X', sizeof(b));
			a[at] = (char)(pair >> 8);
			b[at] = (char)pair;
			cr_assert(str_eq_nocase((struct str){ a, len },
						(struct str){ b, len }) ==
					  is_same_letter((unsigned char)a[at],
							 (unsigned char)b[at]),
				  "%04x at %zu of %zu", pair, at, len);
		}
	}
}
