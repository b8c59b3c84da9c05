/*
 * A message is read twice, in one piece and in pieces of the size its first byte
 * says, and must be the same message, or refused, both times.
 */
#ifndef TESTS_FUZZ_HTTP_H
#define TESTS_FUZZ_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void fuzz_http(const uint8_t *bytes, size_t len, bool response);

#endif
