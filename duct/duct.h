/*
 * The mapping language of fallback definitions (frontends.md §4.4): JSON in whose
 * strings $Input{a}{b} and $Add(1, $Input{n}) stand for values. A string that is
 * nothing but one reference keeps the type of what it refers to.
 *
 * It is a language behind the expression door, told by how its texts begin:
 * "duct-in:" maps an input (a member whose lone reference finds nothing is left
 * out), "duct-out:" an output (it is null). What references name are variables of the
 * message: input, response, sequence, variable, constant, session, auth, default, run;
 * secrets are environment variables or files and never logged.
 */
#ifndef DUCT_DUCT_H
#define DUCT_DUCT_H

#include "expr/expr.h"
#include "message/json.h"

enum { DUCT_MAX_DEPTH = 64, DUCT_MAX_TEXT = 1024 * 1024 };

/* Makes the language known; once, before threads are started. */
void duct_register(void);

/*
 * Where $Secret{NAME} is looked for when the environment has none: in the file NAME of
 * this directory. Empty: nowhere. Borrowed; once, before threads are started.
 */
void duct_secrets_in(struct str directory);

enum duct_kind {
	DUCT_TEXT,  /* as it stands */
	DUCT_VALUE, /* a JSON literal */
	DUCT_REF,   /* $Root{a}{b} */
	DUCT_CALL,  /* $Function(a, b) */
	DUCT_JOIN,  /* text and references, one after the other */
	DUCT_LIST,
	DUCT_OBJECT,
};

struct duct_function;

/* One piece of a compiled mapping. */
struct duct {
	enum duct_kind kind;
	struct str key;                       /* in an object */
	struct str text;                      /* of TEXT; of REF: the root, without $ */
	const struct json *value;             /* of VALUE */
	const struct duct_function *function; /* of CALL */
	struct duct *first, *last, *next;     /* segments, arguments, parts, members */
};

/* A mapping from JSON. NULL: *why (nested too deep). */
struct duct *duct_compile(const struct json *mapping, struct arena *a, struct fault *why);

/*
 * What it maps to. *missing: a lone reference found nothing (the result is null).
 * NULL: *why (an argument of the wrong type; too much text).
 */
const struct json *duct_map(const struct duct *d, struct message *m, bool output,
			    bool *missing, struct fault *why);

#endif
