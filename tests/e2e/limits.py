#!/usr/bin/env python3
"""Limits (decisions.md, section 6): each with its answer, and what was fine goes on."""
import resource
import socket
import threading
import time

from rig import api, call, connect, request, run, until

RESPOND = "<respond/>"
SMALL = ["http.head_ms=300", "http.idle_ms=600"]


def plain(rig, settings=(), script=None, **more):
    backend = rig.backend(script)
    return backend, rig.engine({"p": api("p", call(backend.url) + RESPOND)}, settings, **more)


def status_of(client):
    head, _ = client.reply()
    return head.status


def too_much_of_a_head_is_431_or_414(rig):
    backend, engine = plain(rig)
    rows = [
        (f"GET /p/{'x' * 8300} HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        (f"GET /p/x HTTP/1.1\r\nHost: h\r\nA: {'x' * 70000}\r\n\r\n", 431),
        ("GET /p/x HTTP/1.1\r\nHost: h\r\n" + "".join(f"H{i}: 1\r\n" for i in range(300)) + "\r\n", 431),
        (f"GET /p/{'x' * 8000} HTTP/1.1\r\nHost: h\r\n\r\n", 200),
        ("GET /p/x HTTP/1.1\r\nHost: h\r\n" + "".join(f"H{i}: 1\r\n" for i in range(250)) + "\r\n", 200),
    ]
    for text, status in rows:
        client = rig.client(engine)
        client.send(text)
        got = status_of(client)
        assert got == status, f"{got}, not {status}: {text[:40]}"
        assert status == 200 or client.is_closed()
    assert len(backend.heads) == 2


def a_body_too_large_is_413(rig):
    backend, engine = plain(rig, ["http.max_body=1000"])
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n")
    assert status_of(client) == 413 and client.is_closed() and not backend.heads
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send("3e9\r\n" + "x" * 1001 + "\r\n0\r\n\r\n")
    assert status_of(client) == 413 and not backend.bodies
    assert rig.ask(engine, "POST", "/p/x", b"x" * 1000)[0].status == 200


def a_body_too_large_to_be_whole_is_413(rig):
    engine = rig.engine({"w": api("w", '<filter source="json-eval($.a)" regex="1"><then/></filter>' + RESPOND)},
                        ["http.body_memory=1000", "http.body_most=20000"])
    kind = "Content-Type: application/json\r\n"
    head, _ = rig.ask(engine, "POST", "/w/x", b'{"a":"' + b"x" * 30000 + b'"}', kind)
    assert head.status == 413, head.lines
    head, _ = rig.ask(engine, "POST", "/w/x", b'{"a":"' + b"x" * 9000 + b'"}', kind)
    assert head.status == 200, head.lines


def a_slow_head_is_408_and_does_not_disturb(rig):
    _, engine = plain(rig, SMALL)
    slow = [rig.client(engine) for _ in range(50)]
    for client in slow:
        client.send("GET /p/x HT")
    began = time.monotonic()
    assert rig.ask(engine, "GET", "/p/x")[0].status == 200
    for step in range(8):  # a byte now and then does not help
        for client in slow:
            try:
                client.send("T" if step == 0 else "P")
            except OSError:
                pass
        until(lambda: False, 0.1)
    heads = []
    for client in slow:
        try:
            heads.append(client.head().status)
        except (OSError, EOFError):
            heads.append(0)
    assert set(heads) <= {400, 408}, heads
    assert time.monotonic() - began < 5


def a_slow_body_is_408(rig):
    backend, engine = plain(rig, SMALL)
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
    began = time.monotonic()
    assert status_of(client) == 408 and client.is_closed()
    assert 0.4 < time.monotonic() - began < 3
    assert until(lambda: backend.errors), "the backend keeps waiting"


def an_idle_client_is_closed(rig):
    _, engine = plain(rig, SMALL)
    fresh, used = rig.client(engine), rig.client(engine)
    used.send(request("GET", "/p/x"))
    assert status_of(used) == 200
    assert fresh.is_closed(3) and used.is_closed(3)


LARGE = b"x" * (8 << 20)


def answers_after(seconds):
    def script(backend, peer):
        while True:
            head, body = peer.request()
            until(lambda: False, seconds)
            answer = LARGE if "large" in head.first else b"hello" + body
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    return script


def a_client_that_has_closed_its_half_is_answered(rig):
    """As printf … | nc does it; it hears a 100 if it has to wait, as HTTP/1.1 allows."""
    get, post = request("GET", "/p/x"), request("POST", "/p/x", b" you")
    old = b"GET /p/x HTTP/1.0\r\n\r\n"
    for seconds in (0, 0.3):
        _, engine = plain(rig, script=answers_after(seconds))
        rows = [(get, [b"hello"]), (post, [b"hello you"]), (old, [b"hello"]), (get + post, [b"hello", b"hello you"]),
                (request("GET", "/p/large"), [LARGE])]
        for text, answers in rows:
            client = rig.client(engine)
            client.send(text)
            client.socket.shutdown(socket.SHUT_WR)
            for answer in answers:
                head = client.head()
                waited = head.status == 100
                head = client.head() if waited else head
                assert head.status == 200 and client.body(head) == answer, (text, head.lines)
                assert not waited or text != old, "HTTP/1.0 knows no 100"
            assert client.is_closed(3), text


def a_client_that_goes_away_takes_its_request_along(rig):
    """Whether it is answered in part or not at all."""
    def script(backend, peer):
        head = peer.request()[0]
        if "begin" in head.first:
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
        backend.heads.append(head)
        backend.bodies.append(peer.is_closed(5))
    backend, engine = plain(rig, script=script)
    began = engine.descriptors()
    for text in (request("GET", "/p/x"), request("POST", "/p/x", b"hello"), request("GET", "/p/begin")):
        client, asked = rig.client(engine), len(backend.heads)
        client.send(text)
        assert b"begin" not in text or client.head().status == 200
        assert until(lambda: len(backend.heads) > asked)
        client.close()
    assert until(lambda: len(backend.bodies) == len(backend.heads)) and set(backend.bodies) == {True}, backend.bodies
    assert until(lambda: engine.descriptors() == began)


def beyond_the_connections_it_is_503_and_then_well_again(rig):
    _, engine = plain(rig, ["http.max_connections=20"])
    crowd = [rig.client(engine) for _ in range(20)]
    for client in crowd:
        client.send(request("GET", "/p/x"))
        assert status_of(client) == 200
    late = rig.client(engine)
    assert status_of(late) == 503 and late.is_closed()
    crowd[3].send(request("GET", "/p/x"))
    assert status_of(crowd[3]) == 200
    for client in crowd:
        client.close()

    def is_well():
        try:
            return rig.ask(engine, "GET", "/p/x")[0].status == 200
        except (OSError, EOFError):
            return False
    assert until(is_well)


def beyond_the_exchanges_it_is_503_at_once_and_then_well_again(rig):
    go_on = threading.Event()

    def script(backend, peer):
        peer.request()
        backend.heads.append(1)
        go_on.wait(10)
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    backend, engine = plain(rig, ["http.max_exchanges=10"], script)
    crowd = [rig.client(engine) for _ in range(10)]
    for client in crowd:
        client.send(request("GET", "/p/x"))
    assert until(lambda: len(backend.heads) == 10)
    late = rig.client(engine)
    began = time.monotonic()
    for _ in range(3):
        late.send(request("GET", "/p/x"))
        assert status_of(late) == 503
    assert time.monotonic() - began < 1
    go_on.set()
    assert [status_of(c) for c in crowd] == [200] * 10
    assert rig.ask(engine, "GET", "/p/x")[0].status == 200


def beyond_the_memory_it_is_503_and_then_well_again(rig):
    go_on = threading.Event()

    def script(backend, peer):
        peer.request()
        backend.heads.append(1)
        go_on.wait(20)
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    look = '<filter source="json-eval($.a)" regex="1"><then/></filter>'
    backend = rig.backend(script)
    engine = rig.engine({"w": api("w", look + call(backend.url) + RESPOND), "q": api("q", RESPOND)},
                        ["http.body_memory=67108864", "replay.memory=67108864", f"server.max_memory={200 << 20}"])
    body = b'{"a":"%s"}' % (b"x" * (16 << 20))
    crowd = [rig.client(engine) for _ in range(20)]
    threads = [threading.Thread(target=c.send, args=(request("POST", "/w/x", body, "Content-Type: application/json\r\n"),))
               for c in crowd]
    for thread in threads:
        thread.start()
    assert engine.logged("more than the 200 of server.max_memory", 20)
    late = rig.client(engine)

    def status():
        late.send(request("GET", "/q/x"))
        return status_of(late)
    assert until(lambda: status() == 503, 20)
    assert [status() for _ in range(20)] == [503] * 20
    go_on.set()
    for thread in threads:
        thread.join()
    answers = [status_of(c) for c in crowd]
    assert set(answers) <= {200, 503} and answers.count(200) > 5, answers
    assert until(lambda: status() == 200, 20)


def out_of_descriptors_it_goes_on_when_there_are_some_again(rig):
    backend, engine = plain(rig, ["http.idle_ms=60000"])
    used = engine.descriptors()
    resource.prlimit(engine.process.pid, resource.RLIMIT_NOFILE, (used + 20, used + 20))
    crowd = []
    for _ in range(60):
        try:
            crowd.append(connect(engine.port))
        except OSError:
            break
    until(lambda: False, 0.3)
    spent = time.process_time(), engine_time(engine)
    until(lambda: False, 0.5)
    assert engine_time(engine) - spent[1] < 0.3, "it spins"
    for client in crowd:
        client.close()

    def is_well():
        try:
            return rig.ask(engine, "GET", "/p/x")[0].status == 200
        except (OSError, EOFError):
            return False
    assert until(is_well)


def engine_time(engine):
    fields = open(f"/proc/{engine.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


run(too_much_of_a_head_is_431_or_414, a_body_too_large_is_413, a_body_too_large_to_be_whole_is_413,
    a_slow_head_is_408_and_does_not_disturb, a_slow_body_is_408, an_idle_client_is_closed,
    a_client_that_has_closed_its_half_is_answered, a_client_that_goes_away_takes_its_request_along,
    beyond_the_connections_it_is_503_and_then_well_again,
    beyond_the_exchanges_it_is_503_at_once_and_then_well_again,
    beyond_the_memory_it_is_503_and_then_well_again, out_of_descriptors_it_goes_on_when_there_are_some_again)
