#include "endpoint/endpoint.h"

const struct endpoint_settings endpoint_defaults = {
	.compat = COMPAT_DOCUMENTED,
	.global_timeout = 120000,
	.timeout_handler_interval = 0,
	.suspend_duration = -1,
	.suspend_factor = 1,
	.max_failover_retries = -1,
	.max_failover_recursive_retries = -1,
	.suspend_on_max_failover = 30000,
	.suspend_on_max_recursive_failover = 30000,
	.connect_timeout = 90000,
	.socket_timeout = 180000,
	.replay = { .memory = 1 << 20, .most = 1 << 30 },
};
