/* A borrowed run of bytes. Passed by value; never freed; not NUL-terminated. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *at;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).at

static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Letters of ASCII only; whatever the locale. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Without blanks, tabs and line ends at both sides. */
struct str str_trim(struct str s);

/* From byte `from` to the end; at most `len` bytes. Both may reach over the end. */
struct str str_from(struct str s, size_t from);
struct str str_first(struct str s, size_t len);

/* Where it is; s.len if it is nowhere. */
size_t str_find(struct str s, char c);
size_t str_find_str(struct str s, struct str what);

/*
 * Cuts the part before the next separator off *rest. False when *rest is used
 * up (its `at` is NULL then): "a,b" gives a, b; "a," gives a, ""; "" gives "".
 */
bool str_cut(struct str *rest, char separator, struct str *part);

/* Whole string, range checked; false leaves *n alone. No blanks, no '+'. */
bool str_to_uint(struct str s, uint64_t *n);
bool str_to_int(struct str s, int64_t *n);
bool str_to_double(struct str s, double *n);

/* How many decimal digits there are at its front. */
size_t str_digits(struct str s);

/* What a hexadecimal digit counts; -1: it is none. */
int hex_digit(char c);

/* How many letters to change, add or drop to get from a to b; 64 for long ones. */
size_t str_distance(struct str a, struct str b);
/* For guesses at what was meant: is that less than *least? Then *least is it. */
bool str_is_nearer(struct str a, struct str b, size_t *least);

#endif
