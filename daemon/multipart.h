/* A form with files, as browsers and curl send them (RFC 7578). */
#ifndef DAEMON_MULTIPART_H
#define DAEMON_MULTIPART_H

#include "base/str.h"

/* The bytes of the part of this name, borrowed from body. False: it is not there. */
bool multipart_find(struct str content_type, struct str body, struct str name,
		    struct str *bytes);

#endif
