#include "tests/engine_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/wire.h"

enum { ARGUMENTS = 64, READY_MS = 10000 };

/* "[2026-11-21 10:52:12,557]  WARN {logger} - text" */
static void take_line(struct play *p, struct str line)
{
	const size_t close = str_find_str(line, STR("]"));
	struct str rest = str_trim(str_from(line, close + 1)), word;
	enum log_level level = LOG_TRACE;

	str_cut(&rest, ' ', &word);
	if (!str_starts(line, STR("[")) || !log_level_named(word, &level)) {
		play_log(p, LOG_TRACE, STR(""), line);
		return;
	}
	rest = str_trim(rest);
	const size_t end = str_find_str(rest, STR("} - "));

	if (!str_starts(rest, STR("{")) || end == rest.len)
		play_log(p, level, STR(""), rest);
	else
		play_log(p, level, str_first(str_from(rest, 1), end - 1),
			 str_from(rest, end + 4));
}

/* Thread: until the process has closed its output. */
static void *read_output(void *ctx)
{
	struct engine_process *e = ctx;
	FILE *in = fdopen(e->output, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (in && (n = getline(&line, &room, in)) > 0)
		take_line(e->play, str_trim((struct str){ line, (size_t)n }));
	free(line);
	if (in)
		fclose(in);
	arena_trim();
	return NULL;
}

static void become(const char *program, const char **words, int output)
{
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execv(program, (char *const *)words);
	_exit(127);
}

/* The command line; its texts are the play's. */
static void command_line(struct engine_process *e, const char **words)
{
	const struct scenario *s = e->play->scenario;
	struct arena *a = &e->play->arena;
	unsigned n = 0;

	e->port = wire_free_port();
	e->admin_port = wire_free_port();
	words[n++] = "myelin";
	words[n++] = "serve";
	words[n++] = arena_copy(a, s->folder).at;
	words[n++] = arena_printf(a, "--port=%u", e->port);
	words[n++] = "--tls-port=0";
	words[n++] = arena_printf(a, "--admin-port=%u", e->admin_port);
	words[n++] = "--bind=127.0.0.1";
	words[n++] = "--workers=1";
	words[n++] = "--no-watch";
	words[n++] = arena_printf(a, "--state=%s", e->state);
	for (const struct field_line *f = s->settings; f && n < ARGUMENTS - 3;
	     f = f->next)
		words[n++] = arena_printf(a, "--set=" STR_FMT "=" STR_FMT,
					  STR_ARG(f->name), STR_ARG(f->value));
	words[n] = NULL;
}

static bool is_ready(unsigned port)
{
	const int s = wire_connect(port);
	struct arena a = { 0 };
	struct wire_message m = { 0 };
	struct buf in;
	int n = -1;

	if (s < 0)
		return false;
	buf_init(&in, 64 * 1024);
	wire_send(s, STR("GET /readiness HTTP/1.1\r\nHost: localhost\r\n\r\n"));
	for (unsigned tries = 0; tries < 50 && n != 0; tries++) {
		if (wire_parse(buf_str(&in), false, &a, &m))
			break;
		wire_wait(2);
		n = wire_receive(s, &in);
	}
	close(s);

	const bool ready = str_eq(m.start[1], STR("200"));

	buf_release(&in);
	arena_release(&a);
	return ready;
}

static bool await_ready(struct engine_process *e, unsigned probe_port)
{
	const uint64_t until = wire_now() + READY_MS;

	while (wire_now() < until) {
		if (is_ready(probe_port))
			return true;
		if (waitpid(e->pid, NULL, WNOHANG) == e->pid) {
			e->pid = 0;
			return play_fail(e->play, "the engine did not start");
		}
		wire_wait(20);
	}
	return play_fail(e->play, "the engine is not ready after %d ms", READY_MS);
}

bool engine_process_start(struct engine_process *e, struct play *p, const char *program)
{
	const unsigned probe_port = wire_free_port();
	const char *words[ARGUMENTS];
	unsigned n = 0;
	int pipes[2];

	*e = (struct engine_process){ .play = p, .state = "/tmp/myelin-live-XXXXXX" };
	if (!mkdtemp(e->state) || pipe(pipes) != 0)
		return play_fail(p, "no temporary directory or pipe can be made");
	fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	command_line(e, words);
	while (words[n])
		n++;
	words[n++] = arena_printf(&p->arena, "--probe-port=%u", probe_port);
	words[n] = NULL;
	e->pid = fork();
	if (e->pid == 0)
		become(program, words, pipes[1]);
	close(pipes[1]);
	e->output = pipes[0];
	pthread_create(&e->reader, NULL, read_output, e);
	return await_ready(e, probe_port);
}

/* Everything the play made of its state is small and flat; two levels are enough. */
static void remove_state(const struct engine_process *e)
{
	const pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", e->state, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

bool engine_process_stop(struct engine_process *e)
{
	int status = 0;

	if (e->pid > 0) {
		kill(e->pid, SIGTERM);
		waitpid(e->pid, &status, 0);
	}
	if (e->output > 0)
		pthread_join(e->reader, NULL);
	remove_state(e);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	for (const struct logged *l = e->play->lines; l; l = l->next)
		if (l->level == LOG_TRACE)
			fprintf(stderr, "  " STR_FMT "\n", STR_ARG(l->text));
	return play_fail(e->play, "the engine ended with status %d", status);
}

bool engine_process_manage(struct engine_process *e, const char *path, const char *body)
{
	const char *url = arena_printf(&e->play->arena, "https://127.0.0.1:%u%s",
				       e->admin_port, path);
	const pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execlp("curl", "curl", "-fsSk", "-o", "/dev/null", "-u", "admin:admin",
		       "-H", "Content-Type: application/json", "-d", body, url,
		       (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
