#include "expr/jsonpath_priv.h"

#include <math.h>

#include "message/value.h"

/* What is needed of a run of numbers. */
struct sample {
	size_t count;
	double sum, squares, least, most;
};

static void add_number(struct sample *sample, const struct json *j)
{
	double n;

	if (!json_to_double(j, &n))
		return;
	sample->least = sample->count && sample->least < n ? sample->least : n;
	sample->most = sample->count && sample->most > n ? sample->most : n;
	sample->sum += n;
	sample->squares += n * n;
	sample->count++;
}

static struct sample numbers_of(struct search *s, const struct step *step,
				const struct json *j)
{
	struct sample sample = { 0 };

	if (j->kind == JSON_ARRAY)
		for (const struct json *m = j->first; m && search_step(s); m = m->next)
			add_number(&sample, m);
	for (const struct operand *o = step->arguments; o; o = o->next) {
		const struct json *value = operand_value(s, o, j);

		if (value && value->kind == JSON_ARRAY)
			for (const struct json *m = value->first; m; m = m->next)
				add_number(&sample, m);
		else if (value)
			add_number(&sample, value);
	}
	return sample;
}

static double deviation(const struct sample *sample)
{
	const double count = (double)sample->count, mean = sample->sum / count;

	return sqrt(fmax(sample->squares / count - mean * mean, 0));
}

static const struct json *aggregate(struct search *s, const struct step *step,
				    const struct json *j)
{
	const struct sample sample = numbers_of(s, step, j);
	double result = sample.sum;

	if (!sample.count) {
		search_fail(s, "Aggregation function attempted to calculate value using "
			       "empty array");
		return NULL;
	}
	if (step->function == FUNCTION_MIN)
		result = sample.least;
	else if (step->function == FUNCTION_MAX)
		result = sample.most;
	else if (step->function == FUNCTION_AVG)
		result = sample.sum / (double)sample.count;
	else if (step->function == FUNCTION_STDDEV)
		result = deviation(&sample);
	return json_number(s->arena, java_double(result, s->arena));
}

static const struct json *length_of(struct search *s, const struct step *step,
				    const struct json *j)
{
	if (step->arguments)
		j = operand_value(s, step->arguments, j);
	if (!j)
		return NULL;
	if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT)
		return json_int(s->arena, (int64_t)j->count);
	return j->kind == JSON_STRING ? json_int(s->arena, (int64_t)j->text.len) : NULL;
}

static const struct json *keys_of(struct search *s, const struct json *j)
{
	struct json *keys = json_new(s->arena, JSON_ARRAY);

	if (j->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *m = j->first; m && search_step(s); m = m->next)
		json_append(keys, json_string(s->arena, m->key));
	return keys;
}

static void add_text(struct search *s, const struct json *j, struct buf *b)
{
	if (j->kind == JSON_STRING || j->kind == JSON_NUMBER)
		buf_add(b, value_text(value_json(j), s->arena));
}

static const struct json *concat(struct search *s, const struct step *step,
				 const struct json *j)
{
	struct buf b;
	const struct json *result;

	buf_init(&b, SIZE_MAX / 2);
	if (j->kind == JSON_ARRAY)
		for (const struct json *m = j->first; m && search_step(s); m = m->next)
			if (m->kind == JSON_STRING)
				add_text(s, m, &b);
	for (const struct operand *o = step->arguments; o; o = o->next) {
		const struct json *value = operand_value(s, o, j);

		if (value)
			add_text(s, value, &b);
	}
	result = json_string(s->arena, arena_copy(s->arena, buf_str(&b)));
	buf_release(&b);
	return result;
}

static const struct json *append(struct search *s, const struct step *step,
				 const struct json *j)
{
	struct json *array;

	if (j->kind != JSON_ARRAY)
		return j;
	array = json_copy(s->arena, j);
	for (const struct operand *o = step->arguments; o; o = o->next) {
		const struct json *value = operand_value(s, o, j);

		if (value)
			json_append(array, json_copy(s->arena, value));
	}
	return array;
}

static const struct json *member_at(struct search *s, const struct step *step,
				    const struct json *j)
{
	int64_t n = step->function == FUNCTION_LAST ? -1 : 0;

	if (j->kind != JSON_ARRAY)
		return NULL;
	if (step->function == FUNCTION_INDEX &&
	    (!step->arguments || !json_to_int(operand_value(s, step->arguments, j), &n)))
		return NULL;
	if (n < 0)
		n += (int64_t)j->count;
	return n < 0 ? NULL : json_at(j, (size_t)n);
}

const struct json *function_value(struct search *s, const struct step *step,
				  const struct json *j)
{
	switch (step->function) {
	case FUNCTION_LENGTH:
		return length_of(s, step, j);
	case FUNCTION_MIN:
	case FUNCTION_MAX:
	case FUNCTION_AVG:
	case FUNCTION_STDDEV:
	case FUNCTION_SUM:
		return aggregate(s, step, j);
	case FUNCTION_KEYS:
		return keys_of(s, j);
	case FUNCTION_CONCAT:
		return concat(s, step, j);
	case FUNCTION_APPEND:
		return append(s, step, j);
	case FUNCTION_FIRST:
	case FUNCTION_LAST:
	case FUNCTION_INDEX:
		return member_at(s, step, j);
	case FUNCTIONS:
		break;
	}
	return NULL;
}
