/* Placeholders, and what texts with #[…] in them mean. */
#include <stdlib.h>

#include "dataweave/lexer.h"
#include "translate.h"

enum { MOST_TEXT = 1 << 20 };

/* --- ${name} --- */

/* A setting wins over the environment, that over files and global properties. */
static const struct str *property(const struct translation *t, struct str name)
{
	const size_t secure = str_find_str(name, STR("::"));
	struct str *found = arena_new(t->arena, struct str);
	const char *in_environment;

	if (secure < name.len)
		name = str_from(name, secure + 2);
	*found = mule_setting(
		arena_printf(t->arena, "mule.property." STR_FMT, STR_ARG(name)));
	if (found->at)
		return found;
	in_environment = getenv(arena_copy(t->arena, name).at);
	if (!in_environment)
		return map_get(&t->project.properties, name);
	*found = arena_copy(t->arena, str_of(in_environment));
	return found;
}

/* It stays as it is, so that what it would have been is not complained about too. */
static bool unset(struct translation *t, const struct element *e, struct str name,
		  struct buf *to)
{
	buf_printf(to, "${" STR_FMT "}", STR_ARG(name));
	return mule_complain(
		t, e,
		"property '" STR_FMT
		"' is not set; give it in a <configuration-properties> file, "
		"as <global-property> or as mule.property." STR_FMT,
		STR_ARG(name), STR_ARG(name));
}

/* False: one is missing, and was complained about. */
static bool fill(struct translation *t, const struct element *e, struct str *text)
{
	struct str rest = *text;
	struct buf b;
	bool fine = true;

	if (str_find_str(rest, STR("${")) == rest.len)
		return true;
	buf_init(&b, MOST_TEXT);
	while (rest.len) {
		const size_t open = str_find_str(rest, STR("${"));
		const struct str name = str_first(
			str_from(rest, open + 2),
			str_find(str_from(rest, open + 2), '}'));
		const struct str *value;

		buf_add(&b, str_first(rest, open));
		if (open == rest.len)
			break;
		value = property(t, name);
		if (value && str_starts(*value, STR("![")))
			fine = mule_complain(
				t, e,
				"property '" STR_FMT
				"' is encrypted, which is not supported; give "
				"it in the clear as mule.property." STR_FMT,
				STR_ARG(name), STR_ARG(name));
		else if (value)
			buf_add(&b, *value);
		else
			fine = unset(t, e, name, &b);
		rest = str_from(rest, open + 2 + name.len + 1);
	}
	*text = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}

bool mule_fill_placeholders(struct translation *t, struct element *e)
{
	bool fine = true;

	for (struct attribute *a = e->attributes; a; a = a->next)
		if (!a->ns.len)
			fine = fill(t, e, &a->value) && fine;
	fine = fill(t, e, &e->text) && fine;
	for (struct element *child = e->children; child; child = child->next)
		fine = mule_fill_placeholders(t, child) && fine;
	return fine;
}

/* --- expressions --- */

struct str mule_quoted(struct translation *t, struct str text)
{
	struct buf b;
	struct str made;

	buf_init(&b, MOST_TEXT);
	buf_add_char(&b, '"');
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.at[i];

		if (c == '"' || c == '\\' || c == '$')
			buf_add_char(&b, '\\');
		if (c == '\n')
			buf_add(&b, STR("\\n"));
		else
			buf_add_char(&b, c);
	}
	buf_add_char(&b, '"');
	made = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return made;
}

static bool is_sign(const struct dw_token *token, const char *sign)
{
	return token->kind == DW_TOKEN_SIGN && str_eq(token->text, str_of(sign));
}

/* p('name') at token i, with Mule:: before it or not; *end: the token after it. */
static bool is_property_call(const struct dw_tokens *tokens, size_t i, size_t *name,
			     size_t *end)
{
	const struct dw_token *at = tokens->at + i;
	size_t p = 0;

	if (i > 0 && is_sign(at - 1, "."))
		return false;
	if (i + 6 < tokens->count && at[0].kind == DW_TOKEN_NAME &&
	    str_eq(at[0].text, STR("Mule")) && is_sign(&at[1], "::"))
		p = 2;
	if (i + p + 3 >= tokens->count || at[p].kind != DW_TOKEN_NAME ||
	    !str_eq(at[p].text, STR("p")) || !is_sign(&at[p + 1], "(") ||
	    at[p + 2].kind != DW_TOKEN_STRING || !is_sign(&at[p + 3], ")"))
		return false;
	*name = i + p + 2;
	*end = i + p + 4;
	return true;
}

/* flow.name, or app.name, at token i. */
static bool is_name_of(const struct dw_tokens *tokens, size_t i, const char *what)
{
	const struct dw_token *at = tokens->at + i;

	return i + 3 < tokens->count && !(i > 0 && is_sign(at - 1, ".")) &&
	       at[0].kind == DW_TOKEN_NAME && str_eq(at[0].text, str_of(what)) &&
	       is_sign(&at[1], ".") && str_eq(at[2].text, STR("name"));
}

/* Known when a flow is deployed: p('name') and flow.name become what they are. */
static struct str fill_properties(struct translation *t, struct str text)
{
	struct dw_tokens tokens;
	struct fault ignored = { 0 };
	struct buf b;
	const struct str app = mule_project_name(t);
	size_t done = 0, name, end;

	if (!dw_lex(text, t->arena, &tokens, &ignored))
		return text;
	buf_init(&b, MOST_TEXT);
	for (size_t i = 0; i + 1 < tokens.count; i++) {
		const struct str *value = &t->flow;

		end = i + 3;
		if (is_name_of(&tokens, i, "app"))
			value = &app;
		else if (is_name_of(&tokens, i, "flow"))
			value = &t->flow;
		else if (!is_property_call(&tokens, i, &name, &end))
			continue;
		else
			value = property(t, tokens.at[name].text);
		buf_add(&b, str_first(str_from(text, done), tokens.at[i].at - done));
		buf_add(&b, value ? mule_quoted(t, *value) : STR("null"));
		done = tokens.at[end - 1].at + tokens.at[end - 1].text.len;
		i = end - 1;
	}
	buf_add(&b, str_from(text, done));
	text = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return text;
}

/* Of "#[…" the length of what is between the brackets; strings and brackets inside count
 * as they should. text.len: it does not end. */
static size_t inner_length(struct str text)
{
	size_t depth = 0;
	char quote = '\0';

	for (size_t i = 1; i < text.len; i++) {
		const char c = text.at[i];

		if (c == '\\' && quote)
			i++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '[')
			depth++;
		else if (c == ']' && --depth == 0)
			return i - 2;
	}
	return text.len;
}

static struct str as_expression(struct translation *t, struct str inner)
{
	return str_of(arena_printf(t->arena, "#[" STR_FMT "]",
				   STR_ARG(fill_properties(t, str_trim(inner)))));
}

static void add_text(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\' || text.at[i] == '$')
			buf_add_char(b, '\\');
		buf_add_char(b, text.at[i]);
	}
}

/* Text with holes: a string of DataWeave with $(…) in it. */
static struct str with_holes(struct translation *t, struct str text, bool path)
{
	struct buf b;

	buf_init(&b, MOST_TEXT);
	buf_add(&b, STR("#[\""));
	while (text.len) {
		const size_t at = str_find_str(text, STR("#["));
		size_t len;

		if (at < text.len && at > 0 && text.at[at - 1] == '\\') {
			add_text(&b, str_first(text, at - 1));
			add_text(&b, STR("#["));
			text = str_from(text, at + 2);
			continue;
		}
		add_text(&b, str_first(text, at));
		text = str_from(text, at);
		len = inner_length(text);
		if (len >= text.len) {
			add_text(&b, text);
			break;
		}
		buf_add(&b, path ? STR("$(inPath(") : STR("$("));
		buf_add(&b, fill_properties(t, str_first(str_from(text, 2), len)));
		buf_add(&b, path ? STR("))") : STR(")"));
		text = str_from(text, len + 3);
	}
	buf_add(&b, STR("\"]"));
	text = arena_copy(t->arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static struct meaning meaning(struct translation *t, struct str text, bool path)
{
	const struct str trimmed = str_trim(text);
	struct meaning m = { .text = text.at ? text : STR("") };
	size_t len;

	if (str_find_str(text, STR("#[")) == text.len)
		return m;
	m.is_expression = true;
	len = str_starts(trimmed, STR("#[")) ? inner_length(trimmed) : trimmed.len;
	if (len + 3 == trimmed.len)
		m.text = as_expression(t, str_first(str_from(trimmed, 2), len));
	else
		m.text = with_holes(t, text, path);
	return m;
}

struct meaning mule_meaning_of(struct translation *t, struct str text)
{
	return meaning(t, text, false);
}

struct str mule_path_of(struct translation *t, struct str text)
{
	return meaning(t, text, true).text;
}
