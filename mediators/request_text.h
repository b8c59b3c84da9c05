/* The texts of m:request: URLs as they are joined, and errors as they are told. */
#ifndef MEDIATORS_REQUEST_TEXT_H
#define MEDIATORS_REQUEST_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

/* base and path with one slash between them; "" and "" is "". */
void request_join(struct str base, struct str path, struct buf *to);
/* As it may stand in a URL: blanks, controls, '#' and a second '?' become %XX. */
void request_clean(struct str path, struct buf *to);
/* A value within a path, which cannot end it: '?' and '#' become %XX as well. */
void request_in_path(struct str value, struct buf *to);
/* All but letters, digits and -._~ become %XX. */
void request_encode(struct str text, struct buf *to);
/* http://host:port/path of an address and a path, without query. */
void request_resource(struct str address, struct str path, struct buf *to);
/* Where a Location leads, seen from there. */
void request_redirect(struct str from, struct str location, struct buf *to);

/* What a kind of failure (ERROR_KIND) is called. NULL: none of the transport's. */
struct request_failure {
	const char *kind, *type, *said;
};
const struct request_failure *request_failure_of(const char *kind);

/* "200..299,404" */
bool request_is_among(struct str statuses, unsigned status);
/* "HTTP:NOT_FOUND"; MULE:UNKNOWN where the status has no name. */
const char *request_type_of(unsigned status, bool by_expression);
/* ": not found (404)." */
const char *request_said(unsigned status, const char *type, struct str sent_type,
			 struct arena *a);

#endif
