#include "deploy/zip.h"

#include <criterion/criterion.h>

#include "deploy/zip_fixture.h"

Test(zip, gives_the_files_in_their_order)
{
	struct packing p = { .len = 0 };
	struct arena a = { NULL, NULL };
	struct fault why = { 0 };
	struct zip_file *files;

	packing_add(&p, "a.xml", "<a/>", 4);
	packing_add(&p, "dir/", "", 0);
	packing_add(&p, "dir/b.xml", "<b/>", 4);
	cr_assert(zip_read(packing_finish(&p), &a, &files, &why), "%s", why.text);
	cr_expect(str_eq(files->name, STR("a.xml")));
	cr_expect(str_eq(files->text, STR("<a/>")));
	cr_expect(str_eq(files->next->name, STR("dir/b.xml")));
	cr_expect_null(files->next->next);
	arena_release(&a);
}

static const struct {
	const char *name;
	size_t unpacked;
	const char *complaint;
} wrong[] = {
	{ "../evil.xml", 4, "leads out of it" },
	{ "a/../../evil.xml", 4, "leads out of it" },
	{ "/etc/evil.xml", 4, "leads out of it" },
	{ "c:evil.xml", 4, "leads out of it" },
	{ "a\\b.xml", 4, "leads out of it" },
	{ "bomb.xml", 0x7fffffff, "larger than 256 MiB" },
	{ "short.xml", 3, "is broken" },
};

Test(zip, that_cannot_be_trusted_is_refused)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct packing p = { .len = 0 };
		struct arena a = { NULL, NULL };
		struct fault why = { 0 };
		struct zip_file *files;

		packing_add(&p, wrong[i].name, "<a/>", wrong[i].unpacked);
		cr_expect_not(zip_read(packing_finish(&p), &a, &files, &why), "%s",
			      wrong[i].name);
		cr_expect(why.text && strstr(why.text, wrong[i].complaint), "%s: %s",
			  wrong[i].name, why.text);
		arena_release(&a);
	}
}

Test(zip, that_is_cut_anywhere_is_refused)
{
	struct packing p = { .len = 0 };

	packing_add(&p, "a.xml", "<a/>", 4);

	const struct str whole = packing_finish(&p);

	for (size_t len = 0; len < whole.len; len++) {
		struct arena a = { NULL, NULL };
		struct fault why = { 0 };
		struct zip_file *files;

		cr_expect_not(zip_read(str_first(whole, len), &a, &files, &why), "%zu",
			      len);
		arena_release(&a);
	}
}
