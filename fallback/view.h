/* Definitions as people fetch them: as they were given, with what is known of them now.
 */
#ifndef FALLBACK_VIEW_H
#define FALLBACK_VIEW_H

#include "fallback/rest.h"

struct json *view_any(const struct fallback_request *r, const struct artifact *d,
		      struct arena *a);
struct json *view_fallback(const struct fallback_request *r, const struct artifact *d,
			   struct arena *a);
struct json *view_healthcheck(const struct fallback_request *r, const struct artifact *d,
			      struct arena *a);
/* status, lastAvailable, lastChecked … of one probe, added to an object. */
void view_probe(struct json *to, const struct probe *p, struct arena *a);

/* The definition as it was given; NULL: nobody knows. */
struct json *view_source(const struct artifact *d, struct arena *a);
uint64_t view_revision(const struct artifact *d);
struct str view_product(const struct artifact *d);
struct str view_tag(const struct artifact *d);

#endif
