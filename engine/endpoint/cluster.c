/*
 * A message's stay in a cluster.
 *
 *	pick --> child --> answered --> (done)
 *	  ^        |  status of `again`, and retries left: the same child again
 *	  |        |  no connection, and `advance`: marked down; the next one
 *	  `--------'  anything else, or time is up: the failure is final
 */
#include "endpoint/attempt.h"
#include "endpoint/cluster.h"

struct stay {
	const struct cluster *cluster;
	struct exchange *x;
	struct snapshot before;
	struct timer deadline;
	bool *tried; /* by child */
	unsigned last;
	unsigned retries; /* left */
	bool begun, counted, late;
};

static void expire(void *ctx)
{
	struct stay *s = ctx;
	const struct endpoint *e = &s->cluster->group.base;
	const struct fault why = {
		.code = FAULT_CONNECTION_TIMEOUT,
		.text = "Send timeout",
		.detail = arena_printf(&s->x->arena,
				       "deadline: " STR_FMT
				       " gave no answer within %llu ms",
				       STR_ARG(endpoint_name(e)),
				       (unsigned long long)s->cluster->timeout),
		.kind = "deadline",
		.endpoint = arena_copy(&s->x->arena, endpoint_name(e)).at,
		.where = e->node.where,
	};

	s->late = true;
	exchange_interrupt(s->x, s, &why);
}

static enum flow refuse(struct exchange *x, const struct cluster *c, const char *kind,
			const char *what)
{
	const struct str name = endpoint_name(&c->group.base);
	const struct fault why = {
		.code = FAULT_NONE_READY,
		.text = arena_printf(&x->arena, "Cluster endpoint : " STR_FMT " - %s",
				     STR_ARG(name), what),
		.kind = kind,
		.endpoint = arena_copy(&x->arena, name).at,
	};

	return exchange_fault_with(x, &why);
}

static bool is_up(const struct cluster *c, unsigned i)
{
	return !c->contacts[i].probe || probe_is_usable(c->contacts[i].probe);
}

static bool may_try(const struct stay *s, unsigned i)
{
	const struct endpoint *child = s->cluster->group.children.at[i];

	return !s->tried[i] && endpoint_is_ready(&child->node, s->x);
}

/* The first from `from` on, around, that is up (or whatever: panic). -1: nobody. */
static int look_from(const struct stay *s, unsigned from, bool panic)
{
	const unsigned count = s->cluster->group.children.count;

	for (unsigned k = 0; k < count; k++) {
		const unsigned i = (from + k) % count;

		if (may_try(s, i) && (panic || is_up(s->cluster, i)))
			return (int)i;
	}
	return -1;
}

static unsigned next_turn(const struct cluster *c)
{
	const uint64_t turn = atomic_fetch_add(&c->group.turn->at, 1);

	return (unsigned)(turn % c->group.children.count);
}

static int pick(const struct stay *s)
{
	const struct cluster *c = s->cluster;
	const int up = look_from(s, c->pick == PICK_TURNS ? next_turn(c) : 0, false);

	return up >= 0 ? up : look_from(s, next_turn(c), true);
}

static enum flow push(struct stay *s, unsigned i)
{
	struct exchange *x = s->x;

	if (s->begun) {
		snapshot_restore(&s->before, x);
		if (!body_rewind(&x->message.body))
			return FLOW_FAULT;
		exchange_hide_fault(x);
	}
	s->begun = true;
	s->tried[i] = true;
	s->last = i;
	exchange_push(x, s->cluster->group.children.at[i]);
	return FLOW_CHILD;
}

static enum flow try_next(struct stay *s)
{
	const int i = pick(s);

	if (i >= 0)
		return push(s, (unsigned)i);
	return s->begun ? FLOW_FAULT
			: refuse(s->x, s->cluster, "none_ready",
				 "no ready child endpoints");
}

/* False: too many are under way already. */
static bool count_in(struct stay *s)
{
	const struct limits_rule *l = s->cluster->limits;
	uint64_t most, before;

	if (!l)
		return true;
	most = l->connections + l->pending;
	if (l->requests < most)
		most = l->requests;
	before = atomic_fetch_add(s->cluster->under_way, 1);
	s->counted = before < most;
	if (!s->counted)
		atomic_fetch_sub(s->cluster->under_way, 1);
	return s->counted;
}

static bool may_repeat(const struct cluster *c)
{
	return c->again || (c->advance == ADVANCE_UNSENT && c->group.children.count > 1);
}

static enum flow begin(const struct node *n, struct exchange *x, void *state)
{
	const struct cluster *c = (const struct cluster *)n;
	struct stay *s = state;

	s->cluster = c;
	s->x = x;
	timer_init(&s->deadline, expire, s);
	x->endpoint_handler = NULL;
	if (!health_is_ready(c->group.base.health, 0))
		return refuse(x, c, "off", "is inactive");
	if (!count_in(s))
		return refuse(x, c, "overflow", "too many requests are under way");
	if (endpoint_set_properties(&c->group.base, x) == FLOW_FAULT)
		return FLOW_FAULT;
	s->tried = arena_alloc(&x->stack, c->group.children.count * sizeof(*s->tried));
	s->retries = c->again ? (unsigned)c->again->most : 0;
	if (may_repeat(c)) {
		body_keep(&x->message.body, &c->group.base.settings->replay);
		snapshot_take(&s->before, x);
	}
	if (c->timeout)
		timer_set(&x->engine->timers, &s->deadline,
			  x->engine->timers.now + c->timeout);
	return try_next(s);
}

/* Nothing was sent: there was no connection to send it on. */
static bool is_unsent(const struct fault *f)
{
	static const char *const kinds[] = { "connect_refused", "connect_timeout", "dns",
					     "tls" };

	for (size_t i = 0; f->kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(f->kind, kinds[i]) == 0)
			return true;
	return false;
}

static enum flow after_failure(const struct node *n, struct exchange *x, void *state)
{
	struct stay *s = state;
	const struct cluster *c = s->cluster;
	struct probe *probe;

	(void)n;
	if (s->late || !s->begun)
		return FLOW_FAULT;
	if (x->fault.kind && strcmp(x->fault.kind, "status") == 0 && s->retries) {
		s->retries--;
		return push(s, s->last);
	}
	if (c->advance == ADVANCE_NEVER || !is_unsent(&x->fault))
		return FLOW_FAULT;
	probe = c->contacts[s->last].probe;
	if (probe)
		probe_mark_down(probe);
	return try_next(s);
}

static void leave(const struct node *n, struct exchange *x, void *state)
{
	struct stay *s = state;

	(void)n;
	if (!s->x)
		return;
	timer_clear(&x->engine->timers, &s->deadline);
	if (s->counted)
		atomic_fetch_sub(s->cluster->under_way, 1);
}

bool cluster_wants_again(const struct exchange *x, unsigned status)
{
	const struct frame *f = x->top->below;
	const struct again_rule *rule;
	const struct stay *s;

	if (!f || f->node->type != &cluster_endpoint_type)
		return false;
	s = f->state;
	rule = s->cluster->again;
	if (!rule || !s->retries || x->message.body.over)
		return false;
	for (unsigned i = 0; i < rule->statuses.count; i++)
		if ((unsigned)rule->statuses.at[i] == status)
			return true;
	return false;
}

const struct node_type cluster_endpoint_type = {
	.name = "m:cluster",
	.brief = "Addresses of one service: the first that is up, or each in turn.",
	.frame_size = sizeof(struct stay),
	.run = begin,
	.rescue = after_failure,
	.leave = leave,
};
