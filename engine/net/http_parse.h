/*
 * One HTTP/1.1 message as it comes: first its head, then its body, strictly.
 *
 *	  find ---> parse_head ---> parse_body* ---> DONE
 *	    `------------'----------------'--------> BAD: refused, why
 *
 * Heads are read here (http_fields.h), as decisions.md §6 wants them; chunks are left
 * to llhttp, and what it lets through is looked for in the raw bytes. After BAD the
 * connection is to be closed: where the next message would start, nobody knows.
 */
#ifndef NET_HTTP_PARSE_H
#define NET_HTTP_PARSE_H

#include <llhttp.h>

#include "message/body.h"
#include "message/headers.h"
#include "net/http_server.h"

struct http_head {
	struct str method, target; /* of a request */
	struct str authority;      /* of its target, if that was all of a URL */
	struct str reason;         /* of a response */
	unsigned status, minor;
	int64_t length; /* BODY_LENGTH_UNKNOWN: chunked, or until the end */
	bool chunked;
	bool has_body;
	bool keep_alive;
	bool expects_continue;
	struct headers headers;
};

enum http_step { HTTP_MORE, HTTP_DONE, HTTP_BAD };

struct http_parser {
	llhttp_t llhttp;          /* of a chunked body, once reads_chunks */
	struct http_head *head;   /* borrowed until it is done */
	struct body_source *body; /* where the body goes; NULL: nowhere */
	size_t start, scanned;    /* of the head: bytes that need no second look */
	unsigned lines;
	bool response, no_body;
	bool head_done, complete, chunked, reads_chunks;
	int64_t left;  /* bytes of the body; BODY_LENGTH_UNKNOWN: until the end */
	char last;     /* byte of the body's framing seen so far */
	bool paused;   /* the body said: no more for now */
	uint64_t came; /* bytes of the body */
	uint64_t trailer, extensions; /* bytes of them */
	const char *bytes;            /* being read: chunks */
	unsigned refused;             /* the status to answer BAD with */
	const char *why;              /* static */
};

void http_parser_init(struct http_parser *p, bool response);

/* Is there a whole head? DONE: it is bytes [p->start, *len). Again with more: fine. */
enum http_step http_find_head(struct http_parser *p, struct str bytes,
			      const struct http_limits *limits, size_t *len);
/* The block must live as long as the head. DONE or BAD. */
enum http_step http_parse_head(struct http_parser *p, struct str block, struct arena *a,
			       struct http_head *head);
/* Feeds p->body. DONE: *used tells where the next message starts. */
enum http_step http_parse_body(struct http_parser *p, struct str bytes, size_t *used);
/* No more bytes come: DONE, or BAD if that is too early. */
enum http_step http_parse_end(struct http_parser *p);

#endif
