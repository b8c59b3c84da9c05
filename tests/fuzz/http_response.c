/* Replies of backends: heads, lengths, chunks, bodies until the end. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	fuzz_http(bytes, len, true);
	return 0;
}
