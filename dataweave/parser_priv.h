/* What the files of the parser share. Each reader returns NULL after complaining. */
#ifndef DATAWEAVE_PARSER_PRIV_H
#define DATAWEAVE_PARSER_PRIV_H

#include "dataweave/syntax.h"

enum { DW_MOST_NESTING = 150 };

struct dw_name {
	struct str name;
	struct dw_name *outer;
};

/* `type NAME = …` and `ns NAME uri`. */
struct dw_alias {
	struct str name;
	const struct dw_type *type;
	struct dw_alias *outer;
};

struct dw_prefix {
	struct str name, uri;
	struct dw_prefix *outer;
};

struct dw_parser {
	struct str text; /* all of it */
	size_t offset;   /* where the tokens' text begins in it */
	struct dw_tokens tokens;
	size_t at;
	struct arena *arena;
	struct fault *why;
	struct dw_name *names; /* bound here, innermost first */
	struct dw_alias *aliases;
	struct dw_prefix *prefixes;
	size_t guard; /* token: an arrow that is no lambda's; 0: none */
	unsigned depth;
	bool failed, uses_payload;
	struct dw_output *output;
};

/* parser.c */
const struct dw_token *dw_peek(const struct dw_parser *p, size_t ahead);
bool dw_is_sign(const struct dw_parser *p, size_t ahead, const char *sign);
bool dw_is_word(const struct dw_parser *p, size_t ahead, const char *word);
bool dw_take_sign(struct dw_parser *p, const char *sign);
bool dw_take_word(struct dw_parser *p, const char *word);
bool dw_unexpected(struct dw_parser *p, const char *wanted);
bool dw_expect(struct dw_parser *p, const char *sign);
struct dw_node *dw_node(struct dw_parser *p, enum dw_form form);
struct dw_node *dw_make(struct dw_parser *p, enum dw_form form, const struct dw_node *a,
			const struct dw_node *b);
void dw_append(struct dw_node *to, struct dw_node *part);
void dw_bind(struct dw_parser *p, struct str name);
struct dw_node *dw_nested(struct dw_parser *p,
			  struct dw_node *(*read)(struct dw_parser *));
struct dw_node *dw_expression(struct dw_parser *p);  /* everything */
struct dw_node *dw_disjunction(struct dw_parser *p); /* tighter than functions */

/* primary.c */
struct dw_node *dw_primary(struct dw_parser *p);
/* What stands before the arrow of a case. */
struct dw_node *dw_guarded(struct dw_parser *p,
			   struct dw_node *(*read)(struct dw_parser *));
/* One argument; `$` may stand for the parameters of a function. */
struct dw_node *dw_argument(struct dw_parser *p, bool function,
			    struct dw_node *(*read)(struct dw_parser *));
/* `replace(a, b) with c`, `a replace b with c`: its third argument. */
struct dw_node *dw_with(struct dw_parser *p, struct dw_node *call);
/* A name that is bound in the text; NULL: none. */
struct dw_node *dw_local(struct dw_parser *p, struct str name);
/* dw::core::Strings::upper: only the last word says anything to us. */
void dw_skip_modules(struct dw_parser *p);

/* construct.c */
struct dw_node *dw_object(struct dw_parser *p);
struct dw_node *dw_array(struct dw_parser *p);
struct dw_node *dw_string_token(struct dw_parser *p);
struct dw_node *dw_lambda(struct dw_parser *p);
struct dw_node *dw_cases(struct dw_parser *p, struct dw_node *of);
bool dw_key_begins(const struct dw_parser *p, size_t ahead);
struct dw_node *dw_bare_pair(struct dw_parser *p);
bool dw_date_of_text(struct str text, struct dw_value *v);

/* types.c */
const struct dw_type *dw_type(struct dw_parser *p);
struct dw_node *dw_type_value(struct dw_parser *p, struct str name);
void dw_name_type(struct dw_parser *p, struct str name, const struct dw_type *type);
bool dw_shape(struct dw_parser *p);
bool dw_type_parameters(struct dw_parser *p); /* <T, U>, if there are any */

/* update.c: `update` has been read; its cases and what they change. */
struct dw_node *dw_update(struct dw_parser *p, struct dw_node *of);

/* script.c */
struct dw_node *dw_do_block(struct dw_parser *p);

#endif
