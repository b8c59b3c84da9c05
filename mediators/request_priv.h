/* m:request as it is compiled and as it runs; what its two files share. */
#ifndef MEDIATORS_REQUEST_PRIV_H
#define MEDIATORS_REQUEST_PRIV_H

#include "common.h"
#include "moment.h"

struct default_header {
	struct str name;
	const struct expr *value;
};

struct accept {
	struct str statuses, refused;
	const struct expr *when;
};

struct mapping {
	struct str from, to;
};

struct request_node {
	struct node node;
	const struct expr *method, *path, *url, *timeout, *headers, *query, *parameters,
		*body;
	struct str base, body_type, output_type;
	unsigned mode;
	bool follow;
	const struct node *endpoint;
	const struct node *elsewhere; /* for url, and where redirects lead */
	struct items defaults, queries, mappings;
	struct accept *accept;
};

enum stage { CALLING, COLLECTING };

struct requesting {
	enum stage stage;
	struct moment before;
	struct exchange *x;
	struct timer timer;
	bool expired;
	bool direct; /* path is the whole URL */
	unsigned redirects;
	uint64_t due; /* 0: never */
	struct str method, path, url;
};

enum { MOST_REDIRECTS = 10, MOST_TIMEOUT = 86400000 };

/* The outgoing message instead of the present one. False: *why. */
bool request_build(const struct request_node *r, struct requesting *s, struct fault *why);
/* What the endpoint will read: how long, which method, and where below its address. */
void request_tell(struct requesting *s, bool direct);
bool request_headers(const struct request_node *r, struct message *m, struct headers *h,
		     struct fault *why);
bool request_sends_body(const struct request_node *r, struct str method, bool has_one);

#endif
