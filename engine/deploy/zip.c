#include "deploy/zip.h"

#define ZLIB_CONST /* it does not write to what it reads */
#include <zlib.h>

enum {
	END_SIZE = 22,
	ENTRY_SIZE = 46,
	LOCAL_SIZE = 30,
	END_MARK = 0x06054b50,
	ENTRY_MARK = 0x02014b50,
	LOCAL_MARK = 0x04034b50,
	STORED = 0,
	DEFLATED = 8,
	ENCRYPTED = 1,
	MOST_NAME = 1024,
};

/* One line of the directory at the archive's end. */
struct entry {
	struct str name;
	unsigned flags, method;
	size_t packed, unpacked, offset;
};

struct unpacking {
	struct str archive;
	struct arena *arena;
	struct fault *why;
	size_t bytes;
};

static size_t number(struct str s, size_t at, unsigned bytes)
{
	size_t n = 0;

	for (unsigned i = bytes; i-- > 0;)
		n = n << 8 | (unsigned char)s.at[at + i];
	return n;
}

static bool holds(struct str s, size_t at, size_t len)
{
	return at <= s.len && len <= s.len - at;
}

static bool complain(struct unpacking *u, const char *text)
{
	u->why->text = text;
	return false;
}

/* A comment of up to 64 KiB may stand behind the end's record. */
static bool find_end(struct unpacking *u, size_t *end)
{
	const size_t least = u->archive.len > END_SIZE + 65535
				     ? u->archive.len - END_SIZE - 65535
				     : 0;

	if (u->archive.len < END_SIZE)
		return complain(u, "this is no zip archive");
	for (size_t at = u->archive.len - END_SIZE + 1; at-- > least;) {
		if (number(u->archive, at, 4) == END_MARK) {
			*end = at;
			return true;
		}
	}
	return complain(u, "this is no zip archive, or its end is missing");
}

/* Nothing that leads out of the archive, wherever it were unpacked. */
static bool is_safe(struct str name)
{
	struct str rest = name, part;

	if (!name.len || name.len > MOST_NAME || name.at[0] == '/' ||
	    str_find(name, '\\') < name.len || str_find(name, ':') < name.len ||
	    memchr(name.at, 0, name.len))
		return false;
	while (str_cut(&rest, '/', &part))
		if (str_eq(part, STR("..")))
			return false;
	return true;
}

static bool read_entry(struct unpacking *u, size_t *at, struct entry *e)
{
	const struct str z = u->archive;

	if (!holds(z, *at, ENTRY_SIZE) || number(z, *at, 4) != ENTRY_MARK)
		return complain(u, "the archive's directory is broken");

	const size_t name = number(z, *at + 28, 2);
	const size_t more = number(z, *at + 30, 2) + number(z, *at + 32, 2);

	if (!holds(z, *at + ENTRY_SIZE, name + more))
		return complain(u, "the archive's directory is broken");
	*e = (struct entry){
		.name = { z.at + *at + ENTRY_SIZE, name },
		.flags = (unsigned)number(z, *at + 8, 2),
		.method = (unsigned)number(z, *at + 10, 2),
		.packed = number(z, *at + 20, 4),
		.unpacked = number(z, *at + 24, 4),
		.offset = number(z, *at + 42, 4),
	};
	*at += ENTRY_SIZE + name + more;
	if (!is_safe(e->name))
		return complain(u, arena_printf(u->arena,
						"the archive has a file '" STR_FMT
						"', whose name leads out of it",
						STR_ARG(e->name)));
	return true;
}

static bool inflate_all(struct str packed, char *to, size_t len)
{
	z_stream z = { .next_in = (z_const Bytef *)packed.at,
		       .avail_in = (uInt)packed.len,
		       .next_out = (Bytef *)to,
		       .avail_out = (uInt)len };
	int result;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return false;
	result = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return result == Z_STREAM_END && z.total_out == len;
}

static bool unpack(struct unpacking *u, const struct entry *e, struct str *text)
{
	const struct str z = u->archive;

	if (!holds(z, e->offset, LOCAL_SIZE) || number(z, e->offset, 4) != LOCAL_MARK)
		return complain(u, "the archive's directory is broken");

	const size_t start = e->offset + LOCAL_SIZE + number(z, e->offset + 26, 2) +
			     number(z, e->offset + 28, 2);

	if (!holds(z, start, e->packed))
		return complain(u, "the archive ends too early");
	if (e->flags & ENCRYPTED)
		return complain(u, "the archive is encrypted");
	if (e->unpacked > ZIP_MOST_BYTES - u->bytes)
		return complain(u,
				"the archive's files are larger than 256 MiB together");
	u->bytes += e->unpacked;

	const struct str packed = { z.at + start, e->packed };
	char *to = arena_alloc_dirty(u->arena, e->unpacked + 1);

	to[e->unpacked] = '\0';
	*text = (struct str){ to, e->unpacked };
	if (e->method == STORED && e->packed == e->unpacked) {
		memcpy(to, packed.at, packed.len);
		return true;
	}
	if (e->method == DEFLATED && inflate_all(packed, to, e->unpacked))
		return true;
	return complain(u, arena_printf(u->arena,
					"the archive's file '" STR_FMT "' is broken",
					STR_ARG(e->name)));
}

bool zip_read(struct str archive, struct arena *a, struct zip_file **first,
	      struct fault *why)
{
	struct unpacking u = { archive, a, why, 0 };
	size_t end;

	*first = NULL;
	if (!find_end(&u, &end))
		return false;

	const size_t count = number(archive, end + 10, 2);
	size_t at = number(archive, end + 16, 4);

	if (count > ZIP_MOST_FILES)
		return complain(&u, "the archive has more than 10000 files");
	for (size_t i = 0; i < count; i++) {
		struct entry e;
		struct zip_file *f = arena_new(a, struct zip_file);

		if (!read_entry(&u, &at, &e))
			return false;
		if (str_ends(e.name, STR("/")))
			continue;
		f->name = arena_copy(a, e.name);
		if (!unpack(&u, &e, &f->text))
			return false;
		*first = f;
		first = &f->next;
	}
	return true;
}
