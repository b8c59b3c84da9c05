/*
 * Between XML and JSON, by the rules of mediation.md §6.4 and §6.5, quirks included:
 * what goes there and back again is not always what it was.
 */
#ifndef MESSAGE_CONVERT_H
#define MESSAGE_CONVERT_H

#include "message/json.h"
#include "message/xml.h"

/* What an element is as JSON: {"name": …}, or what its wrapper holds. NULL: *why. */
struct json *json_of_xml(const struct xml_node *element, struct arena *a,
			 struct fault *why);

/* <jsonObject>, <jsonArray> or <jsonValue> as the payload of a new envelope. */
struct xml_tree *xml_of_json(const struct json *j, struct arena *a);
/* The same below an element that is there. */
void xml_add_json(struct xml_node *parent, const struct json *j, struct arena *a);

/* Text as a JSON value: true, false, null, numbers; else a string (autoPrimitive). */
struct json *json_of_text(struct str text, struct arena *a);

#endif
