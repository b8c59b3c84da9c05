#include "tests/scenario.h"

#include <ctype.h>

/* Reading: the rest of a line, and where the next `then` and `with` belong to. */
struct reading {
	struct scenario *scenario;
	struct arena *arena;
	struct report *report;
	struct where where;
	struct str rest;
	struct behaviour **script;  /* the script being written */
	struct field_line **fields; /* what `with` adds to; NULL: nothing */
	struct field_line **settings;
	struct peer **peers;
	struct step **steps;
};

static struct str word(struct reading *in)
{
	struct str rest = str_trim(in->rest), found = rest;

	found.len = 0;
	while (found.len < rest.len && !isspace((unsigned char)rest.at[found.len]))
		found.len++;
	in->rest = str_trim(str_from(rest, found.len));
	return found;
}

static bool next_is(struct reading *in, const char *wanted)
{
	const struct str before = in->rest;

	if (str_eq(word(in), str_of(wanted)))
		return true;
	in->rest = before;
	return false;
}

/* "20ms", "3s". */
static bool time_of(struct reading *in, struct str text, uint64_t *time)
{
	struct str number = text;
	uint64_t unit = 1;

	if (str_ends(text, STR("ms"))) {
		number.len -= 2;
	} else if (str_ends(text, STR("s"))) {
		number.len -= 1;
		unit = 1000;
	}
	if (number.len == text.len || !str_to_uint(number, time) || *time > 1000000000)
		return report_error(in->report, in->where,
				    "'" STR_FMT "' is no time; write 20ms or 3s",
				    STR_ARG(text));
	*time *= unit;
	return true;
}

static bool status_of(struct reading *in, struct str text, unsigned *status)
{
	uint64_t number;

	if (!str_to_uint(text, &number) || number < 100 || number > 999)
		return report_error(in->report, in->where,
				    "'" STR_FMT "' is no HTTP status", STR_ARG(text));
	*status = (unsigned)number;
	return true;
}

static bool read_behaviour(struct reading *in, struct behaviour *b)
{
	static const struct {
		const char *word;
		enum behaviour_kind kind;
	} kinds[] = {
		{ "refuses", BEHAVES_REFUSES }, { "resets", BEHAVES_RESETS },
		{ "closes", BEHAVES_CLOSES },   { "hangs", BEHAVES_HANGS },
		{ "babbles", BEHAVES_BABBLES }, { "echoes", BEHAVES_ECHOES },
	};
	struct str found;

	if (next_is(in, "after") && !time_of(in, word(in), &b->after))
		return false;
	found = word(in);
	b->body = in->rest;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_eq(found, str_of(kinds[i].word))) {
			b->kind = kinds[i].kind;
			return true;
		}
	}
	b->kind = BEHAVES_ANSWERS;
	if (found.len && isdigit((unsigned char)found.at[0]))
		return status_of(in, found, &b->status);
	return report_error(in->report, in->where,
			    "'" STR_FMT "' is nothing a backend does; a status, echoes, "
			    "refuses, resets, closes, hangs or babbles",
			    STR_ARG(found));
}

static bool begin_script(struct reading *in, const struct behaviour **script)
{
	struct behaviour *b = arena_new(in->arena, struct behaviour);

	*script = b;
	in->script = &b->next;
	in->fields = &b->fields;
	return read_behaviour(in, b);
}

static bool read_then(struct reading *in)
{
	struct behaviour *b = arena_new(in->arena, struct behaviour);

	if (!in->script)
		return report_error(in->report, in->where,
				    "'then' goes on with a backend's script; there is "
				    "none above");
	*in->script = b;
	in->script = &b->next;
	in->fields = &b->fields;
	return read_behaviour(in, b);
}

/* "localhost:8080/foo" */
static bool read_address(struct reading *in, struct peer *b)
{
	struct str address = word(in);
	const size_t slash = str_find(address, '/');
	struct str authority = str_first(address, slash);
	const size_t colon = str_find(authority, ':');
	uint64_t port = 0;

	b->host = str_first(authority, colon);
	b->path = str_from(address, slash);
	if (!str_to_uint(str_from(authority, colon + 1), &port) || port > 65535)
		return report_error(in->report, in->where,
				    "'" STR_FMT "' is no address; write host:port/path",
				    STR_ARG(address));
	b->port = (unsigned)port;
	return true;
}

static const struct peer *named(const struct reading *in, struct str name)
{
	for (const struct peer *b = in->scenario->peers; b; b = b->next)
		if (str_eq(b->name, name))
			return b;
	return NULL;
}

static const struct peer *known(struct reading *in, struct str name)
{
	const struct peer *b = named(in, name);

	if (!b)
		report_error(in->report, in->where, "there is no backend '" STR_FMT "'",
			     STR_ARG(name));
	return b;
}

static bool read_backend(struct reading *in)
{
	struct peer *b = arena_new(in->arena, struct peer);

	b->where = in->where;
	b->name = word(in);
	if (named(in, b->name))
		return report_error(in->report, in->where,
				    "there is a backend '" STR_FMT "' already",
				    STR_ARG(b->name));
	if (!next_is(in, "at"))
		return report_error(in->report, in->where,
				    "write: backend NAME at HOST:PORT[/PATH] …");
	*in->peers = b;
	in->peers = &b->next;
	return read_address(in, b) && begin_script(in, &b->script);
}

static struct step *step(struct reading *in, enum step_kind kind)
{
	struct step *s = arena_new(in->arena, struct step);

	s->kind = kind;
	s->where = in->where;
	*in->steps = s;
	in->steps = &s->next;
	in->fields = NULL;
	in->script = NULL;
	return s;
}

static bool read_now(struct reading *in)
{
	struct step *s = step(in, STEP_BEHAVE);

	s->peer = known(in, word(in));
	return s->peer && begin_script(in, &s->behaviour);
}

static bool read_answer(struct reading *in)
{
	struct step *s = step(in, STEP_ANSWER);
	const bool fine = status_of(in, word(in), &s->status);

	if (in->rest.len)
		s->text = in->rest;
	return fine;
}

/* ":8081/path" is asked at that port. */
static void take_port(struct step *s)
{
	const size_t slash = str_find(s->path, '/');
	uint64_t port;

	if (!str_starts(s->path, STR(":")) ||
	    !str_to_uint(str_from(str_first(s->path, slash), 1), &port) || port > 65535)
		return;
	s->port = (unsigned)port;
	s->path = str_from(s->path, slash);
}

static bool read_request(struct reading *in, struct str method)
{
	struct step *s = step(in, STEP_REQUEST);
	const size_t arrow = str_find_str(in->rest, STR("-> "));
	struct str answer = str_from(in->rest, arrow + 3);

	in->rest = str_first(in->rest, arrow);
	s->method = method;
	s->path = word(in);
	take_port(s);
	if (in->rest.len)
		s->text = in->rest;
	if (answer.len) {
		in->rest = answer;
		if (!read_answer(in))
			return false;
	}
	in->fields = &s->fields;
	if (s->path.len && s->path.at[0] == '/')
		return true;
	return report_error(in->report, in->where, "'" STR_FMT "' is no path",
			    STR_ARG(s->path));
}

static bool read_got(struct reading *in)
{
	struct step *s = step(in, STEP_GOT);

	s->peer = known(in, word(in));
	s->method = word(in);
	s->path = word(in);
	if (in->rest.len)
		s->text = in->rest;
	in->fields = &s->fields;
	return s->peer != NULL;
}

static bool read_log(struct reading *in)
{
	struct step *s = step(in, STEP_LOG);
	const struct str before = in->rest;

	s->level = LOG_TRACE;
	if (!log_level_named(word(in), &s->level))
		in->rest = before;
	s->text = in->rest;
	return true;
}

static bool read_no(struct reading *in)
{
	if (!next_is(in, "log"))
		return report_error(in->report, in->where, "write: no log TEXT");
	step(in, STEP_NO_LOG)->text = in->rest;
	return true;
}

static bool read_field(struct reading *in, bool has_value)
{
	struct field_line *f = arena_new(in->arena, struct field_line);
	const size_t colon = str_find(in->rest, ':');

	if (!in->fields)
		return report_error(
			in->report, in->where,
			"there is nothing above that a header could belong to");
	f->name = str_trim(str_first(in->rest, colon));
	if (has_value && colon == in->rest.len)
		return report_error(in->report, in->where, "write: with NAME: VALUE");
	if (has_value)
		f->value = str_trim(str_from(in->rest, colon + 1));
	*in->fields = f;
	in->fields = &f->next;
	return true;
}

static bool read_with(struct reading *in)
{
	return read_field(in, true);
}

static bool read_without(struct reading *in)
{
	return read_field(in, false);
}

static bool read_header(struct reading *in)
{
	struct step *s = step(in, STEP_HEADER);

	in->fields = &s->fields;
	return read_field(in, true);
}

static bool read_has(struct reading *in)
{
	step(in, STEP_HAS)->text = in->rest;
	return true;
}

static bool read_sent(struct reading *in)
{
	struct step *s = step(in, STEP_SENT);
	struct str names = in->rest;

	s->text = names;
	if (str_eq(names, STR("nothing")))
		return true;
	while (in->rest.len)
		if (!known(in, word(in)))
			return false;
	return true;
}

static bool read_took(struct reading *in)
{
	return time_of(in, word(in), &step(in, STEP_TOOK)->time);
}

static bool read_pass(struct reading *in)
{
	return time_of(in, word(in), &step(in, STEP_PASS)->time);
}

static bool read_switch(struct reading *in)
{
	struct step *s = step(in, STEP_SWITCH);

	s->on = next_is(in, "on");
	if (!s->on && !next_is(in, "off"))
		return report_error(in->report, in->where,
				    "write: switch on ENDPOINT, or switch off ENDPOINT");
	s->text = in->rest;
	return true;
}

static bool read_put(struct reading *in)
{
	struct step *s = step(in, STEP_PUT);

	s->path = word(in);
	if (!next_is(in, "from"))
		return report_error(in->report, in->where, "write: put FILE from FILE");
	s->text = in->rest;
	return true;
}

static bool read_remove(struct reading *in)
{
	step(in, STEP_PUT)->path = in->rest;
	return true;
}

static bool read_set(struct reading *in)
{
	struct field_line *f = arena_new(in->arena, struct field_line);

	f->name = word(in);
	f->value = in->rest;
	*in->settings = f;
	in->settings = &f->next;
	return true;
}

static const struct keyword {
	const char *word;
	bool (*read)(struct reading *in);
} keywords[] = {
	{ "backend", read_backend }, { "then", read_then },
	{ "now", read_now },         { "with", read_with },
	{ "without", read_without }, { "->", read_answer },
	{ "has", read_has },         { "header", read_header },
	{ "took", read_took },       { "sent", read_sent },
	{ "got", read_got },         { "log", read_log },
	{ "no", read_no },           { "pass", read_pass },
	{ "switch", read_switch },   { "put", read_put },
	{ "remove", read_remove },   { "set", read_set },
};

static bool is_method(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 'A' || s.at[i] > 'Z')
			return false;
	return s.len > 0;
}

static void read_line(struct reading *in)
{
	const struct str first = word(in);

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (str_eq(first, str_of(keywords[i].word))) {
			keywords[i].read(in);
			return;
		}
	}
	if (is_method(first))
		read_request(in, first);
	else
		report_error(in->report, in->where,
			     "'" STR_FMT "' begins no line of a scenario",
			     STR_ARG(first));
}

static struct str folder_of(struct str file)
{
	size_t end = file.len;

	while (end > 0 && file.at[end - 1] != '/')
		end--;
	return end ? str_first(file, end - 1) : STR(".");
}

struct scenario *scenario_read(const char *file, struct str text, struct arena *a,
			       struct report *r)
{
	struct scenario *s = arena_new(a, struct scenario);
	struct reading in = { .scenario = s,
			      .arena = a,
			      .report = r,
			      .where = { file, 0 },
			      .settings = &s->settings,
			      .peers = &s->peers,
			      .steps = &s->steps };
	const unsigned errors = r->errors;

	s->file = file;
	s->folder = folder_of(str_of(file));
	while (str_cut(&text, '\n', &in.rest)) {
		in.where.line++;
		in.rest = str_trim(in.rest);
		if (str_starts(in.rest, STR("#")) && !s->title.len)
			s->title = str_trim(str_from(in.rest, 1));
		if (in.rest.len && in.rest.at[0] != '#')
			read_line(&in);
	}
	return r->errors == errors ? s : NULL;
}
