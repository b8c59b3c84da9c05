/* error-handler: on-error-continue and on-error-propagate become <m:catch>. */
#include "translate.h"

/* Does it take everything? */
static bool takes_all(const struct element *e)
{
	const struct str type = str_trim(mule_attribute(e, "type"));

	return !mule_attribute(e, "when").len &&
	       (!type.len || str_eq_nocase(type, STR("ANY")) ||
		str_eq_nocase(type, STR("MULE:ANY")));
}

static bool one(struct translation *t, const struct element *e, bool resume,
		struct element *to)
{
	struct element *c = mule_word(t, e, "catch");
	struct str closed;
	bool fine = true;

	if (mule_attribute(e, "type").at) {
		fine = mule_error_types(t, e, mule_attribute(e, "type"), &closed);
		if (fine && closed.len)
			mule_set(t, c, "errors", closed);
	}
	if (mule_attribute(e, "when").len)
		mule_set_expression(t, c, "when", mule_attribute(e, "when"));
	mule_set_text(t, c, "then", resume ? "resume" : "rethrow");
	if (!str_eq(mule_attribute(e, "logException"), STR("false")))
		mule_set_text(t, c, "log", "true");
	element_add(to, c);
	return mule_steps(t, e, c) && fine;
}

/* Errors that nobody else takes are logged on their way out. */
static void implied(struct translation *t, const struct element *at, struct element *to)
{
	struct element *c = mule_word(t, at, "catch");

	mule_set_text(t, c, "then", "rethrow");
	mule_set_text(t, c, "log", "true");
	element_add(to, c);
}

static const struct element *referred(struct translation *t, const struct element *e,
				      const char *what, struct str name)
{
	const struct element *found = mule_project_find(t, what, name);

	if (!found)
		mule_complain(t, e, "there is no <%s> named '" STR_FMT "'", what,
			      STR_ARG(name));
	return found;
}

static bool each(struct translation *t, const struct element *e, struct element *to,
		 bool *all)
{
	bool fine = true;

	element_each(h, e)
	{
		const struct element *real = h;

		if (*all)
			return mule_complain(
				t, h,
				"only the last handler of an <error-handler> may take "
				"every error");
		if (str_eq(h->name, STR("on-error")) && mule_attribute(h, "ref").len) {
			real = mule_project_find(t, "on-error-continue",
						 mule_attribute(h, "ref"));
			if (!real)
				real = referred(t, h, "on-error-propagate",
						mule_attribute(h, "ref"));
			if (!real)
				return false;
		}
		if (str_eq(real->name, STR("on-error-continue")))
			fine = one(t, real, true, to) && fine;
		else if (str_eq(real->name, STR("on-error-propagate")))
			fine = one(t, real, false, to) && fine;
		else
			return mule_complain(t, h,
					     "<" STR_FMT "> is not supported in an "
					     "<error-handler>",
					     STR_ARG(mule_full_name(t, h)));
		*all = takes_all(real);
	}
	return fine;
}

bool mule_handlers(struct translation *t, const struct element *owner,
		   const struct element *e, struct element *to)
{
	const bool is_flow = str_eq(owner->name, STR("flow"));
	bool all = false, fine = true;

	if (!e && !is_flow)
		return true;
	if (!e && t->project.default_handler.len) {
		e = referred(t, owner, "error-handler", t->project.default_handler);
		if (!e)
			return false;
	}
	if (e && mule_attribute(e, "ref").len) {
		e = referred(t, e, "error-handler", mule_attribute(e, "ref"));
		if (!e)
			return false;
	}
	if (e)
		fine = each(t, e, to, &all);
	if (!all)
		implied(t, e ? e : owner, to);
	return fine;
}
