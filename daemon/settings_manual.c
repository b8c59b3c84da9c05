#include <inttypes.h>

#include "daemon/settings_priv.h"

static const void *member_of(const struct settings *s, const struct setting *t)
{
	return (const char *)s + t->offset;
}

static void print_number(uint64_t n, FILE *to)
{
	if (n >= INT64_MAX)
		fprintf(to, "none");
	else
		fprintf(to, "%" PRIu64, n);
}

static void print_text(struct str text, FILE *to)
{
	if (text.len)
		fprintf(to, "`" STR_FMT "`", STR_ARG(text));
	else
		fprintf(to, "none");
}

static void print_choices(const struct setting *t, unsigned chosen, FILE *to)
{
	fprintf(to, "`%s` of ", t->choices[chosen]);
	for (const char *const *c = t->choices; *c; c++)
		fprintf(to, "%s%s", *c, c[1] ? ", " : "");
}

static void print_default(const struct settings *s, const struct setting *t, FILE *to)
{
	const void *member = member_of(s, t);

	switch (t->kind) {
	case SETTING_UINT:
		print_number(*(const uint64_t *)member, to);
		break;
	case SETTING_INT:
		fprintf(to, "%d", *(const int *)member);
		break;
	case SETTING_INT64:
		fprintf(to, "%" PRId64, *(const int64_t *)member);
		break;
	case SETTING_BOOL:
		fprintf(to, *(const bool *)member ? "true" : "false");
		break;
	case SETTING_TEXT:
		print_text(*(const struct str *)member, to);
		break;
	case SETTING_CHOICE:
		print_choices(t, *(const unsigned *)member, to);
		break;
	case SETTING_REAL:
		fprintf(to, "%g", *(const double *)member);
		break;
	}
}

/* The row whose member it is, where that is an earlier one. */
static const struct setting *first_of(const struct setting *t)
{
	const struct setting *first = settings_table;

	while (first->offset != t->offset)
		first++;
	return first;
}

static bool is_repeated(const struct setting *t)
{
	return t != settings_table && str_eq(str_of(t->key), str_of(t[-1].key));
}

static void print_row(const struct settings *s, const struct setting *t, FILE *to)
{
	fprintf(to, "| `%s` | ", t->key);
	print_default(s, t, to);
	if (t->doc)
		fprintf(to, " | %s |\n", t->doc);
	else
		fprintf(to, " | another name for `%s` |\n", first_of(t)->key);
}

static void print_families(FILE *to)
{
	fputs("\nThose of single languages and loggers:\n\n| setting | meaning |\n"
	      "|---|---|\n",
	      to);
	for (const struct setting_family *f = setting_families; f->prefix; f++)
		if (f->name)
			fprintf(to, "| `%s%s` | %s |\n", f->prefix, f->name, f->doc);
}

void settings_manual(FILE *to)
{
	struct settings s;
	struct arena a = { 0 };
	struct report r;

	settings_init(&s);
	report_init(&r, &a);
	settings_apply(&s, &r);
	fputs("# Settings\n\n"
	      "What `myelin describe --settings` prints. `_ms` and durations are "
	      "milliseconds.\n"
	      "`deployment.toml` is taken from the working directory, else from "
	      "`DIR/../conf/`, or by\n"
	      "`--config FILE`; `--set section.key=value` and the options of `serve` win "
	      "over it. The\n"
	      "sections `[mediation]`, `[synapse_properties]` and "
	      "`[passthru_properties]` of Micro\n"
	      "Integrator may stand before a key or be left out. A key that nobody knows "
	      "is a warning.\n\n"
	      "| setting | default | meaning |\n|---|---|---|\n",
	      to);
	for (const struct setting *t = settings_table; t->key; t++)
		if (!is_repeated(t))
			print_row(&s, t, to);
	print_families(to);
	settings_release(&s);
	arena_release(&a);
}
