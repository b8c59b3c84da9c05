/* Texts of a media type as values, and values as texts. */
#include "base/buf.h"
#include "base/url.h"
#include "dataweave/run.h"
#include "dataweave/xml.h"
#include "message/content.h"

void dw_output_init(struct dw_output *o, struct str media_type)
{
	*o = (struct dw_output){ .media_type = media_type,
				 .indent = true,
				 .declaration = true,
				 .header = true,
				 .separator = ',' };
}

void dw_output_option(struct dw_output *o, struct str name, struct str value)
{
	bool yes = str_eq(value, STR("true"));

	if (str_eq(name, STR("indent")))
		o->indent = yes;
	else if (str_eq(name, STR("skipNullOn")))
		o->skip_null = value.len > 0;
	else if (str_eq(name, STR("writeDeclaration")))
		o->declaration = yes;
	else if (str_eq(name, STR("header")))
		o->header = yes;
	else if (str_eq(name, STR("separator")) && value.len)
		o->separator = value.at[0];
}

/* --- reading --- */

static bool read_json(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct fault why = { 0 };
	const struct json *j = json_parse(text, r->arena, &why);

	*v = dw_json(j, r->arena);
	return j || dw_fail(r, "%s", why.text);
}

static bool read_form(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct str part;

	*v = dw_new(DW_OBJECT, r->arena);
	while (str_cut(&text, '&', &part)) {
		const size_t equals = str_find(part, '=');

		if (part.len)
			dw_add(v, r->arena,
			       url_decode_form(str_first(part, equals), r->arena),
			       dw_string(url_decode_form(str_from(part, equals + 1),
							 r->arena)));
	}
	return dw_spend(r, 64 * v->list->count);
}

/* One field of CSV; *rest goes behind its separator. */
static struct str csv_field(struct dw_run *r, struct str *rest, char separator,
			    bool *last)
{
	struct buf b;
	struct str field;
	bool quoted = rest->len && rest->at[0] == '"';
	size_t i = quoted;

	buf_init(&b, rest->len + 1);
	for (; i < rest->len; i++) {
		char c = rest->at[i];

		if (quoted && c == '"' && i + 1 < rest->len && rest->at[i + 1] == '"')
			i++;
		else if (quoted && c == '"') {
			quoted = false;
			continue;
		} else if (!quoted && (c == separator || c == '\n'))
			break;
		if (c != '\r')
			buf_add_char(&b, c);
	}
	*last = i >= rest->len || rest->at[i] == '\n';
	*rest = str_from(*rest, i + 1);
	field = arena_copy(r->arena, buf_str(&b));
	buf_release(&b);
	return field;
}

static bool read_csv(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct dw_value header = dw_new(DW_ARRAY, r->arena);
	bool last = false;

	*v = dw_new(DW_ARRAY, r->arena);
	while (text.len && !last)
		dw_add(&header, r->arena, STR(""),
		       dw_string(csv_field(r, &text, ',', &last)));
	while (text.len) {
		struct dw_value row = dw_new(DW_OBJECT, r->arena);

		last = false;
		for (size_t i = 0; !last; i++) {
			struct str field = csv_field(r, &text, ',', &last);

			if (i < header.list->count)
				dw_add(&row, r->arena, header.list->at[i].value.text,
				       dw_string(field));
		}
		dw_add(v, r->arena, STR(""), row);
		if (!dw_spend(r, 128))
			return false;
	}
	return true;
}

/* application/dw: a program of its own, without names from outside. */
static bool read_program(struct dw_run *r, struct str text, struct dw_value *v)
{
	struct fault why = { 0 };
	const struct dw_program *p = dw_parse(text, r->arena, &why);

	return p ? dw_evaluate(r, p->body, NULL, v) : dw_fail(r, "%s", why.text);
}

bool dw_read(struct dw_run *r, struct str text, struct str media_type, struct dw_value *v)
{
	struct str type = media_type_of(media_type, r->arena);

	if (str_eq(type, STR("application/json")) || str_eq(type, STR("text/json")) ||
	    str_ends(type, STR("+json")))
		return read_json(r, text, v);
	if (str_eq(type, STR("application/xml")) || str_eq(type, STR("text/xml")))
		return dw_xml_read(r, text, v);
	if (str_eq(type, STR("application/x-www-form-urlencoded")))
		return read_form(r, text, v);
	if (str_eq(type, STR("application/csv")) || str_eq(type, STR("text/csv")))
		return read_csv(r, text, v);
	if (str_eq(type, STR("application/dw")))
		return read_program(r, text, v);
	*v = dw_string(text);
	return true;
}

/* --- writing --- */

static bool write_json(struct dw_run *r, const struct dw_value *v,
		       const struct dw_output *how, struct buf *b)
{
	json_write(dw_to_json(v, r->arena, how->skip_null, 0), how->indent, b);
	return true;
}

static bool write_form(struct dw_run *r, const struct dw_value *v, struct buf *b)
{
	struct dw_list *l = dw_members(v, r->arena);

	if (v->kind != DW_OBJECT)
		return dw_fail(r, "a form is written from an object, not %s",
			       dw_kind_name(v));
	for (size_t i = 0; i < l->count; i++) {
		struct str text;

		if (!dw_text_of(r, &l->at[i].value, "a form", &text))
			return false;
		buf_printf(b, "%s" STR_FMT "=" STR_FMT, i ? "&" : "",
			   STR_ARG(url_encode_form(l->at[i].key, r->arena)),
			   STR_ARG(url_encode_form(text, r->arena)));
	}
	return true;
}

static void csv_text(struct buf *b, struct str text, char separator)
{
	if (str_find(text, separator) == text.len && str_find(text, '"') == text.len &&
	    str_find(text, '\n') == text.len) {
		buf_add(b, text);
		return;
	}
	buf_add_char(b, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_add_char(b, '"');
		buf_add_char(b, text.at[i]);
	}
	buf_add_char(b, '"');
}

static void csv_line(struct dw_run *r, const struct dw_value *row, bool keys,
		     const struct dw_output *how, struct buf *b)
{
	struct dw_list *l = dw_members(row, r->arena);

	for (size_t i = 0; i < l->count; i++) {
		if (i)
			buf_add_char(b, how->separator);
		csv_text(b, keys ? l->at[i].key : dw_text(&l->at[i].value, r->arena),
			 how->separator);
	}
	buf_add_char(b, '\n');
}

static bool write_csv(struct dw_run *r, const struct dw_value *v,
		      const struct dw_output *how, struct buf *b)
{
	struct dw_list *l = dw_members(v, r->arena);

	if (v->kind == DW_OBJECT) {
		csv_line(r, v, true, how, b);
		csv_line(r, v, false, how, b);
		return true;
	}
	if (v->kind != DW_ARRAY)
		return dw_fail(r, "CSV is written from an array, not %s",
			       dw_kind_name(v));
	for (size_t i = 0; i < l->count; i++) {
		if (i == 0 && how->header && l->at[i].value.kind == DW_OBJECT)
			csv_line(r, &l->at[i].value, true, how, b);
		csv_line(r, &l->at[i].value, false, how, b);
	}
	return true;
}

static bool write_as(struct dw_run *r, const struct dw_value *v,
		     const struct dw_output *how, struct str type, struct buf *b)
{
	if (str_eq(type, STR("application/xml")) || str_eq(type, STR("text/xml")) ||
	    str_ends(type, STR("+xml")))
		return dw_xml_write(r, v, how, b);
	if (str_eq(type, STR("application/x-www-form-urlencoded")))
		return write_form(r, v, b);
	if (str_eq(type, STR("application/csv")) || str_eq(type, STR("text/csv")))
		return write_csv(r, v, how, b);
	if (str_eq(type, STR("application/json")) || str_eq(type, STR("text/json")) ||
	    str_ends(type, STR("+json")))
		return write_json(r, v, how, b);
	buf_add(b, dw_text(v, r->arena));
	return true;
}

bool dw_write(struct dw_run *r, const struct dw_value *v, const struct dw_output *how,
	      struct str *text)
{
	struct buf b;
	bool fine;

	buf_init(&b, DW_MOST_BYTES);
	fine = write_as(r, v, how, media_type_of(how->media_type, r->arena), &b) &&
	       dw_spend(r, b.len);
	*text = arena_copy(r->arena, buf_str(&b));
	buf_release(&b);
	return fine;
}
