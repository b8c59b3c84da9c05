#include "deploy/zip.h"

#include <criterion/criterion.h>

/* An archive of stored files, as a test needs it. */
struct packing {
	char bytes[4096];
	size_t len, entries, count;
	char directory[2048];
};

static void put(char *to, size_t *at, size_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[(*at)++] = (char)(i < 8 ? value >> 8 * i : 0);
}

static void put_text(char *to, size_t *at, const char *text)
{
	memcpy(to + *at, text, strlen(text));
	*at += strlen(text);
}

/* unpacked: the size the archive claims. */
static void add(struct packing *p, const char *name, const char *text, size_t unpacked)
{
	const size_t offset = p->len;

	put(p->bytes, &p->len, 0x04034b50, 4);
	put(p->bytes, &p->len, 0, 22);
	put(p->bytes, &p->len, strlen(name), 2);
	put(p->bytes, &p->len, 0, 2);
	put_text(p->bytes, &p->len, name);
	put_text(p->bytes, &p->len, text);
	put(p->directory, &p->entries, 0x02014b50, 4);
	put(p->directory, &p->entries, 0, 8);
	put(p->directory, &p->entries, 0, 8);
	put(p->directory, &p->entries, strlen(text), 4);
	put(p->directory, &p->entries, unpacked, 4);
	put(p->directory, &p->entries, strlen(name), 2);
	put(p->directory, &p->entries, 0, 12);
	put(p->directory, &p->entries, offset, 4);
	put_text(p->directory, &p->entries, name);
	p->count++;
}

static struct str finish(struct packing *p)
{
	const size_t start = p->len;

	memcpy(p->bytes + p->len, p->directory, p->entries);
	p->len += p->entries;
	put(p->bytes, &p->len, 0x06054b50, 4);
	put(p->bytes, &p->len, 0, 6);
	put(p->bytes, &p->len, p->count, 2);
	put(p->bytes, &p->len, p->entries, 4);
	put(p->bytes, &p->len, start, 4);
	put(p->bytes, &p->len, 0, 2);
	return (struct str){ p->bytes, p->len };
}

Test(zip, gives_the_files_in_their_order)
{
	struct packing p = { .len = 0 };
	struct arena a = { NULL, NULL };
	struct fault why = { 0 };
	struct zip_file *files;

	add(&p, "a.xml", "<a/>", 4);
	add(&p, "dir/", "", 0);
	add(&p, "dir/b.xml", "<b/>", 4);
	cr_assert(zip_read(finish(&p), &a, &files, &why), "%s", why.text);
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

		add(&p, wrong[i].name, "<a/>", wrong[i].unpacked);
		cr_expect_not(zip_read(finish(&p), &a, &files, &why), "%s",
			      wrong[i].name);
		cr_expect(why.text && strstr(why.text, wrong[i].complaint), "%s: %s",
			  wrong[i].name, why.text);
		arena_release(&a);
	}
}

Test(zip, that_is_cut_anywhere_is_refused)
{
	struct packing p = { .len = 0 };

	add(&p, "a.xml", "<a/>", 4);

	const struct str whole = finish(&p);

	for (size_t len = 0; len < whole.len; len++) {
		struct arena a = { NULL, NULL };
		struct fault why = { 0 };
		struct zip_file *files;

		cr_expect_not(zip_read(str_first(whole, len), &a, &files, &why), "%zu",
			      len);
		arena_release(&a);
	}
}
