#include "expr/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 10000, HEAP_LIMIT = 20000 };

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static void release(void *thing)
{
	struct regex *r = thing;

	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
}

static const struct regex *complain(int code, size_t at, struct arena *a,
				    struct fault *why)
{
	unsigned char text[128];

	pcre2_get_error_message(code, text, sizeof(text));
	why->text = arena_printf(a, "%s at character %zu", (const char *)text, at + 1);
	return NULL;
}

const struct regex *regex_compile(struct str pattern, struct arena *a, struct fault *why)
{
	struct regex *r = arena_new(a, struct regex);
	PCRE2_SIZE at = 0;
	int error = 0;

	r->code = pcre2_compile((PCRE2_SPTR)(pattern.at ? pattern.at : ""), pattern.len,
				PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &at, NULL);
	if (!r->code)
		return complain(error, at, a, why);
	r->limits = pcre2_match_context_create(NULL);
	if (r->limits) {
		pcre2_set_match_limit(r->limits, MATCH_LIMIT);
		pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
		pcre2_set_heap_limit(r->limits, HEAP_LIMIT);
	}
	arena_on_release(a, release, r);
	return r;
}

static bool match(const struct regex *r, struct str text, size_t from, uint32_t options,
		  unsigned group, struct str *part)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(r->code, NULL);
	const char *at = text.at ? text.at : "";
	int groups = data ? pcre2_match(r->code, (PCRE2_SPTR)at, text.len, from, options,
					data, r->limits)
			  : 0;
	bool found = groups > 0;

	if (found && part) {
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
		const size_t i = 2 * (size_t)group;

		found = group < pcre2_get_ovector_count(data);
		if (found && group < (unsigned)groups && ends[i] != PCRE2_UNSET)
			*part = (struct str){ at + ends[i], ends[i + 1] - ends[i] };
		else
			*part = STR("");
	}
	pcre2_match_data_free(data);
	return found;
}

bool regex_matches(const struct regex *r, struct str text, unsigned group,
		   struct str *part)
{
	return match(r, text, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, group, part);
}

bool regex_find(const struct regex *r, struct str text, size_t from, struct str *found)
{
	return from <= text.len && match(r, text, from, 0, 0, found);
}

struct str regex_replace(const struct regex *r, struct str text, struct str by,
			 struct arena *a)
{
	const uint32_t options = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY |
				 PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
	const PCRE2_SPTR at = (PCRE2_SPTR)(text.at ? text.at : "");
	const PCRE2_SPTR with = (PCRE2_SPTR)(by.at ? by.at : "");
	PCRE2_SIZE len = text.len + by.len + 64;
	unsigned char *to = arena_alloc_dirty(a, len);
	int count = pcre2_substitute(r->code, at, text.len, 0, options, NULL, r->limits,
				     with, by.len, to, &len);

	if (count == PCRE2_ERROR_NOMEMORY) {
		to = arena_alloc_dirty(a, len);
		count = pcre2_substitute(r->code, at, text.len, 0, options, NULL,
					 r->limits, with, by.len, to, &len);
	}
	return count < 0 ? text : (struct str){ (const char *)to, len };
}

unsigned regex_find_groups(const struct regex *r, struct str text, size_t from,
			   struct str *groups, unsigned room)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(r->code, NULL);
	const char *at = text.at ? text.at : "";
	unsigned count = 0;

	if (data && from <= text.len &&
	    pcre2_match(r->code, (PCRE2_SPTR)at, text.len, from, 0, data, r->limits) >
		    0) {
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);

		for (; count < pcre2_get_ovector_count(data) && count < room; count++) {
			const size_t i = 2 * (size_t)count;

			groups[count] = STR("");
			if (ends[i] != PCRE2_UNSET)
				groups[count] = (struct str){ at + ends[i],
							      ends[i + 1] - ends[i] };
		}
	}
	pcre2_match_data_free(data);
	return count;
}
