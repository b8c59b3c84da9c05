/*
 * Functions beyond XPath 1.0: Synapse's own, and those of XPath 2.0 that people use.
 * Which one is meant, the local name says; a prefix before it is only for show.
 */

#include "base/base64.h"
#include "base/crypto.h"
#include "base/url.h"
#include "base/utf8.h"
#include "expr/regex.h"
#include "expr/xpath_priv.h"

static struct arena *arena_of(xmlXPathParserContext *ctxt)
{
	return xpath_run_of(ctxt)->message->arena;
}

static void fail(xmlXPathParserContext *ctxt, const char *complaint)
{
	struct xpath_run *run = xpath_run_of(ctxt);

	if (!run->complaint)
		run->complaint = complaint;
	xmlXPathErr(ctxt, XPATH_EXPR_ERROR);
}

static bool takes(xmlXPathParserContext *ctxt, int given, int least, int most)
{
	if (given >= least && given <= most)
		return true;
	xpath_run_of(ctxt)->complaint = "a function has too few or too many arguments";
	xmlXPathErr(ctxt, XPATH_INVALID_ARITY);
	return false;
}

/* The last argument that was not popped yet, as text of the arena. */
static struct str pop_text(xmlXPathParserContext *ctxt)
{
	xmlChar *chars = xmlXPathPopString(ctxt);
	const struct str s = arena_copy(arena_of(ctxt), str_of((const char *)chars));

	xmlFree(chars);
	return s;
}

static void push(xmlXPathParserContext *ctxt, struct value v)
{
	valuePush(ctxt, xpath_object(v));
}

static void push_text(xmlXPathParserContext *ctxt, struct str s)
{
	push(ctxt, value_str(s));
}

static void get_property(xmlXPathParserContext *ctxt, int nargs)
{
	struct str name, scope = STR("");

	if (!takes(ctxt, nargs, 1, 3))
		return;
	if (nargs == 3)
		pop_text(ctxt);
	name = pop_text(ctxt);
	if (nargs > 1)
		scope = pop_text(ctxt);
	push(ctxt,
	     xpath_get_property(xpath_run_of(ctxt)->message, nargs > 1, scope, name));
}

static void base64_encode_function(xmlXPathParserContext *ctxt, int nargs)
{
	if (!takes(ctxt, nargs, 1, 2))
		return;
	if (nargs == 2)
		pop_text(ctxt);
	push_text(ctxt, base64_encode(pop_text(ctxt), arena_of(ctxt)));
}

static void base64_decode_function(xmlXPathParserContext *ctxt, int nargs)
{
	struct str bytes;

	if (!takes(ctxt, nargs, 1, 2))
		return;
	if (nargs == 2)
		pop_text(ctxt);
	if (!base64_decode(pop_text(ctxt), true, arena_of(ctxt), &bytes))
		bytes = STR("");
	push_text(ctxt, bytes);
}

static void url_encode_function(xmlXPathParserContext *ctxt, int nargs)
{
	if (!takes(ctxt, nargs, 1, 2))
		return;
	if (nargs == 2)
		pop_text(ctxt);
	push_text(ctxt, url_encode(pop_text(ctxt), URL_PATH_QUERY, arena_of(ctxt)));
}

static void encode_for_uri(xmlXPathParserContext *ctxt, int nargs)
{
	if (takes(ctxt, nargs, 1, 1))
		push_text(ctxt,
			  url_encode(pop_text(ctxt), URL_UNRESERVED, arena_of(ctxt)));
}

static bool digest_named(struct str name, enum digest *d)
{
	static const struct {
		const char *name;
		enum digest digest;
	} digests[] = {
		{ "HmacMD5", DIGEST_MD5 },
		{ "HmacSHA1", DIGEST_SHA1 },
		{ "HmacSHA256", DIGEST_SHA256 },
		{ "HmacSHA512", DIGEST_SHA512 },
	};

	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		if (str_eq_nocase(name, str_of(digests[i].name))) {
			*d = digests[i].digest;
			return true;
		}
	}
	return false;
}

/* hmac-generate(payload, secret, [algorithm]), as hex. */
static void hmac_generate(xmlXPathParserContext *ctxt, int nargs)
{
	struct arena *a = arena_of(ctxt);
	enum digest digest = DIGEST_SHA1;
	struct str secret;

	if (!takes(ctxt, nargs, 2, 3))
		return;
	if (nargs == 3 && !digest_named(pop_text(ctxt), &digest)) {
		fail(ctxt, "hmac-generate() knows no such algorithm");
		return;
	}
	secret = pop_text(ctxt);
	push_text(ctxt, hex_of(hmac_of(digest, secret, pop_text(ctxt), a), a));
}

static void change_case(xmlXPathParserContext *ctxt, int nargs, bool upper)
{
	if (takes(ctxt, nargs, 1, 1))
		push_text(ctxt, upper ? utf8_upper(pop_text(ctxt), arena_of(ctxt))
				      : utf8_lower(pop_text(ctxt), arena_of(ctxt)));
}

static void lower_case(xmlXPathParserContext *ctxt, int nargs)
{
	change_case(ctxt, nargs, false);
}

static void upper_case(xmlXPathParserContext *ctxt, int nargs)
{
	change_case(ctxt, nargs, true);
}

static void ends_with(xmlXPathParserContext *ctxt, int nargs)
{
	struct str end;

	if (!takes(ctxt, nargs, 2, 2))
		return;
	end = pop_text(ctxt);
	push(ctxt, value_bool(str_ends(pop_text(ctxt), end)));
}

/* The pattern, with XPath's flags in front as PCRE2 has them; NULL: it failed. */
static const struct regex *pattern_of(xmlXPathParserContext *ctxt, struct str pattern,
				      struct str flags)
{
	struct arena *a = arena_of(ctxt);
	struct fault why = { 0 };
	const struct regex *r;

	if (flags.len)
		pattern = str_of(arena_printf(a, "(?" STR_FMT ")" STR_FMT, STR_ARG(flags),
					      STR_ARG(pattern)));
	r = regex_compile(pattern, a, &why);
	if (!r)
		fail(ctxt, why.text);
	return r;
}

static void matches(xmlXPathParserContext *ctxt, int nargs)
{
	struct str flags = STR(""), pattern, found;
	const struct regex *r;

	if (!takes(ctxt, nargs, 2, 3))
		return;
	if (nargs == 3)
		flags = pop_text(ctxt);
	pattern = pop_text(ctxt);
	r = pattern_of(ctxt, pattern, flags);
	if (r)
		push(ctxt, value_bool(regex_find(r, pop_text(ctxt), 0, &found)));
}

static void replace(xmlXPathParserContext *ctxt, int nargs)
{
	struct str flags = STR(""), pattern, by;
	const struct regex *r;

	if (!takes(ctxt, nargs, 3, 4))
		return;
	if (nargs == 4)
		flags = pop_text(ctxt);
	by = pop_text(ctxt);
	pattern = pop_text(ctxt);
	r = pattern_of(ctxt, pattern, flags);
	if (r)
		push_text(ctxt, regex_replace(r, pop_text(ctxt), by, arena_of(ctxt)));
}

static void free_doc(void *doc)
{
	xmlFreeDoc(doc);
}

/* A sequence of texts is a list of elements in a small tree of its own. */
static xmlNode *new_list(xmlXPathParserContext *ctxt)
{
	xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");
	xmlNode *list = xmlNewDocNode(doc, NULL, BAD_CAST "list", NULL);

	xmlDocSetRootElement(doc, list);
	arena_on_release(arena_of(ctxt), free_doc, doc);
	return list;
}

static void add_item(xmlNode *list, struct str text, xmlNodeSet *to)
{
	xmlNode *item = xmlNewChild(list, NULL, BAD_CAST "item", NULL);
	xmlNode *content = xmlNewDocTextLen(list->doc, BAD_CAST(text.len ? text.at : ""),
					    (int)text.len);

	xmlAddChild(item, content);
	xmlXPathNodeSetAddUnique(to, content);
}

static void tokenize(xmlXPathParserContext *ctxt, int nargs)
{
	xmlXPathObject *result;
	const struct regex *r;
	struct str text, found, pattern;
	xmlNode *list;
	size_t from = 0;

	if (!takes(ctxt, nargs, 2, 2))
		return;
	pattern = pop_text(ctxt);
	r = pattern_of(ctxt, pattern, STR(""));
	if (!r)
		return;
	text = pop_text(ctxt);
	list = new_list(ctxt);
	result = xmlXPathNewNodeSet(NULL);
	while (regex_find(r, text, from, &found) && found.len) {
		const size_t at = (size_t)(found.at - text.at);

		add_item(list, str_first(str_from(text, from), at - from),
			 result->nodesetval);
		from = at + found.len;
	}
	add_item(list, str_from(text, from), result->nodesetval);
	valuePush(ctxt, result);
}

/* The nodes of the argument on top, or nothing; to be freed by xmlXPathFreeObject(). */
static xmlXPathObject *pop_nodes(xmlXPathParserContext *ctxt)
{
	xmlXPathObject *o = valuePop(ctxt);

	if (o && o->type != XPATH_NODESET) {
		xmlXPathFreeObject(o);
		o = NULL;
		fail(ctxt, "a function needs a list of nodes");
	}
	return o;
}

static void string_join(xmlXPathParserContext *ctxt, int nargs)
{
	struct str separator = STR("");
	xmlXPathObject *o;
	struct buf b;

	if (!takes(ctxt, nargs, 1, 2))
		return;
	if (nargs == 2)
		separator = pop_text(ctxt);
	o = pop_nodes(ctxt);
	if (!o)
		return;
	buf_init(&b, SIZE_MAX / 2);
	xmlXPathNodeSetSort(o->nodesetval);
	for (int i = 0; o->nodesetval && i < o->nodesetval->nodeNr; i++) {
		xmlChar *chars = xmlXPathCastNodeToString(o->nodesetval->nodeTab[i]);

		if (i)
			buf_add(&b, separator);
		buf_add(&b, str_of((const char *)chars));
		xmlFree(chars);
	}
	push_text(ctxt, buf_str(&b));
	buf_release(&b);
	xmlXPathFreeObject(o);
}

static void current_time(xmlXPathParserContext *ctxt, int nargs, struct str pattern)
{
	if (takes(ctxt, nargs, 0, 0))
		push_text(ctxt, message_date(xpath_run_of(ctxt)->message, pattern));
}

static void current_date_time(xmlXPathParserContext *ctxt, int nargs)
{
	current_time(ctxt, nargs, STR("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"));
}

static void current_date(xmlXPathParserContext *ctxt, int nargs)
{
	current_time(ctxt, nargs, STR("yyyy-MM-ddXXX"));
}

static void absolute(xmlXPathParserContext *ctxt, int nargs)
{
	double n;

	if (!takes(ctxt, nargs, 1, 1))
		return;
	n = xmlXPathPopNumber(ctxt);
	push(ctxt, value_double(n < 0 ? -n : n));
}

enum pick { PICK_LEAST, PICK_MOST, PICK_MEAN };

static void pick_number(xmlXPathParserContext *ctxt, int nargs, enum pick pick)
{
	double result = 0;
	xmlXPathObject *o;
	int count;

	if (!takes(ctxt, nargs, 1, 1))
		return;
	o = pop_nodes(ctxt);
	if (!o)
		return;
	count = o->nodesetval ? o->nodesetval->nodeNr : 0;
	for (int i = 0; i < count; i++) {
		const double n = xmlXPathCastNodeToNumber(o->nodesetval->nodeTab[i]);

		if (pick == PICK_MEAN)
			result += n;
		else if (!i || (pick == PICK_LEAST ? n < result : n > result))
			result = n;
	}
	xmlXPathFreeObject(o);
	if (pick == PICK_MEAN && count)
		result /= count;
	push(ctxt, count ? value_double(result) : VALUE_NONE);
}

static void least(xmlXPathParserContext *ctxt, int nargs)
{
	pick_number(ctxt, nargs, PICK_LEAST);
}

static void most(xmlXPathParserContext *ctxt, int nargs)
{
	pick_number(ctxt, nargs, PICK_MOST);
}

static void mean(xmlXPathParserContext *ctxt, int nargs)
{
	pick_number(ctxt, nargs, PICK_MEAN);
}

static void is_there(xmlXPathParserContext *ctxt, int nargs, bool wanted)
{
	xmlXPathObject *o;
	bool there;

	if (!takes(ctxt, nargs, 1, 1))
		return;
	o = valuePop(ctxt);
	there = o && (o->type != XPATH_NODESET ||
		      (o->nodesetval && o->nodesetval->nodeNr > 0));
	xmlXPathFreeObject(o);
	push(ctxt, value_bool(there == wanted));
}

static void exists(xmlXPathParserContext *ctxt, int nargs)
{
	is_there(ctxt, nargs, true);
}

static void empty(xmlXPathParserContext *ctxt, int nargs)
{
	is_there(ctxt, nargs, false);
}

static const struct {
	const char *name;
	xmlXPathFunction call;
} functions[] = {
	{ "get-property", get_property },
	{ "base64Encode", base64_encode_function },
	{ "base64Decode", base64_decode_function },
	{ "url-encode", url_encode_function },
	{ "hmac-generate", hmac_generate },
	{ "lower-case", lower_case },
	{ "upper-case", upper_case },
	{ "ends-with", ends_with },
	{ "matches", matches },
	{ "replace", replace },
	{ "tokenize", tokenize },
	{ "string-join", string_join },
	{ "encode-for-uri", encode_for_uri },
	{ "current-dateTime", current_date_time },
	{ "current-date", current_date },
	{ "abs", absolute },
	{ "min", least },
	{ "max", most },
	{ "avg", mean },
	{ "exists", exists },
	{ "empty", empty },
};

xmlXPathFunction xpath_function(xmlXPathContext *context, const xmlChar *name,
				bool has_prefix)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (xmlStrEqual(name, BAD_CAST functions[i].name))
			return functions[i].call;
	return has_prefix ? xmlXPathFunctionLookup(context, name) : NULL;
}
