/* What a table cannot say of leaves and groups (endpoints.md §2.3, §2.4). */
#include "endpoint/definition.h"

#include <stdlib.h>

#include "net/tls.h"

static bool is_one_of(struct str word, const char *const *words)
{
	for (; *words; words++)
		if (str_eq_nocase(word, str_of(*words)))
			return true;
	return false;
}

static enum format format_of(struct str word)
{
	static const char *const words[] = { "pox", "get", "soap11", "soap12", "rest" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_nocase(str_trim(word), str_of(words[i])))
			return (enum format)(FORMAT_POX + i);
	return FORMAT_ASIS;
}

static struct str upper_case(struct str s, struct arena *a)
{
	char *copy = arena_alloc(a, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		copy[i] = (char)(s.at[i] >= 'a' && s.at[i] <= 'z' ? s.at[i] - 32
								  : s.at[i]);
	return (struct str){ copy, s.len };
}

/* A word that is no method is ignored, as in the original. */
static void take_method(struct leaf *leaf, const struct element *e, struct binder *b)
{
	static const char *const methods[] = { "get",  "post",  "put",     "delete",
					       "head", "patch", "options", NULL };
	const struct str word = str_trim(leaf->method_word);

	if (!word.len)
		return;
	if (is_one_of(word, methods))
		leaf->method = upper_case(word, b->arena);
	else
		report_warning(b->report, e->where,
			       "method=\"" STR_FMT "\" is no method and is ignored: the "
			       "message's own is used",
			       STR_ARG(word));
}

static bool take_version(const struct leaf *leaf, const struct element *e,
			 struct binder *b)
{
	const struct str v = str_trim(leaf->version);

	if (!v.len || str_eq(v, STR("1.1")))
		return true;
	if (!str_eq(v, STR("2.0")))
		return report_error(b->report, e->where,
				    "Invalid http version [" STR_FMT
				    "] specified in the HTTP endpoint",
				    STR_ARG(v));
	report_warning(b->report, e->where, "version=\"2.0\": HTTP/1.1 is spoken");
	return true;
}

/*
 * $SYSTEM:NAME and ${configs.name} are taken from the environment once, when it is
 * deployed. Everything else of that kind belongs to a registry we do not have.
 */
static bool inject(struct str *value, const struct element *e, struct binder *b)
{
	struct str name = *value;
	const char *found;

	if (str_starts(name, STR("$FILE:")) || str_starts(name, STR("$CUSTOM_")))
		return report_error(b->report, e->where,
				    "'" STR_FMT "' cannot be injected; use $SYSTEM:NAME",
				    STR_ARG(name));
	if (str_starts(name, STR("$SYSTEM:")))
		name = str_from(name, 8);
	else if (str_starts(name, STR("${configs.")) && str_ends(name, STR("}")))
		name = str_first(str_from(name, 10), name.len - 11);
	else
		return true;
	found = getenv(arena_copy(b->arena, name).at);
	if (!found)
		return report_error(b->report, e->where,
				    "the environment has no variable '" STR_FMT "'",
				    STR_ARG(name));
	*value = arena_copy(b->arena, str_of(found));
	return true;
}

static bool take_target(struct leaf *leaf, const struct element *e, struct binder *b)
{
	static const char legacy[] = "legacy-encoding:";
	const bool is_http = str_eq(e->name, STR("http"));

	leaf->target = str_trim(leaf->uri);
	if (is_http && str_starts(leaf->target, STR("legacy-encoding:"))) {
		leaf->legacy = true;
		leaf->target = str_from(leaf->target, sizeof(legacy) - 1);
	}
	leaf->has_template = is_http && leaf->target.len;
	return inject(&leaf->target, e, b);
}

static bool take_status(struct str part, struct status_range *range)
{
	struct str to = part, from;
	uint64_t first, last;

	str_cut(&to, '-', &from);
	if (!str_to_uint(str_trim(from), &first))
		return false;
	last = first;
	if (to.at && !str_to_uint(str_trim(to), &last))
		return false;
	*range = (struct status_range){ (unsigned)first, (unsigned)last };
	return first >= 100 && first <= last && last <= 599;
}

static bool take_statuses(struct leaf *leaf, const struct element *e, struct binder *b)
{
	struct str rest = leaf->fail_on_status, part;
	struct status_range *at;

	if (!str_trim(rest).len)
		return true;
	at = arena_alloc(b->arena, (rest.len / 2 + 1) * sizeof(*at));
	while (str_cut(&rest, ',', &part)) {
		if (!take_status(str_trim(part), &at[leaf->failing_count]))
			return report_error(b->report, e->where,
					    "<failOnStatus>: '" STR_FMT
					    "' is no status nor a range of them, as "
					    "500-599",
					    STR_ARG(str_trim(part)));
		leaf->failing_count++;
	}
	leaf->failing = at;
	return true;
}

static bool refuse_extras(const struct leaf *leaf, struct binder *b)
{
	if (leaf->security)
		return report_error(
			b->report, leaf->security->where,
			"<enableSec> is not available: WS-Security is not spoken");
	if (leaf->addressing)
		return report_error(
			b->report, leaf->addressing->where,
			"<enableAddressing> is not available: WS-Addressing is "
			"not spoken");
	return true;
}

static void warn_of_format(const struct leaf *leaf, const struct element *e,
			   struct binder *b)
{
	if (leaf->format_word.len && leaf->format == FORMAT_ASIS)
		report_warning(b->report, e->where,
			       "format=\"" STR_FMT "\" means nothing and is ignored",
			       STR_ARG(leaf->format_word));
	if (leaf->old_suspend_seconds >= 0)
		report_warning(b->report, e->where,
			       "Configuration uses deprecated style for endpoint "
			       "'suspendDurationOnFailure'");
}

static void warn_of_durations(const struct leaf *leaf, struct binder *b)
{
	const struct suspend_rule *s = leaf->suspend;

	if (!s)
		return;
	if (s->has_initial && s->initial == HEALTH_UNSET)
		report_warning(
			b->report, s->where,
			"initialDuration -1 means 30000 ms, not never; <errorCodes>-1"
			"</errorCodes> here and in <markForSuspension> means never");
	if ((s->has_initial && s->initial == 0) || s->maximum == 0)
		report_warning(
			b->report, s->where,
			"a suspension of 0 ms does not switch suspension off: it is "
			"tried again at once; <errorCodes>-1</errorCodes> here and in "
			"<markForSuspension> means never");
}

/* "localhost:8080/x" would be asked of a protocol named localhost. */
static void warn_of_target(const struct leaf *leaf, const struct element *e,
			   struct binder *b)
{
	const struct str url = str_trim(leaf->uri);

	if (url.len && url.at[0] != '{' && url.at[0] != '$' &&
	    str_find_str(url, STR(":/")) == url.len)
		report_warning(b->report, e->where,
			       "'" STR_FMT "' names no protocol; http://" STR_FMT
			       " would",
			       STR_ARG(url), STR_ARG(url));
}

static const struct tls_trust *(*find_trust)(const struct tls_files *files,
					     struct fault *why);

void endpoint_trust_by(const struct tls_trust *(*find)(const struct tls_files *files,
						       struct fault *why))
{
	find_trust = find;
}

static const char *file(struct binder *b, struct str name)
{
	return name.len ? arena_copy(b->arena, name).at : NULL;
}

static bool take_trust(struct leaf *leaf, const struct element *e, struct binder *b)
{
	const struct tls_rule *tls = leaf->tls;
	struct fault why = { 0 };

	if (!tls || !find_trust)
		return true;

	const struct tls_files files = {
		.certificate = file(b, tls->certificate),
		.key = file(b, tls->key),
		.authorities = file(b, tls->trust),
		.verify = !tls->insecure,
	};

	leaf->trust = find_trust(&files, &why);
	return leaf->trust || report_error(b->report, e->where, "<m:tls>: %s", why.text);
}

bool leaf_check(void *self, const struct element *e, struct binder *b)
{
	struct leaf *leaf = self;

	leaf->format = format_of(leaf->format_word);
	leaf->base.node.where = e->where;
	take_method(leaf, e, b);
	warn_of_format(leaf, e, b);
	warn_of_target(leaf, e, b);
	warn_of_durations(leaf, b);
	return (int)take_version(leaf, e, b) & take_target(leaf, e, b) &
	       take_statuses(leaf, e, b) & refuse_extras(leaf, b) &
	       take_trust(leaf, e, b);
}

static void take_durations(struct health_policy *p, const struct leaf *leaf,
			   const struct endpoint_settings *s)
{
	const struct suspend_rule *rule = leaf->suspend;

	p->initial = s->suspend_duration;
	p->factor = s->suspend_factor;
	p->maximum = INT64_MAX;
	if (leaf->old_suspend_seconds >= 0) {
		p->initial = leaf->old_suspend_seconds * 1000;
		p->factor = 1;
	}
	if (!rule)
		return;
	p->maximum = rule->maximum;
	if (s->override_suspend)
		return;
	if (rule->has_initial)
		p->initial = rule->initial;
	if (rule->has_factor)
		p->factor = rule->factor;
}

struct health_policy leaf_policy(const struct leaf *leaf,
				 const struct endpoint_settings *s, bool in_group)
{
	struct health_policy p = {
		.in_group = in_group,
		.limit = s->max_failover_retries,
		.recursive_limit = s->max_failover_recursive_retries,
		.limit_duration = s->suspend_on_max_failover,
		.recursive_limit_duration = s->suspend_on_max_recursive_failover,
	};

	take_durations(&p, leaf, s);
	if (leaf->mark) {
		p.mark = leaf->mark->codes;
		p.retries = (int)leaf->mark->retries;
		p.retry_delay = leaf->mark->delay;
		p.mark_rule = leaf->mark->where;
	}
	if (leaf->suspend) {
		p.suspend = leaf->suspend->codes;
		p.suspend_rule = leaf->suspend->where;
	}
	return p;
}

static bool is_no(struct str word)
{
	static const char *const no[] = { "false", "0", "no", NULL };

	return is_one_of(str_trim(word), no);
}

static bool is_yes(struct str word)
{
	static const char *const yes[] = { "true", "1", "yes", NULL };

	return is_one_of(str_trim(word), yes);
}

static bool complain_empty(enum kind kind, const struct element *e, struct str name,
			   struct binder *b)
{
	static const char failover[] = "Invalid Synapse configuration.\nA FailOver must "
				       "have child elements, but "
				       "the FailOver '" STR_FMT
				       "' does not have any child elements.";

	if (kind == KIND_FAILOVER)
		return report_error(b->report, e->where, failover, STR_ARG(name));
	return report_error(b->report, e->where, "<" STR_FMT "> needs a child <endpoint>",
			    STR_ARG(e->name));
}

static bool refuse_members(const struct element *e, struct binder *b)
{
	const struct element *member = element_child(e, STR("member"));
	const struct element *list = element_child(e, STR("endpoints"));

	if (member)
		return report_error(
			b->report, member->where,
			"<member> is not available; write an <endpoint> with its "
			"address");
	if (list)
		return report_error(b->report, list->where,
				    "<endpoints> is not available; write the <endpoint>s "
				    "themselves");
	return true;
}

static bool check_siblings(const struct element *e, struct binder *b)
{
	bool fine = true;

	element_each(child, e)
	{
		const struct str key = element_value(child, STR("key"));

		for (const struct element *other = child->next; key.len && other;
		     other = other->next)
			if (str_eq(element_value(other, STR("key")), key))
				fine = report_error(b->report, other->where,
						    "Same endpoint definition cannot be "
						    "used with in the siblings");
	}
	return fine;
}

static bool take_weights(struct group *g, const struct element *e, struct binder *b)
{
	unsigned *weights = arena_alloc(b->arena,
					(g->children.count + 1) * sizeof(*weights));

	for (unsigned i = 0; i < g->children.count; i++) {
		const struct endpoint *child = endpoint_of(g->children.at[i]);
		uint64_t weight = 1;

		for (unsigned k = 0; child && k < child->properties.count; k++) {
			const struct property_rule *p = child->properties.at[k];

			if (!str_eq(p->name, STR("loadbalance.weight")))
				continue;
			if (!str_to_uint(str_trim(p->value), &weight) || !weight ||
			    weight > 10000)
				return report_error(b->report, child->node.where,
						    "loadbalance.weight \"" STR_FMT
						    "\" is not from 1 to 10000",
						    STR_ARG(p->value));
		}
		weights[i] = (unsigned)weight;
		g->weight_sum += (unsigned)weight;
	}
	g->weights = weights;
	(void)e;
	return true;
}

/* policy or algorithm, not both; ours are two. */
static bool take_algorithm(struct group *g, const struct element *e, struct binder *b)
{
	const struct str name = str_trim(g->algorithm);

	if (g->policy_word.len && name.len)
		return report_error(b->report, e->where,
				    "policy and algorithm cannot be given together");
	if (g->policy_word.len && !str_eq(g->policy_word, STR("roundRobin")))
		return report_error(b->report, e->where,
				    "policy=\"" STR_FMT "\" is not roundRobin",
				    STR_ARG(g->policy_word));
	if (!name.len || str_ends(name, STR(".RoundRobin")))
		return true;
	if (str_ends(name, STR(".WeightedRoundRobin")) ||
	    str_ends(name, STR(".WeightedRRLCAlgorithm")))
		return take_weights(g, e, b);
	return report_error(b->report, e->where,
			    "algorithm=\"" STR_FMT "\" is not available; RoundRobin and "
			    "WeightedRoundRobin are",
			    STR_ARG(name));
}

bool group_check(struct group *g, enum kind kind, const struct element *e,
		 struct str name, struct binder *b)
{
	const bool builds = g->build_word.len
				    ? is_yes(g->build_word)
				    : g->base.settings->build_message_on_failover;

	g->is_dynamic = !is_no(g->dynamic_word);
	g->fails_over = !str_eq_nocase(str_trim(g->failover_word), STR("false"));
	g->base.node.needs = builds ? NEEDS_TREE : NEEDS_NOTHING;
	if (!refuse_members(e, b))
		return false;
	if (!g->children.count)
		return complain_empty(kind, e, name, b);
	return check_siblings(e, b) &&
	       (kind != KIND_LOADBALANCE || take_algorithm(g, e, b));
}
