#!/usr/bin/env python3
"""Clients that leave, and backends that answer garbage, too much, too little, twice, late."""
import threading

from rig import api, call, request, run, until

RESPOND = "<respond/>"
OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def replies(text, close=True):
    """Answers every request so; then closes, or goes on."""
    def script(backend, peer):
        while True:
            backend.heads.append(peer.request()[0])
            peer.send(text)
            if close:
                return
    return script


def plain(rig, script, more=""):
    backend = rig.backend(script)
    return backend, rig.engine({"p": api("p", call(backend.url, more) + RESPOND)})


def a_client_that_goes_away_cancels_the_attempt(rig):
    gone = threading.Event()

    def script(backend, peer):
        backend.heads.append(peer.request()[0])
        if peer.is_closed(5):
            gone.set()
    backend, engine = plain(rig, script)
    client = rig.client(engine)
    client.send(request("GET", "/p/x"))
    assert until(lambda: backend.heads)
    client.close()
    assert gone.wait(3), "the attempt goes on for nobody"
    assert backend.connections == 1


def a_client_that_goes_away_during_the_reply_ends_it(rig):
    stopped = threading.Event()

    def script(backend, peer):
        peer.request()
        peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {1 << 32}\r\n\r\n")
        try:
            while True:
                peer.send(b"x" * 65536)
        except OSError:
            stopped.set()
    _, engine = plain(rig, script)
    client = rig.client(engine)
    client.send(request("GET", "/p/x"))
    client.exactly(100000)
    client.reset()
    assert stopped.wait(3)


def a_client_that_goes_away_during_its_upload_breaks_it_off(rig):
    def script(backend, peer):
        peer.head()
        backend.heads.append(1)
        backend.bodies.append(peer.rest())
    backend, engine = plain(rig, script)
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\npart")
    assert until(lambda: backend.heads)
    client.close()
    assert until(lambda: backend.bodies or backend.errors)
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n")
    assert until(lambda: len(backend.heads) == 2)
    client.close()
    assert until(lambda: len(backend.bodies) + len(backend.errors) == 2)
    assert not [b for b in backend.bodies if b.endswith(b"0\r\n\r\n")], "a part passes for the whole"


GARBAGE = [
    "SSH-2.0-OpenSSH_9.2\r\n\r\n", "\0\1\2\3\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/3.7 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: " + "x" * 70000 + "\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 200", "",
]


def garbage_is_an_error_never_an_answer(rig):
    text = [""]

    def script(backend, peer):
        peer.request()
        peer.send(text[0])
    _, engine = plain(rig, script)
    for text[0] in GARBAGE:
        head, _ = rig.ask(engine, "GET", "/p/x")
        assert head.status >= 500, f"{head.status} for {text[0][:60]!r}"


def a_reply_cut_short_is_never_taken_for_whole(rig):
    text = [""]

    def script(backend, peer):
        peer.request()
        peer.send(text[0])
    _, engine = plain(rig, script)
    for text[0] in ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"):
        client = rig.client(engine)
        client.send(request("GET", "/p/x"))
        try:
            head, body = client.reply()
            assert head.status >= 500, f"{body} passes for whole after {text[0]!r}"
        except (EOFError, OSError, ValueError):
            pass  # cut short towards the client too


def what_comes_after_the_reply_reaches_nobody(rig):
    second = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
    backend, engine = plain(rig, replies(OK + second, close=False))
    client = rig.client(engine)
    for _ in range(20):
        client.send(request("GET", "/p/x"))
        head, body = client.reply()
        assert (head.status, body) == (200, b"hello")
    assert backend.connections == 20, "a connection with bytes left over is used again"


def a_late_second_reply_reaches_nobody(rig):
    late = threading.Event()

    def script(backend, peer):
        peer.request()
        peer.send(OK)
        if backend.connections == 1:
            late.wait(5)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            backend.heads.append(1)
            peer.is_closed(5)
        else:
            peer.request()
    backend, engine = plain(rig, script)
    client = rig.client(engine)
    client.send(request("GET", "/p/x"))
    assert client.reply()[1] == b"hello"
    late.set()
    assert until(lambda: backend.heads)
    client.send(request("GET", "/p/x"))
    head, body = client.reply()
    assert (head.status, body) == (200, b"hello"), body


def a_reply_after_the_deadline_reaches_nobody(rig):
    def script(backend, peer):
        number = backend.connections
        peer.request()
        if number == 1:
            peer.is_closed(0.6)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        else:
            peer.send(OK)
            peer.is_closed(1)
    backend, engine = plain(rig, script, "<timeout><duration>150</duration>"
                            "<responseAction>fault</responseAction></timeout>"
                            "<suspendOnFailure><errorCodes>101503</errorCodes></suspendOnFailure>"
                            "<markForSuspension><errorCodes>101505</errorCodes></markForSuspension>")
    client = rig.client(engine)
    client.send(request("GET", "/p/x"))
    assert client.reply()[0].status >= 500
    client.send(request("GET", "/p/x"))
    head, body = client.reply()
    assert (head.status, body) == (200, b"hello"), (head.lines, body)


def interim_replies_are_skipped(rig):
    backend, engine = plain(rig, replies("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
                                         "Link: </a>\r\n\r\n" + OK, close=False))
    for _ in range(3):
        assert rig.ask(engine, "GET", "/p/x")[1] == b"hello"


def a_reply_byte_by_byte_is_a_reply(rig):
    def script(backend, peer):
        while True:
            peer.request()
            for byte in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n":
                peer.send(byte)
    _, engine = plain(rig, script)
    for _ in range(3):
        assert rig.ask(engine, "GET", "/p/x")[1] == b"hello"


def a_connection_that_died_while_idle_is_not_noticed_by_the_client(rig):
    def script(backend, peer):  # one reply a connection, without saying so
        backend.heads.append(peer.request()[0])
        peer.send(OK)
    _, engine = plain(rig, script)
    client = rig.client(engine)
    for _ in range(200):
        client.send(request("GET", "/p/x"))
        head, body = client.reply()
        assert (head.status, body) == (200, b"hello"), head.lines


def a_post_on_a_connection_that_died_is_sent_once(rig):
    """F13: what may have been worked on already is not sent again."""
    def script(backend, peer):
        head, body = peer.request()
        peer.send(OK)
        head, body = peer.request()
        backend.bodies.append(body)
        peer.reset()  # read, perhaps worked on, and gone
    backend, engine = plain(rig, script)
    client = rig.client(engine)
    client.send(request("GET", "/p/x"))
    assert client.reply()[0].status == 200
    client.send(request("POST", "/p/x", b"order 1"))
    head, _ = client.reply()
    assert head.status >= 500 and backend.bodies == [b"order 1"] and backend.connections == 1, \
        (head.lines, backend.bodies, backend.connections)


run(a_client_that_goes_away_cancels_the_attempt, a_client_that_goes_away_during_the_reply_ends_it,
    a_client_that_goes_away_during_its_upload_breaks_it_off, garbage_is_an_error_never_an_answer,
    a_reply_cut_short_is_never_taken_for_whole, what_comes_after_the_reply_reaches_nobody,
    a_late_second_reply_reaches_nobody, a_reply_after_the_deadline_reaches_nobody,
    interim_replies_are_skipped, a_reply_byte_by_byte_is_a_reply,
    a_connection_that_died_while_idle_is_not_noticed_by_the_client,
    a_post_on_a_connection_that_died_is_sent_once)
