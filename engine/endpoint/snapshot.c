/* What one attempt wrote does not reach the next (decisions.md F9). */
#include "endpoint/endpoint_priv.h"

static void *copy(struct exchange *x, const void *from, size_t size)
{
	void *to = size ? arena_alloc_dirty(&x->stack, size) : NULL;

	if (size)
		memcpy(to, from, size);
	return to;
}

void snapshot_take(struct snapshot *s, struct exchange *x)
{
	const struct message *m = &x->message;

	s->headers = copy(x, m->headers.at, m->headers.count * sizeof(*m->headers.at));
	s->header_count = m->headers.count;
	s->content = m->content;
	s->to = m->to;
	for (unsigned i = 0; i < SCOPES; i++) {
		const struct properties *p = &m->properties[i];

		s->properties[i] = copy(x, p->at, p->count * sizeof(*p->at));
		s->counts[i] = p->count;
	}
}

/* Tables only grow, so there is room for what was in them. */
void snapshot_restore(const struct snapshot *s, struct exchange *x)
{
	struct message *m = &x->message;

	if (s->header_count)
		memcpy(m->headers.at, s->headers, s->header_count * sizeof(*s->headers));
	m->headers.count = s->header_count;
	m->to = s->to;
	for (unsigned i = 0; i < SCOPES; i++) {
		struct properties *p = &m->properties[i];

		if (s->counts[i])
			memcpy(p->at, s->properties[i],
			       s->counts[i] * sizeof(*s->properties[i]));
		p->count = s->counts[i];
	}
	message_set_property(m, SCOPE_DEFAULT, STR("SENDING_FAULT"), value_bool(true));
}
