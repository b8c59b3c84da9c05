#include "daemon/metrics.h"

#include "daemon/server.h"

/* A service's numbers, of all workers together. */
struct sum {
	struct str name;
	const char *type;
	unsigned long long requests, errors, milliseconds, buckets[LATENCY_BUCKETS];
};

static struct sum *sum_for(struct map *sums, const struct service_stats *s)
{
	struct sum *sum = map_get(sums, s->name);

	if (!sum) {
		sum = arena_new(sums->arena, struct sum);
		sum->name = s->name;
		sum->type = s->type;
		map_add(sums, sum->name, sum);
	}
	return sum;
}

static void add(struct map *sums, struct service_stats *s)
{
	struct sum *sum = sum_for(sums, s);

	sum->requests += atomic_load(&s->requests);
	sum->errors += atomic_load(&s->errors);
	sum->milliseconds += atomic_load(&s->milliseconds);
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
		sum->buckets[i] += atomic_load(&s->buckets[i]);
}

static void label(struct str name, struct buf *to)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '"' || name.at[i] == '\\')
			buf_add_char(to, '\\');
		if (name.at[i] == '\n')
			buf_add(to, STR("\\n"));
		else
			buf_add_char(to, name.at[i]);
	}
}

static void line(const char *metric, const char *suffix, const struct sum *s,
		 const char *more, struct buf *to)
{
	buf_printf(to, "wso2_integration_%s_%s%s{service_name=\"", s->type, metric,
		   suffix);
	label(s->name, to);
	buf_printf(to, "\",service_type=\"%s\"%s} ", s->type, more);
}

static void histogram(const struct sum *s, struct buf *to)
{
	unsigned long long below = 0;
	char le[32];

	for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
		below += s->buckets[i];
		if (i < LATENCY_BUCKETS - 1)
			snprintf(le, sizeof(le), ",le=\"%g\"", latency_ends[i] / 1000.0);
		else
			snprintf(le, sizeof(le), ",le=\"+Inf\"");
		line("latency_seconds", "_bucket", s, le, to);
		buf_printf(to, "%llu\n", below);
	}
	line("latency_seconds", "_sum", s, "", to);
	buf_printf(to, "%g\n", (double)s->milliseconds / 1000.0);
	line("latency_seconds", "_count", s, "", to);
	buf_printf(to, "%llu\n", s->requests);
}

static void type_line(const char *name, const char *type, struct buf *to)
{
	buf_printf(to, "# TYPE %s %s\n", name, type);
}

static void services(const struct map *sums, struct buf *to)
{
	type_line("wso2_integration_api_request_count_total", "counter", to);
	map_each(e, sums)
	{
		const struct sum *s = e->value;

		line("request_count_total", "", s, "", to);
		buf_printf(to, "%llu\n", s->requests);
	}
	type_line("wso2_integration_api_request_count_error_total", "counter", to);
	map_each(e, sums)
	{
		const struct sum *s = e->value;

		line("request_count_error_total", "", s, "", to);
		buf_printf(to, "%llu\n", s->errors);
	}
	type_line("wso2_integration_api_latency_seconds", "histogram", to);
	map_each(e, sums) histogram(e->value, to);
}

void metrics_write(const struct server *s, struct buf *to)
{
	struct arena a = { 0 };
	struct map sums;
	unsigned long long under_way = 0, refused = 0;

	map_init(&sums, &a);
	for (unsigned i = 0; i < s->worker_count; i++) {
		struct stats *stats = &s->workers[i].stats;

		under_way += atomic_load(&stats->under_way);
		refused += atomic_load(&stats->refused);
		for (struct service_stats *t = atomic_load(&stats->all); t; t = t->next)
			add(&sums, t);
	}
	type_line("wso2_integration_server_up", "gauge", to);
	buf_add(to, STR("wso2_integration_server_up 1\n"));
	type_line("myelin_exchanges_under_way", "gauge", to);
	buf_printf(to, "myelin_exchanges_under_way %llu\n", under_way);
	type_line("myelin_requests_refused_total", "counter", to);
	buf_printf(to, "myelin_requests_refused_total %llu\n", refused);
	type_line("myelin_units", "gauge", to);
	buf_printf(to, "myelin_units{state=\"deployed\"} %u\n", s->deployed);
	buf_printf(to, "myelin_units{state=\"refused\"} %u\n", s->refused);
	services(&sums, to);
	arena_release(&a);
}
