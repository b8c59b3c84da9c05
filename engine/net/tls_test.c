#define _DEFAULT_SOURCE /* mkdtemp */
#include "net/tls.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/rig.h"

/* Two certificates, each its own authority: ours, and a stranger's. */
static char folder[64], certificate[96], key[96], strange[96], strange_key[96];
static struct rig rig;
static struct arena arena;
static struct headers headers;
static struct fault why;

static struct {
	unsigned done, status;
	size_t len;
	enum failure_kind kind;
	enum send_phase phase;
	char text[128];
	struct reply *reply;
} outcome;

static void make_certificates(void)
{
	snprintf(folder, sizeof(folder), "/tmp/tls_test-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(certificate, sizeof(certificate), "%s/a.pem", folder);
	snprintf(key, sizeof(key), "%s/a.key", folder);
	snprintf(strange, sizeof(strange), "%s/b.pem", folder);
	snprintf(strange_key, sizeof(strange_key), "%s/b.key", folder);
	cr_assert(tls_make_certificate(certificate, key, &why));
	cr_assert(tls_make_certificate(strange, strange_key, &why));
}

static void remove_certificates(void)
{
	unlink(certificate);
	unlink(key);
	unlink(strange);
	unlink(strange_key);
	rmdir(folder);
}

static void count_finished(struct http_call *c, bool sent)
{
	(void)c;
	(void)sent;
}

static char large[300 * 1000];

static void say_much(void *ctx, struct http_call *c)
{
	struct body *b = arena_new(&c->arena, struct body);
	const struct http_response r = { .status = c->secure ? 200 : 500, .body = b };

	(void)ctx;
	body_init(b, &c->arena);
	body_set(b, (struct str){ large, sizeof(large) });
	http_answer(c, &r, count_finished);
}

static void note(void *ctx, struct reply *reply, const struct failure *failure)
{
	(void)ctx;
	outcome.done++;
	outcome.reply = reply;
	if (reply)
		outcome.status = reply->status;
	if (!failure)
		return;
	outcome.kind = failure->kind;
	outcome.phase = failure->phase;
	snprintf(outcome.text, sizeof(outcome.text), "%s", failure->text);
}

static void ask(const char *host, const struct tls_trust *trust)
{
	struct transport *t = http_client_transport(rig.client);
	const struct request r = {
		.method = STR("GET"),
		.url = str_of(arena_printf(&arena, "https://%s:%u/", host,
					   http_server_port(rig.server))),
		.headers = &headers,
		.arena = &arena,
		.tls = trust,
	};

	struct body *body;
	struct str part;

	memset(&outcome, 0, sizeof(outcome));
	t->ops->send(t, &r, note, NULL);
	UNTIL(&rig, outcome.done);
	if (!outcome.reply)
		return;
	for (body = &outcome.reply->body; !body_is_taken(body) && rig_turn(&rig);)
		for (part = body_next(body); part.len; part = body_next(body))
			outcome.len += part.len;
	cr_expect_eq(outcome.len, sizeof(large), "%zu bytes", outcome.len);
	body_release(body);
}

static struct tls_server *serve(struct tls_files files)
{
	struct tls_server *s = tls_server_new(&files, &why);

	cr_assert_not_null(s, "%s", why.text);
	rig_start(&rig);
	rig_connect(&rig, &http_client_defaults);
	rig_serve_tls(&rig, s, say_much, NULL);
	headers_init(&headers, &arena);
	return s;
}

static struct tls_trust *trust_in(struct tls_files files)
{
	struct tls_trust *t = tls_trust_new(&files, &why);

	cr_assert_not_null(t, "%s", why.text);
	return t;
}

static void end(struct tls_server *s)
{
	rig_stop(&rig);
	tls_server_free(s);
	arena_release(&arena);
	arena_trim();
}

/* Whom the client believes, by which name it calls, and what comes of it. */
static const struct {
	const char *name, *authorities, *host;
	bool verify, works;
} beliefs[] = {
	{ "its own authority", "ours", "localhost", true, true },
	{ "its own authority, by address", "ours", "127.0.0.1", true, true },
	{ "a stranger's", "strange", "localhost", true, false },
	{ "the system's", NULL, "localhost", true, false },
	{ "anybody", NULL, "localhost", false, true },
};

Test(tls, a_server_is_believed_only_if_it_proves_its_name)
{
	make_certificates();
	for (size_t i = 0; i < sizeof(beliefs) / sizeof(beliefs[0]); i++) {
		struct tls_files files = { .verify = beliefs[i].verify };
		struct tls_server *s = serve(
			(struct tls_files){ .certificate = certificate, .key = key });
		struct tls_trust *t;

		if (beliefs[i].authorities)
			files.authorities = beliefs[i].authorities[0] == 'o' ? certificate
									     : strange;
		t = trust_in(files);
		ask(beliefs[i].host, t);
		cr_expect_eq(outcome.status == 200, beliefs[i].works, "%s: %s",
			     beliefs[i].name, outcome.text);
		if (!beliefs[i].works) {
			cr_expect_eq(outcome.kind, FAILURE_TLS, "%s", beliefs[i].name);
			cr_expect_eq(outcome.phase, PHASE_CONNECTING, "%s",
				     beliefs[i].name);
			cr_expect(outcome.text[0], "%s", beliefs[i].name);
		}
		tls_trust_free(t);
		end(s);
	}
	remove_certificates();
}

Test(tls, verification_is_on_unless_it_is_switched_off)
{
	struct tls_server *s;

	make_certificates();
	s = serve((struct tls_files){ .certificate = certificate, .key = key });
	ask("localhost", NULL);
	cr_expect_eq(outcome.kind, FAILURE_TLS);
	end(s);
	remove_certificates();
}

/* What the client shows to a server that wants to see something. */
static const struct {
	const char *name;
	const char *shows;
	bool works;
} shown[] = {
	{ "the right one", "ours", true },
	{ "a stranger's", "strange", false },
	{ "none", NULL, false },
};

Test(tls, a_server_may_want_to_know_its_clients)
{
	make_certificates();
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct tls_files files = { .authorities = certificate, .verify = true };
		struct tls_server *s = serve(
			(struct tls_files){ .certificate = certificate,
					    .key = key,
					    .authorities = certificate,
					    .verify = true });
		struct tls_trust *t;

		if (shown[i].shows) {
			files.certificate = shown[i].shows[0] == 'o' ? certificate
								     : strange;
			files.key = shown[i].shows[0] == 'o' ? key : strange_key;
		}
		t = trust_in(files);
		ask("localhost", t);
		cr_expect_eq(outcome.status == 200, shown[i].works, "%s: %s",
			     shown[i].name, outcome.text);
		tls_trust_free(t);
		end(s);
	}
	remove_certificates();
}

Test(tls, a_new_certificate_is_shown_without_a_restart)
{
	struct tls_files nowhere = { .certificate = "/nowhere.pem" };
	struct tls_files files;
	struct tls_server *s;
	struct tls_trust *t;

	make_certificates();
	files = (struct tls_files){ .certificate = strange, .key = strange_key };
	t = trust_in((struct tls_files){ .authorities = strange, .verify = true });
	s = serve((struct tls_files){ .certificate = certificate, .key = key });
	ask("localhost", t);
	cr_expect_eq(outcome.status, 0);
	cr_assert(tls_server_renew(s, &files, &why));
	ask("localhost", t);
	cr_expect_eq(outcome.status, 200, "%s", outcome.text);
	cr_expect_not(tls_server_renew(s, &nowhere, &why));
	ask("localhost", t);
	cr_expect_eq(outcome.status, 200, "what was stays: %s", outcome.text);
	tls_trust_free(t);
	end(s);
	remove_certificates();
}

Test(tls, whom_to_believe_can_be_renewed_as_well)
{
	struct tls_files files = { .verify = true };
	struct tls_server *s;
	struct tls_trust *t;

	make_certificates();
	s = serve((struct tls_files){ .certificate = certificate, .key = key });
	t = trust_in((struct tls_files){ .authorities = strange, .verify = true });
	ask("localhost", t);
	cr_expect_eq(outcome.kind, FAILURE_TLS);
	files.authorities = certificate;
	cr_assert(tls_trust_renew(t, &files, &why));
	ask("localhost", t);
	cr_expect_eq(outcome.status, 200, "%s", outcome.text);
	tls_trust_free(t);
	end(s);
	remove_certificates();
}

/* What cannot be loaded, and what is said of it. */
static const struct {
	const char *name, *certificate, *key, *authorities, *says;
} wrong[] = {
	{ "no such file", "/nowhere.pem", "/nowhere.key", NULL, "/nowhere.pem" },
	{ "a file that is none", "/dev/null", "/dev/null", NULL, "/dev/null" },
	{ "no such authorities", NULL, NULL, "/nowhere.pem", "/nowhere.pem" },
};

Test(tls, a_file_that_cannot_be_used_is_named)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct tls_files files = { wrong[i].certificate, wrong[i].key,
						 wrong[i].authorities, true };

		cr_expect_null(tls_trust_new(&files, &why), "%s", wrong[i].name);
		cr_expect_not_null(strstr(why.text, wrong[i].says), "%s: %s",
				   wrong[i].name, why.text);
	}
}

Test(tls, a_key_of_our_own_making_is_for_our_eyes_only)
{
	struct stat s;

	make_certificates();
	cr_assert_eq(stat(key, &s), 0);
	cr_expect_eq(s.st_mode & 0777, 0600);
	cr_expect_not(tls_make_certificate("/nowhere/a.pem", "/nowhere/a.key", &why));
	remove_certificates();
}
