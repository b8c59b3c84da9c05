/* What the files of the management API share. */
#ifndef DAEMON_ADMIN_PRIV_H
#define DAEMON_ADMIN_PRIV_H

#include "daemon/admin.h"
#include "daemon/reply.h"
#include "daemon/server.h"

/* admin_views.c: what there is. Each answers the call. */
void admin_apis(struct server *s, struct http_call *c);
void admin_sequences(struct server *s, struct http_call *c);
void admin_local_entries(struct server *s, struct http_call *c);
void admin_templates(struct server *s, struct http_call *c);
void admin_proxies(struct server *s, struct http_call *c);
void admin_server(struct server *s, struct http_call *c);

/* admin_endpoints.c */
void admin_endpoints(struct server *s, struct http_call *c);
/* {"name":…, "status":"active"|"inactive"} */
void admin_switch_endpoint(struct server *s, struct http_call *c, const struct json *j);

/* admin_logging.c */
void admin_logging(struct server *s, struct http_call *c);
/* {"loggerName":…, "loggingLevel":…} */
void admin_set_logging(struct server *s, struct http_call *c, const struct json *j);

/* admin_ductape.c: everything below /ductape/. */
void admin_ductape(struct server *s, struct http_call *c);

/* A new token for who knows name and password; NULL. Lives as long as the house. */
const char *admin_token(struct admin *a, struct str user, struct str password);

/* Builders: members of an object, the texts borrowed. */
void member_text(struct json *to, struct arena *a, const char *name, struct str text);
void member_bool(struct json *to, struct arena *a, const char *name, bool truth);
void member_int(struct json *to, struct arena *a, const char *name, int64_t n);

/* {"Error": text} */
void admin_error(struct http_call *c, unsigned status, const char *text);
/* {"Message": text} */
void admin_message(struct http_call *c, const char *text);
/* {"count": …, "list": list} */
void admin_list(struct http_call *c, struct json *list);
/* Does the searchKey parameter allow it? */
bool admin_is_wanted(struct http_call *c, struct str name);
/* The definition as XML. */
struct str admin_source(const struct artifact *t, struct arena *a);

#endif
