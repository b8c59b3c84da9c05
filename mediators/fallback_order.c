/* Which option of a fallback has its turn when. */
#include "base/crypto.h"
#include "fallback.h"

static const struct fallback_option *option(const struct fallback *f, unsigned number)
{
	return f->options.at[number];
}

/* From the heaviest; equals stay as they were written. */
static void sort_by_weight(const struct fallback *f, unsigned *order)
{
	for (unsigned i = 1; i < f->options.count; i++) {
		const unsigned one = order[i];
		unsigned k = i;

		for (; k && option(f, order[k - 1])->weight < option(f, one)->weight; k--)
			order[k] = order[k - 1];
		order[k] = one;
	}
}

/* Those that may be tried share what the others would have had. */
static void draw_first(const struct fallback *f, unsigned *order, struct exchange *x)
{
	uint64_t sum = 0, drawn;
	unsigned place = 0;

	for (unsigned i = 0; i < f->options.count; i++)
		if (fallback_option_may_be_tried(option(f, order[i]), x))
			sum += option(f, order[i])->weight;
	if (!sum)
		return;
	random_bytes(&drawn, sizeof(drawn));
	drawn %= sum;
	for (;; place++) {
		const struct fallback_option *o = option(f, order[place]);

		if (!fallback_option_may_be_tried(o, x))
			continue;
		if (drawn < o->weight)
			break;
		drawn -= o->weight;
	}

	const unsigned winner = order[place];

	memmove(order + 1, order, place * sizeof(*order));
	order[0] = winner;
}

unsigned *fallback_order(const struct fallback *f, struct exchange *x)
{
	unsigned *order = arena_alloc(&x->arena, f->options.count * sizeof(*order));

	for (unsigned i = 0; i < f->options.count; i++)
		order[i] = i;
	if (f->pick == FALLBACK_WEIGHTED) {
		sort_by_weight(f, order);
		draw_first(f, order, x);
	}
	return order;
}
