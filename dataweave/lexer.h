/*
 * DataWeave's words. A text is cut into tokens all at once; the parser then looks
 * ahead as far as it likes. Strings stay as written: their escapes and $(holes) are
 * the parser's business.
 */
#ifndef DATAWEAVE_LEXER_H
#define DATAWEAVE_LEXER_H

#include "base/arena.h"
#include "base/fault.h"

enum dw_token_kind {
	DW_TOKEN_END,
	DW_TOKEN_NAME,   /* identifiers and keywords; $, $$, $$$ */
	DW_TOKEN_NUMBER, /* as written */
	DW_TOKEN_STRING, /* between the quotes */
	DW_TOKEN_REGEX,  /* between the slashes */
	DW_TOKEN_DATE,   /* between the bars */
	DW_TOKEN_SIGN,   /* operators and brackets */
	DW_TOKEN_BODY,   /* the three dashes before a script's body */
};

struct dw_token {
	enum dw_token_kind kind;
	struct str text;
	size_t at;   /* byte in the whole text */
	bool spaced; /* a blank or the start stands before it */
};

enum { DW_MOST_TEXT = 1 << 20 };

struct dw_tokens {
	struct dw_token *at;
	size_t count; /* the last one is DW_TOKEN_END */
};

/* False: *why says what cannot be read, and where. */
bool dw_lex(struct str text, struct arena *a, struct dw_tokens *tokens,
	    struct fault *why);

/* Sets why->text to "… at line:column" of that byte. Always false. */
bool dw_complain(struct fault *why, struct arena *a, struct str text, size_t at,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
