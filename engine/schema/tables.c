#include "schema/describe.h"

enum { MOST_DEPTH = 8 };

static void write_escaped(const char *text, FILE *to)
{
	for (; text && *text; text++) {
		if (*text == '|')
			fputc('\\', to);
		fputc(*text, to);
	}
}

static void write_choices(const struct field *f, FILE *to)
{
	for (const char *const *c = f->choices; *c; c++)
		fprintf(to, "%s`%s`", c == f->choices ? "" : ", ", *c);
}

static void write_number(const struct field *f, FILE *to)
{
	fputs("number", to);
	if (f->most == INT64_MAX || f->most == INT32_MAX)
		fprintf(to, ", %lld or more", (long long)f->least);
	else if (f->least || f->most)
		fprintf(to, ", %lld to %lld", (long long)f->least, (long long)f->most);
}

static const char *plain_kind(enum field_kind kind)
{
	switch (kind) {
	case FIELD_STR:
		return "text";
	case FIELD_FLOAT:
		return "number";
	case FIELD_BOOL:
		return "`true`, `false`";
	case FIELD_CODES:
		return "numbers, commas between";
	case FIELD_EXPR:
		return "expression";
	case FIELD_VALUE:
		return "text, or an expression in {}";
	case FIELD_TEMPLATE:
		return "text with ${…} in it";
	case FIELD_REF:
		return "name, or an expression in {}";
	case FIELD_ONE:
	case FIELD_LIST:
		return "see below";
	case FIELD_STEPS:
		return "mediators";
	case FIELD_ENDPOINT:
		return "an endpoint";
	case FIELD_ENDPOINTS:
		return "endpoints";
	case FIELD_XML:
		return "XML";
	case FIELD_IGNORED:
		return "without meaning";
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_CHOICE:
		break;
	}
	return "";
}

static void write_kind(const struct field *f, FILE *to)
{
	if (f->kind == FIELD_UINT || f->kind == FIELD_INT)
		write_number(f, to);
	else if (f->kind == FIELD_CHOICE)
		write_choices(f, to);
	else
		fputs(plain_kind(f->kind), to);
}

static void write_name(const struct field *f, FILE *to)
{
	switch (f->place) {
	case IN_ATTRIBUTE:
		fprintf(to, "`%s%s`", f->ours ? "m:" : "", f->name);
		break;
	case IN_CHILD:
		fprintf(to, "`<%s%s>`", f->ours ? "m:" : "", f->name);
		break;
	case IN_TEXT:
		fputs("its text", to);
		break;
	case IN_CONTENT:
		fputs("its content", to);
		break;
	}
}

static void write_row(const struct field *f, FILE *to)
{
	fputs("| ", to);
	write_name(f, to);
	fputs(" | ", to);
	write_kind(f, to);
	fputs(" | ", to);
	write_escaped(f->required ? "required" : f->fallback, to);
	fputs(" | ", to);
	write_escaped(f->doc, to);
	fputs(" |\n", to);
}

static void write_below(const struct schema *s, unsigned depth, FILE *to)
{
	if (!s->fields->name || depth == MOST_DEPTH)
		return;
	if (depth)
		fprintf(to, "\n`<%s>`:\n\n", s->element);
	fputs("| name | value | default | |\n|---|---|---|---|\n", to);
	for (const struct field *f = s->fields; f->name; f++)
		write_row(f, to);
	for (const struct field *f = s->fields; f->name; f++)
		if (f->schema)
			write_below(f->schema, depth + 1, to);
}

void schema_write_tables(const struct schema *s, FILE *to)
{
	write_below(s, 0, to);
}
