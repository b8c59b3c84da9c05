/*
 * A scenario: backends and how they behave, requests, and what should come of them.
 * Line by line, read into steps; player.h plays it in virtual time, live.h over sockets.
 *
 *	# the first endpoint resets, the second answers
 *	backend foo at localhost:8080/foo  resets
 *	backend bar at localhost:8080/bar  after 20ms 200 {"from":"bar"}
 *
 *	GET /test   -> 200 {"from":"bar"}
 *	took 20ms
 *	sent foo bar
 *	log WARN Endpoint : fooEP … will be marked SUSPENDED as it failed
 *	pass 100ms
 *
 * The whole language is described in samples/README.md.
 */
#ifndef TESTS_SCENARIO_H
#define TESTS_SCENARIO_H

#include "base/fault.h"
#include "base/log.h"
#include "schema/report.h"

/* "Name: value" of a `with` line; without: value.at is NULL. */
struct field_line {
	struct str name, value;
	struct field_line *next;
};

enum behaviour_kind {
	BEHAVES_ANSWERS,
	BEHAVES_ECHOES, /* 200 with the body it got */
	BEHAVES_REFUSES,
	BEHAVES_RESETS,
	BEHAVES_CLOSES,
	BEHAVES_HANGS,
	BEHAVES_BABBLES, /* bytes that are no HTTP */
};

/* One entry of a backend's script; the last repeats. */
struct behaviour {
	enum behaviour_kind kind;
	uint64_t after; /* milliseconds until it does it */
	unsigned status;
	struct str body;
	struct field_line *fields;
	struct behaviour *next;
};

struct peer {
	struct str name;
	struct str host, path; /* "localhost", "/foo": a prefix */
	unsigned port;
	const struct behaviour *script;
	struct where where;
	struct peer *next;
};

enum step_kind {
	STEP_BEHAVE,  /* `now`: a backend gets another script */
	STEP_REQUEST, /* begins a request */
	STEP_ANSWER,  /* waits for the answer of the oldest one under way */
	STEP_HAS,     /* the last answer's body has this in it */
	STEP_HEADER,  /* and its head this field */
	STEP_TOOK,    /* from request to answer */
	STEP_SENT,    /* who was asked since the last look */
	STEP_GOT,     /* the last request a backend got */
	STEP_LOG,     /* a later line than the one before has this in it */
	STEP_NO_LOG,  /* no line so far has */
	STEP_PASS,    /* time goes by */
	STEP_SWITCH,  /* an operator switches an endpoint on or off */
	STEP_PUT,     /* a file of the deployment is this one now; none: it is gone */
};

struct step {
	enum step_kind kind;
	struct where where;
	const struct peer *peer;           /* BEHAVE, GOT */
	const struct behaviour *behaviour; /* BEHAVE */
	struct str method, path;           /* REQUEST, GOT; PUT: path */
	struct str text; /* a body, a pattern, names, a file; at NULL: none given */
	struct field_line *fields;
	unsigned port;        /* REQUEST; 0: the usual one */
	unsigned status;      /* ANSWER */
	uint64_t time;        /* TOOK, PASS */
	enum log_level level; /* LOG; LOG_TRACE: any */
	bool on;              /* SWITCH */
	struct step *next;
};

struct scenario {
	const char *file;
	struct str folder; /* where it lies, and the artifacts beside it */
	struct str title;  /* its first comment */
	struct field_line *settings;
	struct peer *peers;
	struct step *steps;
};

/* NULL if it complained. Everything is the arena's; so is text. */
struct scenario *scenario_read(const char *file, struct str text, struct arena *a,
			       struct report *r);

/* Is pattern somewhere in text? "…" and "..." stand for anything. */
bool scenario_matches(struct str pattern, struct str text);

/* The backend an address belongs to: host, port and the longest path. NULL: nobody's. */
const struct peer *scenario_peer(const struct scenario *s, struct str host, unsigned port,
				 struct str path);

/* The media type people would write for this text: JSON, XML or plain. */
struct str scenario_media_type(struct str body);

#endif
