/*
 * The REST of the gateway's adapter, for who deploys with apictl's calls: projects come
 * as zips, lie in STATE/apis, and are loaded like any file (frontends.md §3.1).
 *
 *	POST   /api/mgw/adapter/0.1/oauth2/token    {username, password} -> {accessToken}
 *	POST   /api/mgw/adapter/0.1/apis            a form with the zip as `file`
 *	GET    /api/mgw/adapter/0.1/apis
 *	DELETE /api/mgw/adapter/0.1/apis?apiName=&version=
 */
#ifndef DAEMON_ADAPTER_H
#define DAEMON_ADAPTER_H

#include "daemon/server.h"

/* Is it for the token call, which nobody needs a token for? */
bool adapter_is_login(struct str path);
bool adapter_claims(struct str path);
void adapter_take(struct server *s, struct http_call *c);

/* What was deployed here; scanned with the other directories, once it is there. */
void adapter_scan(struct server *s);

#endif
