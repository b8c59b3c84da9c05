/*
 * Large XML or JSON is read off the loop, while its exchange sleeps.
 *
 * The tree goes off the loop as well when the exchange is over: to free a million
 * nodes takes as long as to make them. An exchange that ends before its payload is
 * read leaves it behind, to be thrown away.
 */
#ifndef FLOW_READ_OFF_H
#define FLOW_READ_OFF_H

#include "base/fault.h"

struct exchange;
struct read_off;

/* True: the payload is being read; x is woken, and enters its node again. */
bool read_off_start(struct exchange *x);
bool read_off_is_over(const struct exchange *x);
/* When it is over, once. False: it could not be read; *why. */
bool read_off_take(struct exchange *x, struct fault *why);
void read_off_cancel(struct exchange *x);

#endif
