#include "daemon/cors.h"

static const char allow_origin[] = "Access-Control-Allow-Origin";

static bool is_listed(struct str list, struct str origin)
{
	struct str one;

	while (list.len && str_cut(&list, ',', &one))
		if (str_eq(str_trim(one), origin))
			return true;
	return false;
}

/* "*", the origin itself, or "" for nobody. */
static struct str allowed(const struct inbound *in)
{
	const struct str list = in->worker->settings->cors_origins;

	if (is_listed(list, STR("*")))
		return STR("*");
	return in->origin.len && is_listed(list, in->origin) ? in->origin : STR("");
}

/* Whom it says nothing to is left alone: the plain path gets no header more. */
void cors_begin(struct inbound *in)
{
	const struct settings *s = in->worker->settings;

	if (s->cors && (in->origin.at || s->cors_origins.len))
		in->allow_origin = allowed(in);
}

void cors_answer_options(struct inbound *in, struct str allow)
{
	const struct settings *s = in->worker->settings;
	const struct str origin = allowed(in);

	if (!s->cors) {
		inbound_answer_status(in, 200, allow);
		return;
	}
	in->allow_origin = origin;
	headers_add(&in->headers, STR("Access-Control-Allow-Methods"), allow);
	headers_add(&in->headers, STR("Access-Control-Allow-Headers"), s->cors_headers);
	inbound_answer_status(in, origin.len ? 200 : 403, allow);
}

void cors_mark(struct inbound *in)
{
	struct headers *h = &in->x.message.headers;

	if (!in->allow_origin.at)
		return;
	if (in->response.headers != h)
		h = &in->headers;
	headers_set(h, str_of(allow_origin), in->allow_origin);
	in->response.headers = h;
}
