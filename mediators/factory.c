#include "factory_priv.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "${…}" at the start of s, without its quotes; or ${…}. Its length; 0: none. */
static size_t placeholder_length(struct str s)
{
	const size_t end = str_find(s, '}');

	return str_starts(s, STR("${")) && end < s.len && end > 2 ? end + 1 : 0;
}

static size_t digits_length(struct str s)
{
	size_t len = 1;

	while (len < s.len && is_digit(s.at[len]))
		len++;
	return len > 1 ? len : 0;
}

/* What stands at the start of s, and how long it is; false: plain text. */
static bool part_at(struct str s, struct factory_part *part, size_t *len)
{
	const bool quote = s.at[0] == '"';
	const struct str inner = str_from(s, quote ? 1 : 0);
	const size_t length = placeholder_length(inner);

	if (quote) {
		*len = length + 2;
		part->kind = QUOTED;
		return length && length < inner.len && inner.at[length] == '"';
	}
	if (s.at[0] != '$')
		return false;
	*len = length ? length : digits_length(s);
	part->kind = length ? INLINE : ARGUMENT;
	return *len > 0;
}

static bool finish(struct factory_part *part, const struct expr_scope *scope,
		   struct arena *a, struct fault *why)
{
	const struct str text = part->text;

	switch (part->kind) {
	case LITERAL:
		return true;
	case ARGUMENT:
		if (!str_to_uint(str_from(text, 1), &part->index))
			part->index = 0;
		return true;
	case INLINE:
		part->expression = expr_compile(text, scope, a, why);
		return part->expression;
	case QUOTED:
		part->expression = expr_compile(
			str_first(str_from(text, 1), text.len - 2), scope, a, why);
		return part->expression;
	}
	return false;
}

static struct factory_part *add(const struct factory_part ***last, enum part_kind kind,
				struct str text, struct arena *a)
{
	struct factory_part *part = arena_new(a, struct factory_part);

	part->kind = kind;
	part->text = text;
	**last = part;
	*last = &part->next;
	return part;
}

bool factory_read(struct factory *f, struct str text, const struct expr_scope *scope,
		  struct arena *a, struct fault *why)
{
	const struct factory_part **last = &f->first;
	size_t begin = 0, at = 0;

	*f = (struct factory){ 0 };
	while (at < text.len) {
		struct factory_part found = { 0 };
		size_t len;

		if (!part_at(str_from(text, at), &found, &len)) {
			at++;
			continue;
		}
		if (at > begin)
			add(&last, LITERAL, str_first(str_from(text, begin), at - begin),
			    a);

		struct factory_part *part = add(&last, found.kind,
						str_first(str_from(text, at), len), a);

		if (!finish(part, scope, a, why))
			return false;
		if (part->expression && part->expression->needs > f->needs)
			f->needs = part->expression->needs;
		begin = at += len;
	}
	if (at > begin)
		add(&last, LITERAL, str_from(text, begin), a);
	return true;
}
