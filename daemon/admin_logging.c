#include "daemon/admin_priv.h"
#include "daemon/log_format.h"

struct listing {
	struct json *list;
	struct arena *arena;
};

static struct json *describe(struct arena *a, struct str name, enum log_level level)
{
	struct json *j = json_new(a, JSON_OBJECT);

	member_text(j, a, "loggerName", name.len ? name : STR("rootLogger"));
	member_text(j, a, "componentName", name);
	member_text(j, a, "level", str_of(log_level_name(level)));
	return j;
}

static void list_one(void *ctx, struct str name, enum log_level level)
{
	const struct listing *l = ctx;

	json_append(l->list, describe(l->arena, name, level));
}

/* MI calls the one for all "rootLogger". */
static struct str logger_named(struct str name)
{
	return str_eq(name, STR("rootLogger")) ? STR("") : name;
}

void admin_logging(struct server *s, struct http_call *c)
{
	const struct str name = call_parameter(c, STR("loggerName"));
	struct listing l = { json_new(&c->arena, JSON_ARRAY), &c->arena };

	(void)s;
	if (name.at) {
		reply_json(c, 200,
			   describe(&c->arena, logger_named(name),
				    log_threshold(logger_named(name))));
		return;
	}
	list_one(&l, STR(""), log_threshold(STR("")));
	log_threshold_each(list_one, &l);
	admin_list(c, l.list);
}

void admin_set_logging(struct server *s, struct http_call *c, const struct json *j)
{
	const struct json *name = json_get(j, STR("loggerName"));
	const struct json *level = json_get(j, STR("loggingLevel"));
	struct json *answer = json_new(&c->arena, JSON_OBJECT);
	enum log_level to;

	(void)s;
	if (!name || name->kind != JSON_STRING || !level || level->kind != JSON_STRING) {
		admin_error(c, 400, "loggerName and loggingLevel are needed");
		return;
	}
	if (!log_level_named(level->text, &to)) {
		admin_error(c, 400,
			    arena_printf(&c->arena, "Invalid log level " STR_FMT,
					 STR_ARG(level->text)));
		return;
	}
	log_threshold_set(logger_named(name->text), to);
	member_text(answer, &c->arena, "message",
		    str_of(arena_printf(&c->arena,
					"Successfully updated the log level of " STR_FMT,
					STR_ARG(name->text))));
	reply_json(c, 200, answer);
}
