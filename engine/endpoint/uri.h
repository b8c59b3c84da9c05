/*
 * URLs of endpoints: templates, placeholders, and joining the rest of a path
 * (endpoints.md §10). Pure: texts in, texts of the arena out.
 */
#ifndef ENDPOINT_URI_H
#define ENDPOINT_URI_H

#include "base/arena.h"
#include "base/buf.h"

/* What a variable is; false: it is not set. */
struct uri_variables {
	bool (*find)(const void *ctx, struct str name, struct str *value);
	const void *ctx;
};

/* ${name} by its value; what is not set stays as it is. Nothing is encoded. */
struct str uri_fill(struct str address, const struct uri_variables *v, struct arena *a);

/* RFC 6570. The raw template if the result is no URL (§10.2). */
struct str uri_expand(struct str template, const struct uri_variables *v,
		      struct arena *a);
/* As old versions did: decoded, put in, and quoted anew (§10.3). */
struct str uri_expand_legacy(struct str template, const struct uri_variables *v,
			     struct arena *a);

/* By the join rule of §10.4; collapse: two slashes at the seam become one. */
struct str uri_join(struct str address, struct str rest, bool collapse, struct arena *a);

/*
 * As it may be sent: without a fragment; blanks and what is not ASCII are encoded.
 * False: control characters, or no http(s) URL with a host.
 */
bool uri_for_wire(struct str url, struct arena *a, struct str *out);

/* All but letters, digits and -._~ as %XX. */
void uri_encode(struct str text, struct buf *to);

#endif
