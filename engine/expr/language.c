#include "expr/expr.h"

enum { MOST_LANGUAGES = 8 };

static const struct expr_language *languages[MOST_LANGUAGES];
static unsigned count;

void expr_add_language(const struct expr_language *language)
{
	for (unsigned i = 0; i < count; i++)
		if (languages[i] == language)
			return;
	if (count < MOST_LANGUAGES)
		languages[count++] = language;
}

const struct expr_language *expr_language_of(struct str text)
{
	for (unsigned i = 0; i < count; i++)
		if (str_starts(text, str_of(languages[i]->begins)))
			return languages[i];
	return NULL;
}
