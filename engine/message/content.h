/*
 * The payload of a message, understood: from bytes to a tree, between trees, and
 * back to bytes (mediation.md §6).
 *
 * Bytes stay bytes until one of these is called, and come out again untouched if
 * nothing was changed. The body must be WHOLE: a node that needs content says so
 * (flow/node.h), and the machine waits before it runs it.
 */
#ifndef MESSAGE_CONTENT_H
#define MESSAGE_CONTENT_H

#include "message/json.h"
#include "message/message.h"
#include "message/xml.h"

/* The builder of the content type runs, once. False: 601000, and why says it. */
bool content_understand(struct message *m, struct fault *why);
/* Likewise, but what nobody knows is text, not XML that will not parse; forms as well. */
bool content_understand_known(struct message *m, struct fault *why);
bool content_is_xml(const struct message *m); /* by its media type */

/*
 * Large XML and JSON is read elsewhere, so that nobody waits for it: begun and ended
 * where the message is, read on any thread in between. What it holds is its own. Begins
 * zeroed.
 */
struct reading {
	struct arena arena;
	struct str bytes;
	bool is_json;
	struct xml_tree *tree;   /* NULL: *why */
	const struct json *json; /* NULL: whoever looks into it is told why */
	struct fault why;
};

bool content_is_large(const struct message *m); /* and not understood yet */
/* False: it must be understood here after all. */
bool content_reading_begin(struct message *m, struct reading *r);
void content_read(struct reading *r);
/* The message takes the tree, which lives until its arena is released; or *why. */
bool content_reading_end(struct message *m, struct reading *r, struct fault *why);

/* The payload as JSON; XML and text are converted (§6.4). NULL: *why, or no payload. */
const struct json *content_json(struct message *m, struct fault *why);
/* The SOAP envelope around the payload as a libxml2 document; JSON is converted (§6.5).
 */
struct xml_tree *content_xml(struct message *m, struct fault *why);
/* As content_xml(), and the caller is going to change it: it is the payload now. */
struct xml_tree *content_edit_xml(struct message *m, struct fault *why);

/* The payload is this now. Texts and trees are the message's arena's. */
void content_set_json(struct message *m, const struct json *json);
void content_set_text(struct message *m, struct str text);
/* XML text: one element, or a whole SOAP envelope. False: it is no XML; *why. */
bool content_set_xml(struct message *m, struct str text, struct fault *why);
/* A tree of the message's arena; for trees that were made. */
void content_set_tree(struct message *m, struct xml_tree *tree);
void content_set_none(struct message *m);

/* Sets axis2 messageType and ContentType and the header Content-Type (§4.2). */
void content_set_type(struct message *m, struct str media_type);

/*
 * Before the message leaves: if content was changed, or messageType asks for another
 * form than it has, writes it as body bytes with the Content-Type that goes with it
 * (§6.3). Untouched content costs nothing. False: *why.
 */
bool content_serialize(struct message *m, struct fault *why);

/* For logs: the payload as text; original JSON bytes, or the envelope (§4.1). */
struct str content_log_text(struct message *m);
/* Of CONTENT_JSON, as it came or was set. */
struct str content_json_text(struct message *m);
bool content_is_soap_fault(struct message *m);
/* Of an XML payload that came, or will go, in an envelope; else SOAP_NONE. */
enum soap_version content_soap_version(const struct message *m);

/* "application/json" of "application/json; charset=UTF-8", in lower case; arena's. */
struct str media_type_of(struct str content_type, struct arena *a);
/* Its charset parameter, without quotes; UTF-8 if it has none. */
struct str charset_of(struct str content_type);

#endif
