#include "tests/play.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "message/json.h"

enum { LATEST_MS = 1500 }; /* how late a live answer may be */
enum { LARGEST_FILE = 64 << 20, PIECE = 64 * 1024 };

bool play_read_file(const char *path, struct arena *a, struct str *text)
{
	FILE *in = fopen(path, "r");
	struct buf read;
	size_t n = 1;
	char *to;

	if (!in)
		return false;
	buf_init(&read, LARGEST_FILE);
	while (n && (to = buf_reserve(&read, PIECE))) {
		n = fread(to, 1, PIECE, in);
		read.len += n;
	}
	fclose(in);
	*text = arena_copy(a, buf_str(&read));
	buf_release(&read);
	return true;
}

void play_init(struct play *p, const struct scenario *s, const struct play_ways *ways)
{
	struct actor **last = &p->actors;

	*p = (struct play){ .scenario = s, .ways = ways };
	pthread_mutex_init(&p->lock, NULL);
	buf_init(&p->sent, 64 * 1024);
	p->last = p->looked = &p->lines;
	for (const struct peer *peer = s->peers; peer; peer = peer->next) {
		struct actor *a = arena_new(&p->arena, struct actor);

		a->peer = peer;
		a->next = peer->script;
		*last = a;
		last = &a->beside;
	}
}

void play_release(struct play *p)
{
	buf_release(&p->sent);
	pthread_mutex_destroy(&p->lock);
	arena_release(&p->arena);
}

bool play_fail(const struct play *p, const char *fmt, ...)
{
	const struct where at = p->at ? p->at->where
				      : (struct where){ p->scenario->file, 0 };
	va_list ap;

	fprintf(stderr, "%s:%u: ", at.file, at.line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

static struct actor *actor_of(struct play *p, const struct peer *peer)
{
	struct actor *a = p->actors;

	while (a->peer != peer)
		a = a->beside;
	return a;
}

bool play_listens(struct play *p, const struct peer *peer)
{
	bool listens;

	pthread_mutex_lock(&p->lock);
	listens = actor_of(p, peer)->next->kind != BEHAVES_REFUSES;
	pthread_mutex_unlock(&p->lock);
	return listens;
}

struct behaviour play_ask(struct play *p, const struct peer *peer,
			  const struct received *r)
{
	pthread_mutex_lock(&p->lock);

	struct actor *a = actor_of(p, peer);
	const struct behaviour now = *a->next;

	if (now.next)
		a->next = now.next;
	a->asked++;
	a->last.method = arena_copy(&p->arena, r->method);
	a->last.path = arena_copy(&p->arena, r->path);
	a->last.body = arena_copy(&p->arena, r->body);
	headers_clone(&a->last.headers, &r->headers, &p->arena);
	buf_add_char(&p->sent, ' ');
	buf_add(&p->sent, peer->name);
	pthread_mutex_unlock(&p->lock);
	return now;
}

void play_log(struct play *p, enum log_level level, struct str logger, struct str text)
{
	pthread_mutex_lock(&p->lock);

	struct logged *l = arena_new(&p->arena, struct logged);

	l->level = level;
	l->logger = arena_copy(&p->arena, logger);
	l->text = arena_copy(&p->arena, text);
	*p->last = l;
	p->last = &l->next;
	pthread_mutex_unlock(&p->lock);
}

static bool same_json(struct play *p, struct str want, struct str got)
{
	struct fault why = { 0 };
	const struct json *a = json_parse(want, &p->arena, &why);
	const struct json *b = a ? json_parse(got, &p->arena, &why) : NULL;

	return a && b && json_equal(a, b);
}

static bool same_body(struct play *p, struct str want, struct str got)
{
	want = str_trim(want);
	got = str_trim(got);
	if (str_eq(want, got) || same_json(p, want, got))
		return true;
	return (str_find_str(want, STR("…")) < want.len ||
		str_find_str(want, STR("...")) < want.len) &&
	       scenario_matches(want, got);
}

static bool check_answer(struct play *p, const struct step *s)
{
	const struct play_answer *a = &p->answer;

	if (!p->ways->answer(p))
		return false;
	if (a->status != s->status)
		return play_fail(p, "expected status %u, got %u " STR_FMT, s->status,
				 a->status, STR_ARG(a->body));
	if (s->text.at && !same_body(p, s->text, a->body))
		return play_fail(p, "expected the body\n  " STR_FMT "\ngot\n  " STR_FMT,
				 STR_ARG(s->text), STR_ARG(a->body));
	return true;
}

static bool check_has(struct play *p, const struct step *s)
{
	if (scenario_matches(s->text, p->answer.body))
		return true;
	return play_fail(p, "the answer has no '" STR_FMT "' in it:\n  " STR_FMT,
			 STR_ARG(s->text), STR_ARG(p->answer.body));
}

/* Each field with a value must match, each without must not be there. */
static bool check_fields(struct play *p, const struct field_line *f,
			 const struct headers *got)
{
	for (; f; f = f->next) {
		const struct str value = headers_get(got, f->name);

		if (!f->value.at && value.at)
			return play_fail(p, "there is a header " STR_FMT ": " STR_FMT,
					 STR_ARG(f->name), STR_ARG(value));
		if (f->value.at && !value.at)
			return play_fail(p, "there is no header " STR_FMT,
					 STR_ARG(f->name));
		if (f->value.at && !scenario_matches(f->value, value))
			return play_fail(
				p, "expected " STR_FMT ": " STR_FMT ", got " STR_FMT,
				STR_ARG(f->name), STR_ARG(f->value), STR_ARG(value));
	}
	return true;
}

static bool check_header(struct play *p, const struct step *s)
{
	return check_fields(p, s->fields, &p->answer.headers);
}

static bool check_took(struct play *p, const struct step *s)
{
	const uint64_t took = p->answer.took;
	const uint64_t most = p->ways->exact ? s->time : s->time + LATEST_MS;

	if (took >= s->time && took <= most)
		return true;
	return play_fail(
		p, "expected the answer after %" PRIu64 " ms, got it after %" PRIu64,
		s->time, took);
}

/* A live peer that refuses is not asked in its own knowledge: it is left out. */
static struct str names_seen(struct play *p, struct str names)
{
	struct buf seen;
	struct str name, all;

	if (p->ways->exact)
		return names;
	buf_init(&seen, 4096);
	while (str_cut(&names, ' ', &name)) {
		for (struct actor *a = p->actors; name.len && a; a = a->beside)
			if (str_eq(a->peer->name, name) &&
			    a->next->kind != BEHAVES_REFUSES)
				buf_printf(&seen, " " STR_FMT, STR_ARG(name));
	}
	all = arena_copy(&p->arena, str_trim(buf_str(&seen)));
	buf_release(&seen);
	return all;
}

static bool sent_is(struct play *p, struct str names, struct str *got)
{
	bool same;

	pthread_mutex_lock(&p->lock);
	*got = arena_copy(&p->arena, str_trim(buf_str(&p->sent)));
	same = str_eq(*got, names);
	if (same)
		buf_clear(&p->sent);
	pthread_mutex_unlock(&p->lock);
	return same;
}

static bool check_sent(struct play *p, const struct step *s)
{
	const bool nothing = str_eq(s->text, STR("nothing"));
	const struct str want = nothing ? STR("") : names_seen(p, s->text);
	struct str got;
	unsigned looks = 0;

	while (!sent_is(p, want, &got))
		if (nothing || !p->ways->patience(p, looks++))
			return play_fail(p,
					 "expected to be sent to '" STR_FMT
					 "', got '" STR_FMT "'",
					 STR_ARG(s->text), STR_ARG(got));
	return true;
}

static bool check_got(struct play *p, const struct step *s)
{
	const struct actor *a = actor_of(p, s->peer);
	struct received last;

	pthread_mutex_lock(&p->lock);
	last = a->last;
	pthread_mutex_unlock(&p->lock);
	if (!a->asked)
		return play_fail(p, "nothing was sent to " STR_FMT,
				 STR_ARG(s->peer->name));
	if (!str_eq(s->method, last.method) || !scenario_matches(s->path, last.path))
		return play_fail(
			p, "expected " STR_FMT " " STR_FMT ", got " STR_FMT " " STR_FMT,
			STR_ARG(s->method), STR_ARG(s->path), STR_ARG(last.method),
			STR_ARG(last.path));
	if (s->text.at && !same_body(p, s->text, last.body))
		return play_fail(p, "expected the body\n  " STR_FMT "\ngot\n  " STR_FMT,
				 STR_ARG(s->text), STR_ARG(last.body));
	return check_fields(p, s->fields, &last.headers);
}

static bool line_matches(struct play *p, const struct step *s, const struct logged *l)
{
	const char *line;

	if (s->level != LOG_TRACE && s->kind == STEP_LOG && s->level != l->level)
		return false;
	line = arena_printf(&p->arena, "{" STR_FMT "} - " STR_FMT, STR_ARG(l->logger),
			    STR_ARG(l->text));
	return scenario_matches(s->text, str_of(line));
}

static bool find_line(struct play *p, const struct step *s, struct logged **from)
{
	bool found = false;

	pthread_mutex_lock(&p->lock);
	for (struct logged **l = from; *l && !found; l = &(*l)->next) {
		found = line_matches(p, s, *l);
		if (found)
			p->looked = &(*l)->next;
	}
	pthread_mutex_unlock(&p->lock);
	return found;
}

static bool check_log(struct play *p, const struct step *s)
{
	unsigned looks = 0;

	while (!find_line(p, s, p->looked)) {
		if (p->ways->patience(p, looks++))
			continue;
		play_fail(p,
			  "no line '" STR_FMT "' in what was logged since the last look:",
			  STR_ARG(s->text));
		for (const struct logged *l = *p->looked; l; l = l->next)
			fprintf(stderr, "  %s {" STR_FMT "} - " STR_FMT "\n",
				log_level_name(l->level), STR_ARG(l->logger),
				STR_ARG(l->text));
		return false;
	}
	return true;
}

static bool check_no_log(struct play *p, const struct step *s)
{
	struct logged **const looked = p->looked;
	const bool found = find_line(p, s, &p->lines);

	p->looked = looked;
	return !found || play_fail(p, "'" STR_FMT "' was logged", STR_ARG(s->text));
}

static bool behave(struct play *p, const struct step *s)
{
	pthread_mutex_lock(&p->lock);
	actor_of(p, s->peer)->next = s->behaviour;
	pthread_mutex_unlock(&p->lock);
	return true;
}

static bool play_step(struct play *p, const struct step *s)
{
	switch (s->kind) {
	case STEP_BEHAVE:
		return behave(p, s);
	case STEP_REQUEST:
		return p->ways->request(p, s);
	case STEP_ANSWER:
		return check_answer(p, s);
	case STEP_HAS:
		return check_has(p, s);
	case STEP_HEADER:
		return check_header(p, s);
	case STEP_TOOK:
		return check_took(p, s);
	case STEP_SENT:
		return check_sent(p, s);
	case STEP_GOT:
		return check_got(p, s);
	case STEP_LOG:
		return check_log(p, s);
	case STEP_NO_LOG:
		return check_no_log(p, s);
	case STEP_PASS:
		return p->ways->pass(p, s->time);
	case STEP_SWITCH:
		return p->ways->turn(p, s->text, s->on);
	case STEP_PUT:
		return p->ways->put(p, s);
	}
	return false;
}

bool play_steps(struct play *p)
{
	for (const struct step *s = p->scenario->steps; s; s = s->next) {
		p->at = s;
		p->steps++;
		if (!play_step(p, s))
			return false;
	}
	p->at = NULL;
	return true;
}
