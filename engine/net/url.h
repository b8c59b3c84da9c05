/* A URL taken apart. All parts are borrowed from its text. */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/str.h"

struct url {
	bool tls;
	struct str origin;    /* http://host:port, as written */
	struct str authority; /* host:port, as written; for the Host field */
	struct str host;      /* without the brackets of an IPv6 address */
	unsigned port;
	struct str target; /* path and query; "/" if there is none */
};

/* False: not http:// or https://, no host, no port, or bytes no URL has. */
bool url_parse(struct str text, struct url *u);

#endif
