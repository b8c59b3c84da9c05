#!/usr/bin/env python3
"""Bodies: streamed both ways in bounded memory, whatever their size and framing.

SIZE is the MiB of the large ones (64; give 1024 for the full thing).
"""
import hashlib
import os
import threading

from rig import SANITIZED, api, call, failover, request, run, until

MIB = 1 << 20
SIZE = int(os.environ.get("SIZE", "64")) * MIB
MOST_RESIDENT = 64 * 1024  # KiB
BLOCK = hashlib.sha256(b"block").digest() * 4096  # 128 KiB
RESPOND = "<respond/>"


def is_small(engine):
    assert SANITIZED or engine.peak() < MOST_RESIDENT, f"{engine.peak()} KiB at the peak"


def send_large(peer, size):
    for _ in range(size // len(BLOCK)):
        peer.send(BLOCK)


def count_large(peer, size):
    left = size
    while left:
        data = peer.buffer or peer.socket.recv(1 << 20)
        peer.buffer = b""
        assert data, f"{left} bytes are missing"
        left -= len(data)
    return size


def a_large_reply_streams_and_keeps_its_length(rig):
    def script(backend, peer):
        peer.request()
        peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n")
        send_large(peer, SIZE)
    backend = rig.backend(script)
    engine = rig.engine({"down": api("down", call(backend.url) + RESPOND)})
    client = rig.client(engine)
    client.send(request("GET", "/down/x"))
    head = client.head()
    assert head.get("content-length") == str(SIZE) and not head.get("transfer-encoding"), head.lines
    count_large(client, SIZE)
    is_small(engine)


def upload(rig, target):
    got = []

    def script(backend, peer):
        head = peer.head()
        backend.heads.append(head)
        got.append(count_large(peer, SIZE))
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    backend = rig.backend(script)
    engine = rig.engine({"up": api("up", target(backend.url) + RESPOND)})
    client = rig.client(engine)
    client.send(f"POST /up/x HTTP/1.1\r\nHost: h\r\nContent-Length: {SIZE}\r\n\r\n")
    send_large(client, SIZE)
    head, body = client.reply()
    assert (head.status, body) == (200, b"ok") and got == [SIZE]
    assert backend.heads[0].get("content-length") == str(SIZE), backend.heads[0].lines
    is_small(engine)


def a_large_request_streams_and_keeps_its_length(rig):
    upload(rig, call)


def a_large_request_to_a_failover_group_lies_in_a_file(rig):
    upload(rig, failover)


def a_slow_client_holds_the_backend_back(rig):
    sent = [0]

    def script(backend, peer):
        peer.request()
        peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n")
        for _ in range(SIZE // len(BLOCK)):
            peer.send(BLOCK)
            sent[0] += len(BLOCK)
    backend = rig.backend(script)
    engine = rig.engine({"slow": api("slow", call(backend.url) + RESPOND)})
    client = rig.client(engine)
    client.send(request("GET", "/slow/x"))
    client.head()
    until(lambda: sent[0] > 32 * MIB, 1.0)  # what the kernel's buffers take, and no more
    assert sent[0] < 32 * MIB, f"the backend could send {sent[0]} bytes to nobody"
    count_large(client, SIZE)
    is_small(engine)


def a_slow_backend_holds_the_client_back(rig):
    go_on = threading.Event()
    sent = [0]

    def script(backend, peer):
        peer.head()
        go_on.wait(10)
        count_large(peer, SIZE)
        peer.send("HTTP/1.1 204 No Content\r\n\r\n")
    backend = rig.backend(script)
    engine = rig.engine({"slow": api("slow", call(backend.url) + RESPOND)})
    client = rig.client(engine)

    def push():
        client.send(f"PUT /slow/x HTTP/1.1\r\nHost: h\r\nContent-Length: {SIZE}\r\n\r\n")
        for _ in range(SIZE // len(BLOCK)):
            client.send(BLOCK)
            sent[0] += len(BLOCK)
    pusher = threading.Thread(target=push)
    pusher.start()
    until(lambda: sent[0] > 32 * MIB, 1.0)
    assert sent[0] < 32 * MIB, f"{sent[0]} bytes were taken that nobody read"
    go_on.set()
    pusher.join()
    assert client.reply()[0].status == 204
    is_small(engine)


def chunked_goes_both_ways_with_odd_sizes(rig):
    parts = [b"a", b"bb" * 5000, b"c" * 100000, b"d" * 17]

    def script(backend, peer):
        for _ in range(2):
            head = peer.head()
            backend.heads.append(head)
            backend.bodies.append(peer.body(head))
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for part in parts:
                peer.send(b"%x;name=value\r\n%s\r\n" % (len(part), part))
            peer.send("0\r\nX-Sum: 7\r\n\r\n")
    backend = rig.backend(script)
    engine = rig.engine({"c": api("c", call(backend.url) + RESPOND)})
    client = rig.client(engine)
    for number in (1, 2):  # the connection must be good for another
        client.send("POST /c/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        until(lambda: len(backend.heads) == number)  # now its length cannot be known
        for part in parts:
            client.send(b"%X\r\n%s\r\n" % (len(part), part))
        client.send("0\r\nX-Trailer: 1\r\n\r\n")
        head, body = client.reply()
        assert head.status == 200 and body == b"".join(parts)
        assert backend.bodies[-1] == b"".join(parts)
        assert backend.heads[-1].get("transfer-encoding") == "chunked"
        assert backend.heads[-1].get("content-length") is None


def a_body_until_the_end_of_the_connection_is_whole(rig):
    def script(backend, peer):
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n" + BLOCK)
    engine = rig.engine({"c": api("c", call(rig.backend(script).url) + RESPOND)})
    head, body = rig.ask(engine, "GET", "/c/x")
    assert head.status == 200 and body == BLOCK


def a_client_that_expects_100_hears_it_when_somebody_wants_the_body(rig):
    backend = rig.backend()
    engine = rig.engine({"c": api("c", call(backend.url) + RESPOND)})
    client = rig.client(engine)
    client.send("POST /c/x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    assert client.head().status == 100
    client.send("body")
    assert client.reply()[0].status == 200 and backend.bodies == [b"body"]
    assert backend.heads[0].get("expect") is None


def an_early_answer_ends_the_upload(rig):
    def script(backend, peer):
        peer.head()
        peer.exactly(1000)
        peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!")
        peer.rest()
    backend = rig.backend(script)
    engine = rig.engine({"c": api("c", call(backend.url) + RESPOND)})
    client = rig.client(engine)
    client.send(f"POST /c/x HTTP/1.1\r\nHost: h\r\nContent-Length: {SIZE}\r\n\r\n")
    client.send(BLOCK)
    head, body = client.reply()
    assert (head.status, body) == (413, b"no!"), (head.lines, body)
    assert rig.ask(engine, "GET", "/nothing")[0].status == 404


def resets_after(size):
    def script(backend, peer):
        peer.head()
        backend.bodies.append(peer.exactly(size) if size else b"")
        peer.reset()
    return script


def the_second_try_sends_the_same_bytes_from_the_file(rig):
    size = 5 * MIB
    body = os.urandom(size)
    first, second = rig.backend(resets_after(size)), rig.backend()
    engine = rig.engine({"f": api("f", failover(first.url, second.url) + RESPOND)})
    head, _ = rig.ask(engine, "POST", "/f/x", body)
    assert head.status == 200, head.lines
    assert first.bodies[0] == body and second.bodies[0] == body
    assert second.heads[0].get("content-length") == str(size)
    files = engine.open_files()
    assert not [f for f in files if f.startswith("/tmp") and "log-" not in f], files


def a_body_beyond_the_limit_is_passed_once_and_the_log_says_why(rig):
    size = 3 * MIB
    body = os.urandom(size)
    first, second = rig.backend(resets_after(size)), rig.backend()
    engine = rig.engine({"f": api("f", failover(first.url, second.url) + RESPOND)},
                        ["replay.memory=65536", f"replay.most={MIB}"])
    head, _ = rig.ask(engine, "POST", "/f/x", body)
    assert head.status >= 500 and first.bodies == [body] and not second.heads, head.lines
    assert engine.logged(r"WARN.*(limit|larger|kept)", 2), "no reason in the log"


run(a_large_reply_streams_and_keeps_its_length, a_large_request_streams_and_keeps_its_length,
    a_large_request_to_a_failover_group_lies_in_a_file, a_slow_client_holds_the_backend_back,
    a_slow_backend_holds_the_client_back, chunked_goes_both_ways_with_odd_sizes,
    a_body_until_the_end_of_the_connection_is_whole,
    a_client_that_expects_100_hears_it_when_somebody_wants_the_body,
    an_early_answer_ends_the_upload, the_second_try_sends_the_same_bytes_from_the_file,
    a_body_beyond_the_limit_is_passed_once_and_the_log_says_why)
