#!/usr/bin/env python3
"""The HTTP door: what a request and its answer mean, on either side of us."""
import re
import threading

from rig import NS, api, call, request, run, until

RESPOND = "<respond/>"
OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ALWAYS = "<suspendOnFailure><initialDuration>0</initialDuration></suspendOnFailure>"


def says(text):
    """Answers each request with what text[0] is then, and stays."""
    def script(backend, peer):
        while True:
            head = peer.head()
            backend.heads.append(head)
            backend.bodies.append(peer.body(head))
            peer.send(text[0])
    return script


def plain(rig, text=OK, settings=()):
    text = text if isinstance(text, list) else [text]
    backend = rig.backend(says(text))
    return backend, rig.engine({"p": api("p", call(backend.url, ALWAYS) + RESPOND)}, settings)


def names_of(head):
    return [n.lower() for n, _ in head.fields]


# --- answers without a body ---

BODILESS = [
    # the backend's answer to HEAD, what the client is told of the length
    ("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", 200, "1234"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, None),
    ("HTTP/1.1 200 OK\r\n\r\n", 200, None),
    ("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", 404, "9"),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, None),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"a\"\r\n\r\n", 304, "77"),
]


def head_is_answered_with_a_head_alone(rig):
    text = [""]
    _, engine = plain(rig, text)
    client = rig.client(engine)
    for text[0], status, length in BODILESS:
        client.send(request("HEAD", "/p/x"))
        head, _ = client.reply("HEAD")
        assert (head.status, head.get("content-length")) == (status, length), head.lines
    text[0] = OK
    client.send(request("GET", "/p/x"))
    assert client.reply()[1] == b"ok", "something was left over"


def head_is_answered_without_a_body_whoever_answers(rig):
    engine = rig.engine({
        "fault": api("fault", call("http://127.0.0.1:1/") + RESPOND),
        "own": api("own", "<payloadFactory media-type='json'><format>{\"a\":1}</format></payloadFactory>" + RESPOND),
        "only": api("only", RESPOND, "GET")})
    client = rig.client(engine)
    for path, status in (("/fault/x", 503), ("/own/x", 200), ("/nowhere", 404), ("/only/x", 405)):
        for _ in range(2):
            client.send(request("HEAD", path))
            head, _ = client.reply("HEAD")
            assert head.status == status, head.lines
    client.send(request("GET", "/own/x"))
    assert client.reply()[1] == b'{"a":1}'


def statuses_without_a_body_have_none(rig):
    text = [""]
    _, engine = plain(rig, text)
    client = rig.client(engine)
    for text[0], status in (("HTTP/1.1 204 No Content\r\n\r\n", 204),
                            ("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", 304),
                            ("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", 205)):
        client.send(request("GET", "/p/x"))
        head, body = client.reply()
        assert (head.status, body) == (status, b"") and not head.get("transfer-encoding"), head.lines
        assert status == 205 or head.get("content-length") is None, head.lines
    text[0] = OK
    client.send(request("GET", "/p/x"))
    assert client.reply()[1] == b"ok"


def a_status_set_by_hand_that_allows_no_body_gets_none(rig):
    body = "<payloadFactory media-type='json'><format>{\"a\":1}</format></payloadFactory>"
    engine = rig.engine({f"s{s}": api(f"s{s}", f"{body}<property name='HTTP_SC' value='{s}' scope='axis2'/>" + RESPOND)
                         for s in (204, 304)})
    client = rig.client(engine)
    for status in (204, 304, 204):
        client.send(request("GET", f"/s{status}/x"))
        head, _ = client.reply()
        assert head.status == status and not {"content-length", "transfer-encoding"} & set(names_of(head)), head.lines


# --- connections ---

def who_closes_is_said(rig):
    _, engine = plain(rig)
    rows = [  # version, Connection, does it stay, what we say
        ("1.1", None, True, None), ("1.1", "close", False, "close"), ("1.1", "keep-alive", True, None),
        ("1.1", "Keep-Alive, Close", False, "close"), ("1.0", None, False, "close"),
        ("1.0", "keep-alive", True, "keep-alive"), ("1.0", "close", False, "close"), ("1.0", "Keep-Alive", True, "keep-alive"),
    ]
    for version, connection, stays, said in rows:
        client = rig.client(engine)
        text = f"GET /p/x HTTP/{version}\r\nHost: h\r\n" + (f"Connection: {connection}\r\n" if connection else "") + "\r\n"
        client.send(text)
        head, body = client.reply()
        assert head.first.startswith("HTTP/1.1 200") and body == b"ok", head.lines
        assert head.get("connection") == said, (version, connection, head.lines)
        if stays:
            client.send(text)
            assert client.reply()[1] == b"ok", (version, connection)
        else:
            assert client.is_closed(2), (version, connection)


def what_is_refused_is_answered_shortly_and_closed(rig):
    _, engine = plain(rig)
    for text in ("GET /p/x HTTP/1.1\r\n\r\n", "get /p/x HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
                 "GET /p/x HTTP/2.0\r\nHost: h\r\n\r\n", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: " + "b" * 70000 + "\r\n\r\n"):
        client = rig.client(engine)
        client.send(text)
        head, body = client.reply()
        assert head.status >= 400 and body == b"" and head.get("content-length") == "0", head.lines
        assert head.get("connection") == "close" and head.get("date") and client.is_closed(2), head.lines
        assert (head.status == 405) == (head.get("allow") is not None), head.lines


def a_body_nobody_reads_does_not_become_a_request(rig):
    """Answered before the body came: it is read and forgotten, or the connection says that it ends."""
    engine = rig.engine({"only": api("only", RESPOND, "GET")})
    smuggled = b"GET /only/x HTTP/1.1\r\nHost: h\r\n\r\n"
    for path, status in (("/nowhere", 404), ("/only/x", 405)):
        for framing, body in ((f"Content-Length: {len(smuggled)}\r\n", smuggled),
                              ("Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled), smuggled))):
            client = rig.client(engine)
            client.send(f"POST {path} HTTP/1.1\r\nHost: h\r\n{framing}\r\n")
            head, _ = client.reply()
            assert head.status == status, head.lines
            stays = head.get("connection") != "close"
            try:
                client.send(body)
                client.send(request("GET", "/only/x"))
                answer = client.reply()[0].status
            except (OSError, EOFError):
                answer = None
            assert answer == (200 if stays else None), (path, framing, stays, answer)


def pipelined_requests_are_answered_in_order_errors_and_bodies_included(rig):
    gate = threading.Event()

    def script(backend, peer):
        while True:
            head, body = peer.request()
            if "slow" in head.first:
                gate.wait(5)
            text = head.first.split()[1].encode() + b" " + body
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
    backend = rig.backend(script)
    engine = rig.engine({"p": api("p", call(backend.url, ALWAYS) + RESPOND),
                         "down": api("down", call("http://127.0.0.1:1/", ALWAYS) + RESPOND)})
    client = rig.client(engine)
    client.send(request("POST", "/p/slow", b"one") + request("GET", "/nowhere") + request("GET", "/down/x") +
                b"POST /p/b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n" +
                request("HEAD", "/p/c") + request("GET", "/p/d") + b"GET /p/e HTTP/1.1\r\n\r\n" + request("GET", "/p/never"))
    until(lambda: False, 0.2)
    gate.set()
    got = [(h.status, b) for h, b in [client.reply() for _ in range(4)] + [client.reply("HEAD")] +
           [client.reply() for _ in range(2)]]
    assert [s for s, _ in got] == [200, 404, 503, 200, 200, 200, 400], got
    assert [got[0][1], got[3][1], got[5][1]] == [b"/slow one", b"/b two", b"/d "], got
    assert client.is_closed(2)


# --- Expect ---

def nobody_is_asked_for_a_body_that_is_not_wanted(rig):
    backend, engine = plain(rig, settings=["http.max_body=1000"])
    for path, length, status in (("/nowhere", 5, 404), ("/p/x", 5000, 413)):
        client = rig.client(engine)
        client.send(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n")
        head = client.head()
        assert head.status == status, head.lines
        assert head.get("connection") == "close", head.lines
    client = rig.client(engine)
    client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert client.head().status == 100
    client.send("hello")
    assert client.reply()[0].status == 200
    assert backend.bodies == [b"hello"] and "expect" not in names_of(backend.heads[0])


# --- a body that goes wrong when the answer has begun ---

def a_request_that_goes_wrong_after_its_answer_began_is_not_answered_twice(rig):
    go_on = threading.Event()

    def script(backend, peer):
        peer.head()
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
        go_on.wait(5)
        peer.send("world")
        peer.is_closed(2)
    backend = rig.backend(script)
    engine = rig.engine({"p": api("p", call(backend.url, ALWAYS) + RESPOND)}, ["http.max_body=1000"])
    for rest in (b"zz\r\nnonsense\r\n", b"7d0\r\n" + b"x" * 2000 + b"\r\n"):
        go_on.clear()
        client = rig.client(engine)
        client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        head = client.head()
        begin = client.exactly(5)
        client.send(rest)
        until(lambda: False, 0.2)
        go_on.set()
        try:
            rest = client.rest()
        except OSError:
            rest = b""
        assert head.status == 200 and b"HTTP/1.1" not in begin + rest, (head.lines, begin + rest)


# --- hop by hop ---

HOP = ("Connection: X-Private, close\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nTrailer: A\r\n"
       "Proxy-Connection: keep-alive\r\nUpgrade: h2c\r\n")
HOP_NAMES = {"x-private", "keep-alive", "te", "trailer", "proxy-connection", "upgrade", "proxy-authorization",
             "proxy-authenticate"}


def hop_by_hop_fields_pass_neither_way(rig):
    text = ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Public: 1\r\nProxy-Authenticate: Basic\r\n" + HOP + "\r\nok"]
    backend, engine = plain(rig, text)
    head, body = rig.ask(engine, "GET", "/p/x", more=HOP + "X-Public: 2\r\nProxy-Authorization: Basic eDp5\r\n")
    assert body == b"ok" and head.get("x-public") == "1" and not HOP_NAMES & set(names_of(head)), head.lines
    seen = backend.heads[0]
    assert seen.get("x-public") == "2" and not HOP_NAMES & set(names_of(seen)), seen.lines
    assert seen.get("connection") in (None, "keep-alive"), seen.lines


def trailers_end_with_their_hop(rig):
    text = ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"]
    backend, engine = plain(rig, text)
    client = rig.client(engine)
    for _ in range(3):
        client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-In\r\n\r\n"
                    "2\r\nhi\r\n0\r\nX-In: 1\r\nContent-Length: 9\r\n\r\n")
        head, body = client.reply()
        assert body == b"ok" and "x-sum" not in names_of(head) + ["trailer"][:0], head.lines
    assert backend.bodies == [b"hi"] * 3 and not {"x-in", "trailer"} & set(names_of(backend.heads[0]))
    assert backend.connections == 1


def the_host_of_a_whole_url_wins(rig):
    log = "<log level='custom'><property name='HOST' expression=\"$trp:Host\"/></log>"
    engine = rig.engine({"h": api("h", log + RESPOND)})
    client = rig.client(engine)
    client.send("GET http://right:81/h/x?a=b HTTP/1.1\r\nHost: wrong\r\n\r\n")
    assert client.reply()[0].status == 200
    assert engine.logged("HOST = right:81") and "wrong" not in engine.log()


# --- limits, to the byte ---

def limits_hold_to_the_byte(rig):
    _, engine = plain(rig)
    line = lambda n: "GET /p/" + "x" * (n - len("GET /p/ HTTP/1.1")) + " HTTP/1.1\r\nHost: h\r\n\r\n"  # noqa: E731

    def head(n):
        text = "GET /p/x HTTP/1.1\r\nHost: h\r\nA: {}\r\n\r\n"
        return text.format("b" * (n - len(text) + 2))
    fields = lambda n: "GET /p/x HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n" * (n - 1) + "\r\n"  # noqa: E731
    rows = [(line(8192), 200), (line(8193), 414), (head(65536), 200), (head(65537), 431), (fields(256), 200),
            (fields(257), 431)]
    for text, status in rows:
        for pieces in ([text], [text[:len(text) // 2], text[len(text) // 2:]]):
            client = rig.client(engine)
            for piece in pieces:
                client.send(piece)
                until(lambda: False, 0.02)
            got = client.reply()[0].status
            assert got == status, f"{got}, not {status}: {len(text)} bytes, {text[:20]}"


# --- what an operator reads ---

def what_is_turned_away_is_logged_and_not_more_than_once_a_second(rig):
    _, engine = plain(rig, settings=["http.max_exchanges=1", "http.head_ms=200"])
    for _ in range(50):
        client = rig.client(engine)
        client.send("GET /p/x HTTP/1.1\nHost: h\n\n")
        assert client.reply()[0].status == 400
        client.close()
    lines = re.findall(r"INFO .*SourceHandler\} - client 127\.0\.0\.1:\d+ is turned away, it is answered 400: bare LF",
                       engine.log())
    assert 1 <= len(lines) <= 3, lines
    hung = rig.backend(lambda backend, peer: peer.rest())
    engine.put("q.xml", api("q", call(hung.url) + RESPOND))
    assert engine.logged("q has been initialized|q.xml|API: q")
    client = rig.client(engine)
    client.send(request("GET", "/q/x"))
    assert until(lambda: hung.connections)
    assert rig.ask(engine, "GET", "/p/x")[0].status == 503
    client.close()
    assert engine.logged(r"WARN .*is turned away, it is answered 503: more than http\.max_exchanges")
    client = rig.client(engine)
    client.send("GET /p")
    assert client.reply()[0].status == 408
    assert engine.logged(r"INFO .*answered 408: its head did not come in time")


def limits_of_replies_hold_to_the_byte(rig):
    text = [""]
    _, engine = plain(rig, text)
    start = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"

    def head(n):
        return start + "A: " + "b" * (n - len(start) - 7) + "\r\n\r\n"
    rows = [(head(65536) + "ok", 200), (head(65537) + "ok", 502),
            (start + "A: b\r\n" * 255 + "\r\nok", 200), (start + "A: b\r\n" * 256 + "\r\nok", 502)]
    for text[0], status in rows:
        for _ in range(2):
            answer, _ = rig.ask(engine, "GET", "/p/x")
            assert answer.status == status, (len(text[0]), answer.lines[:3])


def a_reply_that_breaks_off_is_logged(rig):
    """Its head has gone to the client, so that is all there is to tell (endpoints.md, section 5.2, row 20)."""
    rows = {"short": ("Content-Length: 50\r\n\r\nhello", "101505.*Connection closed by target host"),
            "chunk": ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", "101506.*HTTP Protocol violation"),
            "idle": ("Content-Length: 50\r\n\r\nhello", "101504.*Socket Timeout occurred")}
    backends = {name: rig.backend(cut(text, name == "idle")) for name, (text, _) in rows.items()}
    engine = rig.engine({name: api(name, call(b.url) + RESPOND) for name, b in backends.items()},
                        ["transport.http.socket_timeout=500"])
    for name, (_, said) in rows.items():
        client = rig.client(engine)
        client.send(request("GET", f"/{name}/x"))
        assert client.head().status == 200
        try:
            client.rest()
        except OSError:
            pass
        line = engine.logged(rf"WARN .*TargetHandler\}} - ERROR_CODE = {said}.*TRIGGER_NAME = {name}.*")
        assert line and "INTERNAL_STATE = RESPONSE_BODY" in line[0], (name, line)
        assert f"TARGET_PORT = {backends[name].port}" in line[0], line


def cut(text, stays):
    def script(backend, peer):
        peer.request()
        peer.send("HTTP/1.1 200 OK\r\n" + text)
        if stays:
            peer.is_closed(5)
    return script


def no_line_of_the_log_can_be_forged(rig):
    log = "<log level='custom'><property name='V' expression=\"get-property('query.param.v')\"/></log>"
    engine = rig.engine({"h": api("h", log + RESPOND)})
    rig.ask(engine, "GET", "/h/x?v=a%0d%0a%5b2026-11-30%2022:50:44,363%5d%20%20WARN%20%7Bevil%7D%20-%20forged%1b%5b31m")
    assert engine.logged("forged")
    assert not re.search(r"^\[[^\]]*\]\s+WARN \{evil\}", engine.log(), re.M), engine.log()
    assert "\x1b" not in engine.log()


def a_message_that_cannot_be_sent_is_not_the_endpoints_fault(rig):
    """Else anybody could suspend an endpoint with a line end in the right place."""
    backend = rig.backend(says([OK]))
    wish = "<property name='{}' expression=\"get-property('query.param.v')\" scope='axis2'/>"
    kinds = {"method": ("HTTP_METHOD",), "type": ("messageType", "ContentType")}
    engine = rig.engine({name: api(name, "".join(map(wish.format, props)) + call(backend.url) + RESPOND)
                         for name, props in kinds.items()})
    for name in kinds:
        for _ in range(3):
            head, body = rig.ask(engine, "POST", f"/{name}/x?v=PO%0d%0aX-Evil:1", b"a", "Content-Type: text/plain\r\n")
            assert head.status == 500 and b'"code":"102510"' in body, (head.lines, body)
        head, _ = rig.ask(engine, "POST", f"/{name}/x?v=PUT", b"a", "Content-Type: text/plain\r\n")
        assert head.status == 200, head.lines
    assert "SUSPENDED" not in engine.log() and len(backend.heads) == 2


def a_client_that_sends_nonsense_does_not_suspend_the_endpoint(rig):
    backend = rig.backend(says([OK]))
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND)}, ["http.idle_ms=300"])
    for rest in ("zz\r\n", None, ""):
        client = rig.client(engine)
        client.send("POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        until(lambda: False, 0.1)
        if rest is None:
            client.reset()
            continue
        client.send(rest or "1")
        assert client.reply()[0].status == (400 if rest else 408)
    assert rig.ask(engine, "GET", "/p/x")[0].status == 200
    assert "SUSPENDED" not in engine.log()


def depth_of_payloads_is_limited(rig):
    engine = rig.engine({"j": api("j", "<filter source='json-eval($)' regex='.*'><then/></filter>" + RESPOND),
                         "x": api("x", "<filter xpath='//a'><then/></filter>" + RESPOND)})
    for path, kind, text, most in (("/j/x", "json", ("[", "", "]"), 512), ("/j/x", "json", ('{"a":', "1", "}"), 512),
                                   ("/x/x", "xml", ("<a>", "b", "</a>"), 256)):
        for n, status in ((most, 200), (most + 1, 500), (100 * most, 500)):
            body = (text[0] * n + text[1] + text[2] * n).encode()
            head, got = rig.ask(engine, "POST", path, body, f"Content-Type: application/{kind}\r\n")
            assert head.status == status, (path, n, head.lines)
            assert status == 200 or (f"nested deeper than {most}".encode() in got and b"601000" in got), got


run(head_is_answered_with_a_head_alone, head_is_answered_without_a_body_whoever_answers,
    statuses_without_a_body_have_none, a_status_set_by_hand_that_allows_no_body_gets_none,
    who_closes_is_said, what_is_refused_is_answered_shortly_and_closed,
    a_body_nobody_reads_does_not_become_a_request,
    pipelined_requests_are_answered_in_order_errors_and_bodies_included,
    nobody_is_asked_for_a_body_that_is_not_wanted,
    a_request_that_goes_wrong_after_its_answer_began_is_not_answered_twice,
    hop_by_hop_fields_pass_neither_way, trailers_end_with_their_hop, the_host_of_a_whole_url_wins,
    limits_hold_to_the_byte, limits_of_replies_hold_to_the_byte, a_reply_that_breaks_off_is_logged, no_line_of_the_log_can_be_forged,
    a_message_that_cannot_be_sent_is_not_the_endpoints_fault,
    a_client_that_sends_nonsense_does_not_suspend_the_endpoint, depth_of_payloads_is_limited,
    what_is_turned_away_is_logged_and_not_more_than_once_a_second)
