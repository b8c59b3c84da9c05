/* What builders (build.c), formatters (format.c) and content.c share. */
#ifndef MESSAGE_CONTENT_PRIV_H
#define MESSAGE_CONTENT_PRIV_H

#include "message/content.h"

/* Puts "Error while building message" before what *why says, and the code on it. */
void complain_building(struct message *m, struct fault *why);

/* Which formatter a media type has (§6.3). */
enum form {
	FORM_JSON,
	FORM_POX,
	FORM_SOAP_11,
	FORM_SOAP_12,
	FORM_FIELDS,
	FORM_TEXT,
	FORM_OTHER
};
enum form form_of(struct str media_type);

#endif
