#include "openapi/openapi_priv.h"

/* Written before anything is read, then only read. */
static struct settings settings;

static const struct settings usual = {
	.http_port = 9090,
	.https_port = 9095,
	.health_interval = 10000,
	.health_timeout = 1000,
	.user = { "admin", 5 },
	.password = { "admin", 5 },
};

void openapi_defaults(void)
{
	settings = usual;
}

const struct settings *openapi_settings(void)
{
	if (!settings.http_port)
		openapi_defaults();
	return &settings;
}

static bool take_number(struct str text, uint64_t least, uint64_t most, uint64_t *to)
{
	uint64_t n;

	if (!str_to_uint(text, &n) || n < least || n > most)
		return false;
	*to = n;
	return true;
}

static bool take_word(struct str text, const char *yes, const char *no, bool *to)
{
	*to = str_eq_nocase(text, str_of(yes));
	return *to || str_eq_nocase(text, str_of(no));
}

static struct issuer *issuer_named(struct str label)
{
	for (unsigned i = 0; i < settings.issuer_count; i++)
		if (str_eq(settings.issuers[i].label, label))
			return &settings.issuers[i];
	if (settings.issuer_count == MOST_ISSUERS)
		return NULL;
	settings.issuers[settings.issuer_count].label = label;
	return &settings.issuers[settings.issuer_count++];
}

/* NAME.issuer, NAME.jwks_url … */
static bool take_issuer(struct str key, struct str text)
{
	static const struct {
		const char *name;
		size_t offset;
	} parts[] = {
		{ ".issuer", offsetof(struct issuer, issuer) },
		{ ".jwks_url", offsetof(struct issuer, jwks) },
		{ ".certificate", offsetof(struct issuer, certificate) },
		{ ".audience", offsetof(struct issuer, audience) },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct str name = str_of(parts[i].name);
		struct issuer *issuer;

		if (!str_ends(key, name) || key.len == name.len)
			continue;
		issuer = issuer_named(str_first(key, key.len - name.len));
		if (issuer)
			*(struct str *)((char *)issuer + parts[i].offset) = text;
		return issuer;
	}
	return false;
}

static bool take_one_tier(struct str name, struct str text)
{
	struct tier *t = &settings.tiers[settings.tier_count];

	for (unsigned i = 0; i < settings.tier_count; i++)
		if (str_eq_nocase(settings.tiers[i].name, name))
			return tier_parse(text, &settings.tiers[i]);
	if (!name.len || settings.tier_count == MOST_TIERS || !tier_parse(text, t))
		return false;
	t->name = name;
	settings.tier_count++;
	return true;
}

bool openapi_set(struct str key, struct str text)
{
	enum { DAY = 24 * 3600 * 1000 };
	const struct str issuer = STR("openapi.issuer."), tier = STR("openapi.tier.");

	openapi_settings();
	if (str_eq(key, STR("openapi.mode")) || str_eq(key, STR("choreo.mode")))
		return take_word(text, "strict", "resilient", &settings.strict);
	if (str_eq(key, STR("openapi.security")))
		return take_word(text, "off", "on", &settings.open);
	if (str_eq(key, STR("openapi.http_port")))
		return take_number(text, 1, 65535, &settings.http_port);
	if (str_eq(key, STR("openapi.https_port")))
		return take_number(text, 1, 65535, &settings.https_port);
	if (str_eq(key, STR("openapi.health_interval_ms")))
		return take_number(text, 10, DAY, &settings.health_interval);
	if (str_eq(key, STR("openapi.health_timeout_ms")))
		return take_number(text, 1, DAY, &settings.health_timeout);
	if (str_starts(key, tier))
		return take_one_tier(str_from(key, tier.len), text);
	if (str_eq(key, STR("openapi.user")))
		settings.user = text;
	else if (str_eq(key, STR("openapi.password")))
		settings.password = text;
	else
		return str_starts(key, issuer) &&
		       take_issuer(str_from(key, issuer.len), text);
	return true;
}
