#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "own_key.h"

static const char *directory(void)
{
	static char path[] = "/tmp/own-key-XXXXXX";

	cr_assert(mkdtemp(path));
	return path;
}

static bool is_same(const struct rsa_key *a, const struct rsa_key *b, struct arena *m)
{
	struct str n, e, other_n, other_e;

	rsa_numbers(a, m, &n, &e);
	rsa_numbers(b, m, &other_n, &other_e);
	return n.len && str_eq(n, other_n) && str_eq(e, other_e);
}

static struct rsa_key *read_key(const char *path)
{
	struct rsa_key *k;
	struct buf text;

	buf_init(&text, 1 << 20);
	cr_assert(buf_read_file(&text, path), "%s", path);
	k = rsa_from_private(buf_str(&text));
	buf_release(&text);
	return k;
}

static void write_text(const char *path, struct str text)
{
	FILE *f = fopen(path, "w");

	cr_assert(f && fwrite(text.at, 1, text.len, f) == text.len);
	fclose(f);
}

/* Each of these is a process of its own, as a start of the server is. */
Test(own_key, is_written_where_it_is_to_be_kept)
{
	struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/state/key.pem", directory());
	struct rsa_key *kept;

	own_key_keep(path);
	cr_assert(own_key());
	kept = read_key(path);
	cr_assert(kept);
	cr_expect(is_same(kept, own_key(), &a));
	rsa_free(kept);
	unlink(path);
	arena_release(&a);
}

Test(own_key, is_the_one_that_was_kept)
{
	struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/key.pem", directory());
	struct rsa_key *kept = rsa_make();

	write_text(path, rsa_private_pem(kept, &a));
	own_key_keep(path);
	cr_expect(is_same(kept, own_key(), &a));
	rsa_free(kept);
	unlink(path);
	arena_release(&a);
}

Test(own_key, is_made_anew_when_what_was_kept_is_none)
{
	struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/key.pem", directory());
	struct rsa_key *kept;

	write_text(path, STR("no key"));
	own_key_keep(path);
	cr_assert(own_key());
	kept = read_key(path);
	cr_assert(kept);
	cr_expect(is_same(kept, own_key(), &a));
	rsa_free(kept);
	unlink(path);
	arena_release(&a);
}
