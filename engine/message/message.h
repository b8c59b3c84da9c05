/*
 * A message: headers, body, and properties by scope; what mediators work on.
 *
 * An exchange has one. It starts as the request; each call that comes back puts
 * the reply's headers and body in its place and starts new axis2 and transport
 * scopes (mediation.md §3.5). What cannot change, the facts of the request that
 * started it, is in `incoming`.
 */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/fault.h"
#include "base/timer.h"
#include "message/body.h"
#include "message/headers.h"
#include "message/properties.h"

/* Transport scope is the headers. */
enum scope {
	SCOPE_DEFAULT,
	SCOPE_AXIS2,
	SCOPE_TRANSPORT,
	SCOPE_OPERATION,
	SCOPE_CLIENT, /* axis2-client */
	SCOPE_ANALYTICS,
	SCOPE_TRACE,
	SCOPE_VARIABLE, /* vars.x; Mule's vars as well */
	SCOPE_FUNCTION, /* parameters of the template being run: $func:x */
	SCOPES,
};

/* The request as it came, and where routing took it. Texts are the exchange's. */
struct incoming {
	struct str method;
	struct str target;    /* path and query as received */
	struct str transport; /* "http" or "https" */
	struct str host;      /* Host field, or the listener's own address */
	struct str remote;    /* the client's address */
	struct str correlation;
	struct str api; /* full name: "Foo" or "Foo:v1.0" */
	struct str api_version, api_version_type;
	struct str context;
	struct str sub_path; /* what follows context and version, with the query */
	struct str postfix;  /* REST_URL_POSTFIX */
	struct str pattern;  /* of the resource */
	unsigned port;       /* the listener's */
	bool rest;           /* not SOAP (mediation.md §1.2) */
};

/* What a message can ask of the house it is in. All borrowed; never NULL. */
struct surroundings {
	const struct timers *clock;
	/* The text or XML of a local entry; null if there is none. */
	struct value (*local_entry)(const void *ctx, struct str key, struct arena *a);
	const void *ctx;
};

enum content_kind {
	CONTENT_UNKNOWN, /* not looked at: the bytes are all there is */
	CONTENT_NONE,    /* understood, and empty */
	CONTENT_JSON,
	CONTENT_XML, /* forms too: <xformValues> */
	CONTENT_TEXT,
	CONTENT_BINARY,
};

/* The payload, understood. message/content.h works on it. */
struct content {
	enum content_kind kind;
	bool changed;               /* the bytes of the body are no longer what it says */
	struct str built_from;      /* the media type the bytes of the body are of */
	const struct json *json;    /* of CONTENT_JSON; NULL: not read yet, see text */
	void *xml;                  /* xmlDoc: an Envelope whose Body holds the payload */
	struct str text;            /* of JSON not read yet, CONTENT_TEXT and _BINARY */
	const struct json *as_json; /* views made on demand and kept until a change */
	void *as_xml;
};

struct message {
	struct arena *arena; /* borrowed; everything in here is its */
	struct headers headers;
	struct body body;
	struct content content;
	struct properties properties[SCOPES]; /* SCOPE_TRANSPORT stays empty */
	struct str to;    /* WS-Addressing To, if somebody set it; at NULL: as it came */
	struct str id;    /* MessageID, made when it is asked for the first time */
	bool is_response; /* going to the client */
	bool after_call;  /* headers and body are a backend's */
	/*
	 * What expressions call `attributes`: facts about the request or the latest
	 * reply; NULL until somebody asks (message/attributes.h).
	 */
	const struct json *attributes;
	const struct json *error; /* what a handler is handling, for expressions */
	const struct json *error_payload; /* the error whose handler set the payload */
	const struct incoming *incoming;  /* never NULL; all empty without a request */
	const struct surroundings *around;
};

/* Everything empty; incoming and around are borrowed. */
void message_init(struct message *m, struct arena *a, const struct incoming *in,
		  const struct surroundings *around);
void message_release(struct message *m);

/* A copy that can go its own way: properties, headers and body (which must be WHOLE). */
void message_clone(struct message *to, struct message *from, struct arena *a);

/*
 * The reply of a call takes its place: new axis2 and transport scopes, another
 * payload, another MessageID. Headers and body are moved; after_call is set.
 */
void message_become_reply(struct message *m, struct headers *headers, struct body *body);

/*
 * A property as `$ctx:name` sees it: what was set, else what the request says by
 * itself (REST_METHOD, query.param.x, HTTP_METHOD, messageType …; mediation.md §1.2,
 * §2.3). Nothing is worked out until it is asked for. VALUE_NULL: none.
 */
struct value message_own_property(struct message *m, enum scope scope, struct str name);
/* As get-property(scope, name): also To, MessageID, SYSTEM_TIME …, local entries (§5.2).
 */
struct value message_property(struct message *m, enum scope scope, struct str name);
/* Now, as a pattern of SimpleDateFormat says (get-property('SYSTEM_DATE', …)). */
struct str message_date(struct message *m, struct str pattern);
/*
 * Name and text must be the message's arena's, or static. Null is not set in the
 * default scope, and "" as a header; messageType sets the Content-Type (§4.2). What
 * cannot stand in a header is not set.
 */
void message_set_property(struct message *m, enum scope scope, struct str name,
			  struct value value);
void message_remove_property(struct message *m, enum scope scope, struct str name);

/* "default", "synapse", "axis2", "transport" …; false: no such scope. */
bool scope_named(struct str name, enum scope *scope);
const char *scope_name(enum scope scope);

#endif
