#include "net/tcp.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls_session.h"

struct queued_write {
	uv_write_t uv;
	struct tcp *tcp;
	size_t len;
	char bytes[];
};

void tcp_init(struct tcp *t, struct loop *l, const struct tcp_ops *ops)
{
	*t = (struct tcp){ .loop = l, .ops = ops };
	uv_tcp_init(&l->uv, &t->uv);
	t->uv.data = t;
}

static void lend_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct tcp *t = handle->data;

	(void)wanted;
	*buf = uv_buf_init(t->loop->read_buffer, READ_BUFFER);
}

static void on_written(uv_write_t *uv, int status)
{
	struct queued_write *w = (struct queued_write *)uv;
	struct tcp *t = w->tcp;
	struct loop *l = t->loop;

	t->queued -= w->len;
	free(w);
	if (t->closing)
		return;
	loop_enter(l);
	if (status != 0)
		t->broken = true;
	if (t->queued == 0)
		t->ops->drained(t);
	loop_leave(l);
}

static bool queue(struct tcp *t, const struct str *pieces, unsigned count, size_t skip)
{
	size_t len = 0;

	for (unsigned i = 0; i < count; i++)
		len += pieces[i].len;

	struct queued_write *w = memory_new(sizeof(*w) + len - skip);
	char *to = w->bytes;

	for (unsigned i = 0; i < count; i++) {
		const struct str rest = str_from(pieces[i], skip);

		if (rest.len)
			memcpy(to, rest.at, rest.len);
		to += rest.len;
		skip -= pieces[i].len - rest.len;
	}
	w->tcp = t;
	w->len = (size_t)(to - w->bytes);
	t->queued += w->len;

	const uv_buf_t buf = uv_buf_init(w->bytes, (unsigned)w->len);

	if (uv_write(&w->uv, (uv_stream_t *)&t->uv, &buf, 1, on_written) == 0)
		return true;
	t->queued -= w->len;
	t->broken = true;
	free(w);
	return false;
}

/*
 * What the kernel takes at once; -1: errno. By ourselves: it is what a proxy does most,
 * and send() is cheaper than the write() of libuv.
 */
static ssize_t send_pieces(int descriptor, const struct str *pieces, unsigned count)
{
	struct iovec at[TCP_PIECES];
	const struct msghdr message = { .msg_iov = at, .msg_iovlen = count };

	if (count == 1)
		return send(descriptor, pieces[0].at, pieces[0].len, MSG_NOSIGNAL);
	for (unsigned i = 0; i < count; i++)
		at[i] = (struct iovec){ (char *)pieces[i].at, pieces[i].len };
	return sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

/* An error is left to libuv, which tells it later. */
static bool send_or_queue(struct tcp *t, const struct str *pieces, unsigned count,
			  size_t len)
{
	ssize_t sent = 0;

	if (t->queued == 0)
		sent = send_pieces(t->descriptor, pieces, count);
	if (sent >= 0 && (size_t)sent == len)
		return true;
	return queue(t, pieces, count, sent > 0 ? (size_t)sent : 0);
}

void tcp_send(struct tcp *t, struct str bytes)
{
	send_or_queue(t, &bytes, 1, bytes.len);
}

static void send_posted(struct tcp *t)
{
	if (t->posted)
		outbox_send(&t->loop->outbox);
}

static bool write_plain(struct tcp *t, const struct str *pieces, unsigned count)
{
	size_t len = 0;

	for (unsigned i = 0; i < count; i++)
		len += pieces[i].len;
	send_posted(t);
	if (len > OUTBOX_MOST || t->queued > 0)
		return send_or_queue(t, pieces, count, len);
	outbox_post(&t->loop->outbox, t, pieces, count);
	return true;
}

/* What TLS wants to have sent, in one write. */
static bool flush_tls(struct tcp *t)
{
	const struct str out = tls_outgoing(t->tls);
	bool fine = true;

	if (out.len)
		fine = write_plain(t, &out, 1);
	tls_sent(t->tls);
	return fine;
}

bool tcp_write(struct tcp *t, const struct str *pieces, unsigned count)
{
	if (t->closing || t->broken || !t->open)
		return false;
	if (!t->tls)
		return write_plain(t, pieces, count);
	return tls_encrypt(t->tls, pieces, count) && flush_tls(t);
}

static void end(struct tcp *t, int status)
{
	if (t->closing)
		return;
	t->broken |= status != 0;
	if (t->connecting || (t->tls && !tls_is_ready(t->tls)))
		t->ops->connected(t, status ? status : UV_EOF);
	else
		t->ops->ended(t, status);
}

/* All at once: what was handed on lies in the buffer until the event ends. */
static void decrypt(struct tcp *t)
{
	struct loop *l = t->loop;
	enum tls_progress progress;
	size_t len = 0;

	if (!l->plain_buffer)
		l->plain_buffer = memory_new(PLAIN_BUFFER);
	progress = tls_decrypt(t->tls, l->plain_buffer, PLAIN_BUFFER, &len);
	assert(progress != TLS_READY);
	if (len)
		t->ops->bytes(t, (struct str){ l->plain_buffer, len });
	if (t->closing)
		return;
	if (!flush_tls(t) || progress == TLS_FAILED)
		end(t, UV_EPROTO);
	else if (progress == TLS_CLOSED)
		end(t, 0);
}

static void shake_hands(struct tcp *t)
{
	const enum tls_progress progress = tls_handshake(t->tls);
	const bool sent = flush_tls(t);

	if (progress == TLS_FAILED || !sent)
		end(t, UV_EPROTO);
	else if (progress == TLS_READY && t->ops->connected)
		t->ops->connected(t, 0);
}

static void came(struct tcp *t, struct str bytes)
{
	if (!t->tls) {
		t->ops->bytes(t, bytes);
		return;
	}
	tls_came(t->tls, bytes);
	if (!tls_is_ready(t->tls))
		shake_hands(t);
	if (!t->closing && !t->broken && tls_is_ready(t->tls))
		decrypt(t);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct tcp *t = stream->data;
	struct loop *l = t->loop;

	if (len == 0)
		return;
	loop_enter(l);
	if (len > 0)
		came(t, (struct str){ buf->base, (size_t)len });
	else
		end(t, len == UV_EOF ? 0 : (int)len);
	loop_leave(l);
}

size_t tcp_unsent(const struct tcp *t)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&t->uv);
}

bool tcp_is_reset(const struct tcp *t)
{
	int descriptor, error = 0;
	socklen_t len = sizeof(error);

	return uv_fileno((const uv_handle_t *)&t->uv, &descriptor) != 0 ||
	       getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ||
	       error != 0;
}

void tcp_pause(struct tcp *t)
{
	if (t->reading && !t->closing)
		uv_read_stop((uv_stream_t *)&t->uv);
	t->reading = false;
}

void tcp_resume(struct tcp *t)
{
	if (t->reading || t->closing || !t->open)
		return;
	t->reading = uv_read_start((uv_stream_t *)&t->uv, lend_buffer, on_read) == 0;
}

static void begin(struct tcp *t)
{
	t->open = true;
	uv_fileno((const uv_handle_t *)&t->uv, &t->descriptor);
	uv_tcp_nodelay(&t->uv, 1);
	tcp_resume(t);
}

bool tcp_accept(struct tcp *t, uv_stream_t *listener)
{
	if (uv_accept(listener, (uv_stream_t *)&t->uv) != 0)
		return false;
	begin(t);
	return true;
}

bool tcp_adopt(struct tcp *t, int descriptor)
{
	if (uv_tcp_open(&t->uv, descriptor) != 0) {
		close(descriptor);
		return false;
	}
	begin(t);
	return true;
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct tcp *t = connect->data;
	struct loop *l = t->loop;

	free(connect);
	t->connecting = NULL;
	if (t->closing)
		return;
	loop_enter(l);
	if (status == 0)
		begin(t);
	if (status == 0 && t->tls)
		shake_hands(t);
	else
		t->ops->connected(t, status);
	loop_leave(l);
}

int tcp_connect(struct tcp *t, const struct sockaddr *to, struct tls_session *tls)
{
	uv_connect_t *connect = memory_new(sizeof(*connect));
	int status;

	t->tls = tls;
	connect->data = t;
	status = uv_tcp_connect(connect, &t->uv, to, on_connected);
	if (status != 0)
		free(connect);
	else
		t->connecting = connect;
	return status;
}

void tcp_use_tls(struct tcp *t, struct tls_session *tls)
{
	t->tls = tls;
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
	(void)status;
	free(shutdown);
}

static void say_goodbye(struct tcp *t)
{
	if (!t->tls || t->broken || !tls_is_ready(t->tls))
		return;
	tls_say_goodbye(t->tls);
	flush_tls(t);
}

void tcp_shutdown(struct tcp *t)
{
	uv_shutdown_t *shutdown;

	if (t->closing || !t->open || t->broken)
		return;
	say_goodbye(t);
	send_posted(t);
	shutdown = memory_new(sizeof(*shutdown));
	if (uv_shutdown(shutdown, (uv_stream_t *)&t->uv, on_shutdown) != 0)
		free(shutdown);
}

static void on_closed(uv_handle_t *handle)
{
	struct tcp *t = handle->data;

	if (t->tls)
		tls_session_free(t->tls);
	t->tls = NULL;
	t->ops->closed(t);
}

void tcp_close(struct tcp *t)
{
	if (t->closing)
		return;
	if (t->open && t->queued == 0)
		say_goodbye(t);
	send_posted(t);
	t->closing = true;
	uv_close((uv_handle_t *)&t->uv, on_closed);
}

void tcp_reset(struct tcp *t)
{
	if (t->closing)
		return;
	send_posted(t);
	if (!t->open || uv_tcp_close_reset(&t->uv, on_closed) != 0)
		uv_close((uv_handle_t *)&t->uv, on_closed);
	t->closing = true;
}

bool tcp_peer(const struct tcp *t, char *text, size_t size, unsigned *port)
{
	struct sockaddr_storage a;
	int len = sizeof(a);

	if (uv_tcp_getpeername(&t->uv, (struct sockaddr *)&a, &len) != 0)
		return false;
	if (a.ss_family == AF_INET6) {
		const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&a;

		*port = ntohs(six->sin6_port);
		return uv_ip6_name(six, text, size) == 0;
	}

	const struct sockaddr_in *four = (const struct sockaddr_in *)&a;

	*port = ntohs(four->sin_port);
	return uv_ip4_name(four, text, size) == 0;
}
