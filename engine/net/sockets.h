/*
 * The listening sockets of this process, and those that one before has left to it.
 *
 * Clients that wait in a listening socket's queue are lost when its last holder closes
 * it. So a process that follows another on the same ports asks for its sockets before
 * it opens any: both hold them then, and nothing is lost when the first one goes
 * (design.md §5). They meet at a name made of the traffic port; only processes of the
 * same user are given anything. All but the meeting is for any thread.
 */
#ifndef NET_SOCKETS_H
#define NET_SOCKETS_H

#include <stdbool.h>

struct loop;
struct sockaddr;
struct sockets;

struct sockets *sockets_new(void);
void sockets_free(struct sockets *s);

/* --- who follows --- */

/* Asks who serves the port now, for 2 seconds at most; how many were left to us. */
unsigned sockets_ask(struct sockets *s, unsigned port);
/* A listening one at this address, the caller's from now on; -1: none was left. */
int sockets_take(struct sockets *s, const struct sockaddr *a);
/* Closes what nobody has taken. */
void sockets_forget(struct sockets *s);

/* --- who may be followed --- */

/* The descriptor is given to whoever asks, until it is removed; before it is closed. */
void sockets_add(struct sockets *s, int descriptor);
void sockets_remove(struct sockets *s, int descriptor);

/*
 * Answers on the loop from now on. A number above 0 was given away: told each time.
 * False: somebody else has the port's name; nothing is lost but the handing over.
 */
bool sockets_offer(struct sockets *s, struct loop *l, unsigned port,
		   void (*given)(unsigned count));
void sockets_withdraw(struct sockets *s); /* on the loop's thread; twice is fine */

#endif
