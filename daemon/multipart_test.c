#include "daemon/multipart.h"

#include <criterion/criterion.h>

#define TYPE "multipart/form-data; boundary=xyz"
#define PART(name, bytes)                                                               \
	"--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" bytes "\r" \
	"\n"

/* The part `file` of a body; NULL: it has none. */
static const struct {
	const char *type, *body, *file;
} rows[] = {
	{ TYPE, PART("file", "abc") "--xyz--\r\n", "abc" },
	{ TYPE, PART("other", "no") PART("file", "a\r\n\r\nb") "--xyz--", "a\r\n\r\nb" },
	{ "multipart/form-data; boundary=\"xyz\"", PART("file", "") "--xyz--", "" },
	{ TYPE, PART("files", "abc") "--xyz--\r\n", NULL },
	{ TYPE, PART("file", "abc"), NULL },
	{ TYPE, "", NULL },
	{ TYPE, "--xyz", NULL },
	{ "multipart/form-data", PART("file", "abc") "--xyz--", NULL },
	{ "text/plain; boundary=xyz", PART("file", "abc") "--xyz--", NULL },
};

Test(multipart, finds_a_part_by_its_name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str file;
		const bool found = multipart_find(
			str_of(rows[i].type), str_of(rows[i].body), STR("file"), &file);

		cr_expect_eq(found, rows[i].file != NULL, "row %zu", i);
		if (found && rows[i].file)
			cr_expect(str_eq(file, str_of(rows[i].file)), "row %zu", i);
	}
}
