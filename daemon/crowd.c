#include "daemon/crowd.h"

#include <fcntl.h>
#include <unistd.h>
#ifdef __GLIBC__
#	include <malloc.h>
#endif

#include "daemon/server.h"

enum { LOOK_MS = 200 };

static const char logger[] =
	"org.apache.synapse.transport.passthru.core.PassThroughListeningIOReactorManager";

/* The file's words, as many as are asked for; one that is no number is 0. */
static void read_numbers(const char *path, uint64_t *numbers, unsigned count)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC);
	char text[256];
	const ssize_t len = file >= 0 ? read(file, text, sizeof(text)) : 0;
	struct str rest = { text, len > 0 ? (size_t)len : 0 }, word;

	if (file >= 0)
		close(file);
	for (unsigned i = 0; i < count; i++) {
		numbers[i] = 0;
		if (str_cut(&rest, ' ', &word))
			str_to_uint(str_trim(word), &numbers[i]);
	}
}

/* Without the pages of files, which the system takes back when it needs them. */
static uint64_t in_use(void)
{
	uint64_t pages[3];

	read_numbers("/proc/self/statm", pages, 3);
	return (pages[1] - pages[2]) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Four fifths of what there is, for us or at all. */
static uint64_t usual(void)
{
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) *
		       (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t ours;

	read_numbers("/sys/fs/cgroup/memory.max", &ours, 1);
	if (ours && ours < all)
		all = ours;
	return all / 5 * 4;
}

static void trim(void *ctx)
{
	(void)ctx;
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static void trimmed(void *ctx)
{
	struct crowd *c = ctx;

	c->trimming = false;
}

static void tell_workers(struct crowd *c)
{
	struct server *s = c->server;

	for (unsigned i = 0; i < s->worker_count; i++)
		worker_crowd(&s->workers[i], c->crowded);
}

static void look(void *ctx)
{
	struct crowd *c = ctx;
	struct server *s = c->server;
	const uint64_t now = in_use(), mib = 1 << 20;
	/* Not to and fro: it is over when a tenth is free. */
	const bool crowded = now > (c->crowded ? c->most / 10 * 9 : c->most);

	timer_set(&s->timers, &c->timer, s->timers.now + LOOK_MS);
	if (crowded && !c->trimming) {
		c->trimming = true;
		loop_work(s->loop, trim, trimmed, c);
	}
	if (crowded == c->crowded)
		return;
	c->crowded = crowded;
	tell_workers(c);
	log_line(crowded ? LOG_WARN : LOG_INFO, logger,
		 crowded ? "%llu MiB of memory are in use, more than the %llu of "
			   "server.max_memory: most new messages are answered 503"
			 : "%llu MiB of memory are in use, of %llu: all messages are "
			   "taken again",
		 (unsigned long long)(now / mib), (unsigned long long)(c->most / mib));
}

void crowd_watch(struct crowd *c, struct server *s)
{
	*c = (struct crowd){ .server = s, .most = s->settings->max_memory };
	if (!c->most)
		c->most = usual();
	timer_init(&c->timer, look, c);
	timer_set(&s->timers, &c->timer, s->timers.now + LOOK_MS);
}

void crowd_leave(struct crowd *c)
{
	if (c->server)
		timer_clear(&c->server->timers, &c->timer);
}
