/* Functions that look outside: time, chance, settings, formats, errors. */
#include <stdlib.h>

#include "base/base64.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/url.h"
#include "dataweave/builtin.h"
#include "dataweave/date.h"
#include "dataweave/language.h"

static bool now(struct dw_run *r, struct dw_value *args, unsigned count,
		struct dw_value *v)
{
	const struct timers *clock = r->message->around->clock;

	(void)args;
	(void)count;
	*v = dw_date_of((int64_t)clock->now + clock->wall, 0, DW_DATE_TIME);
	return true;
}

static bool uuid(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	char text[37];

	(void)args;
	(void)count;
	uuid_make(text);
	*v = dw_string(arena_copy(r->arena, str_of(text)));
	return true;
}

static double chance(void)
{
	uint64_t bits;

	random_bytes(&bits, sizeof(bits));
	return (double)(bits >> 11) / 9007199254740992.0;
}

static bool random_real(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	(void)r;
	(void)args;
	(void)count;
	*v = (struct dw_value){ .kind = DW_NUMBER, .real = chance() };
	return true;
}

static bool random_integer(struct dw_run *r, struct dw_value *args, unsigned count,
			   struct dw_value *v)
{
	struct dw_value n;

	(void)count;
	if (!dw_coerce(r, &args[0], DW_TYPE_NUMBER, NULL, &n))
		return false;
	*v = dw_integer((int64_t)(chance() * dw_number(&n)));
	return true;
}

static bool property(struct dw_run *r, struct dw_value *args, unsigned count,
		     struct dw_value *v)
{
	struct str name;

	(void)count;
	if (!dw_text_of(r, &args[0], "p", &name))
		return false;
	*v = dw_language_property(name, r->arena);
	return true;
}

/* encodeURIComponent and the like: what of it stays, besides letters and digits. */
static bool encoded(struct dw_run *r, const struct dw_value *of, const char *plain,
		    struct dw_value *v)
{
	struct str text;

	if (!dw_text_of(r, of, "encodeURI", &text))
		return false;
	*v = dw_string(url_encode(text, plain, r->arena));
	return dw_spend(r, v->text.len);
}

static bool encode_component(struct dw_run *r, struct dw_value *args, unsigned count,
			     struct dw_value *v)
{
	(void)count;
	return encoded(r, &args[0], "-_.!~*'()", v);
}

static bool encode_uri(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	(void)count;
	return encoded(r, &args[0], "-_.!~*'();/?:@&=+$,#", v);
}

static bool decode_uri(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct str text;

	(void)count;
	if (!dw_text_of(r, &args[0], "decodeURI", &text))
		return false;
	*v = dw_string(url_decode(text, r->arena));
	return dw_spend(r, v->text.len);
}

/* Ours: a value for the path of a URL, which cannot end it: no '?', '#' or control. */
static bool in_path(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	(void)count;
	*v = args[0];
	return v->kind == DW_NULL ||
	       encoded(r, &args[0], "-_.!~*'();/:@&=+$,%[]|\"<>^`{}\\", v);
}

static bool to_base64(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str text;

	(void)count;
	if (!dw_text_of(r, &args[0], "toBase64", &text))
		return false;
	*v = dw_string(base64_encode(text, r->arena));
	return dw_spend(r, v->text.len);
}

static bool from_base64(struct dw_run *r, struct dw_value *args, unsigned count,
			struct dw_value *v)
{
	struct str text, bytes;

	(void)count;
	if (!dw_text_of(r, &args[0], "fromBase64", &text))
		return false;
	if (!base64_decode(text, true, r->arena, &bytes))
		return dw_fail(r, "this is not base64");
	*v = dw_string(bytes);
	return true;
}

static bool type_of(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_type *t = arena_new(r->arena, struct dw_type);

	(void)count;
	t->text = str_of(dw_kind_name(&args[0]));
	*v = (struct dw_value){ .kind = DW_TYPE, .type = t, .text = t->text };
	return true;
}

static bool read_text(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str text, type = STR("application/dw");

	if (!dw_text_of(r, &args[0], "read", &text) ||
	    (count > 1 && !dw_text_of(r, &args[1], "read", &type)))
		return false;
	return dw_read(r, text, type, v);
}

static void options(struct dw_run *r, const struct dw_value *from, struct dw_output *to)
{
	struct dw_list *l = dw_members(from, r->arena);

	for (size_t i = 0; i < l->count; i++)
		dw_output_option(to, l->at[i].key, dw_text(&l->at[i].value, r->arena));
}

static bool write_text(struct dw_run *r, struct dw_value *args, unsigned count,
		       struct dw_value *v)
{
	struct str text, type = STR("application/dw");
	struct dw_output how;

	if (count > 1 && !dw_text_of(r, &args[1], "write", &type))
		return false;
	dw_output_init(&how, type);
	if (count > 2)
		options(r, &args[2], &how);
	if (!dw_write(r, &args[0], &how, &text))
		return false;
	*v = dw_string(text);
	return true;
}

static bool log_value(struct dw_run *r, struct dw_value *args, unsigned count,
		      struct dw_value *v)
{
	struct str prefix = count > 1 ? dw_text(&args[0], r->arena) : STR("");

	*v = args[count - 1];
	log_line(LOG_INFO, "org.mule.weave.v2.model.service.DefaultLoggingService$",
		 STR_FMT "%s" STR_FMT, STR_ARG(prefix), prefix.len ? " - " : "",
		 STR_ARG(dw_text(v, r->arena)));
	return true;
}

/* {success: true, result: …}, or {success: false, error: {kind, message}}. */
static bool attempt(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_value result, error = dw_new(DW_OBJECT, r->arena),
				to = dw_new(DW_OBJECT, r->arena);
	struct fault before = *r->why;
	unsigned depth = r->depth;
	bool fine = dw_call(r, &args[0], NULL, 0, &result);

	(void)count;
	r->depth = depth;
	dw_add(&to, r->arena, STR("success"), dw_boolean(fine));
	if (fine) {
		dw_add(&to, r->arena, STR("result"), result);
	} else {
		dw_add(&error, r->arena, STR("kind"), dw_string(STR("Exception")));
		dw_add(&error, r->arena, STR("message"), dw_string(str_of(r->why->text)));
		dw_add(&to, r->arena, STR("error"), error);
		*r->why = before;
	}
	*v = to;
	return r->steps <= DW_MOST_STEPS && r->bytes <= DW_MOST_BYTES;
}

static bool or_else(struct dw_run *r, struct dw_value *args, unsigned count,
		    struct dw_value *v)
{
	struct dw_value success;

	(void)count;
	if (args[0].kind != DW_OBJECT)
		return dw_fail(r, "orElse takes what try gave");
	if (dw_field(&args[0], STR("success"), false, r->arena, &success) &&
	    success.truth)
		return dw_field(&args[0], STR("result"), false, r->arena, v);
	return dw_call(r, &args[1], NULL, 0, v);
}

static bool fail(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	(void)v;
	return dw_fail(r, STR_FMT,
		       STR_ARG(count ? dw_text(&args[0], r->arena) : STR("Error")));
}

static bool then(struct dw_run *r, struct dw_value *args, unsigned count,
		 struct dw_value *v)
{
	*v = DW_NOTHING;
	return args[0].kind == DW_NULL || dw_call(r, &args[1], args, 1, v);
	(void)count;
}

const struct dw_builtin *dw_builtin_named(struct str name)
{
	static const struct dw_builtin *const all[] = { dw_texts,   dw_lists,  dw_objects,
							dw_numbers, dw_others, dw_strings,
							dw_arrays };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (const struct dw_builtin *b = all[i]; b->name; b++)
			if (str_eq(name, str_of(b->name)))
				return b;
	return NULL;
}

/* clang-format off */
const struct dw_builtin dw_others[] = {
	{ "now", 0, 0, 0, now },
	{ "uuid", 0, 0, 0, uuid },
	{ "random", 0, 0, 0, random_real },
	{ "randomInt", 1, 1, 0, random_integer },
	{ "p", 1, 1, 0, property },
	{ "encodeURIComponent", 1, 1, 0, encode_component },
	{ "encodeURI", 1, 1, 0, encode_uri },
	{ "decodeURIComponent", 1, 1, 0, decode_uri },
	{ "decodeURI", 1, 1, 0, decode_uri },
	{ "inPath", 1, 1, 0, in_path },
	{ "toBase64", 1, 1, 0, to_base64 },
	{ "fromBase64", 1, 1, 0, from_base64 },
	{ "typeOf", 1, 1, 0, type_of },
	{ "read", 1, 3, 0, read_text },
	{ "write", 1, 3, 0, write_text },
	{ "log", 1, 2, 0, log_value },
	{ "try", 1, 1, 0, attempt },
	{ "orElse", 2, 2, 0, or_else },
	{ "orElseTry", 2, 2, 0, or_else },
	{ "fail", 0, 1, 0, fail },
	{ "then", 2, 2, 1 << 1, then },
	{ NULL },
};
/* clang-format on */
