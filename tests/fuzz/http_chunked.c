/* The chunks alone: a head that announces them is put before. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char head[] = "POST / HTTP/1.1\r\nHost: a\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n";
	const size_t head_len = sizeof(head) - 1;
	uint8_t *all;

	if (len < 1)
		return 0;
	all = malloc(head_len + len);
	all[0] = bytes[0];
	memcpy(all + 1, head, head_len);
	memcpy(all + 1 + head_len, bytes + 1, len - 1);
	fuzz_http(all, head_len + len, false);
	free(all);
	return 0;
}
