#!/usr/bin/env python3
"""Load of all kinds while backends die and come back, misbehave, and files change: every
request gets one answer, every body is whole, nothing leaks. SECONDS is how long (4; give
600 for the full thing), SEED which dice.
"""
import os
import random
import signal
import socket
import ssl
import threading
import time
import traceback

from rig import SANITIZED, Backend, Peer, api, connect, request, run, until

SECONDS = float(os.environ.get("SECONDS", "4"))
SEED = int(os.environ.get("SEED", "1"))
CLIENTS = 14
BLOB = random.Random(7).randbytes(6 << 20)
SIZES = (0, 10, 1000, 1000, 70000, 300000)
ITEM = b"<item id='1'><name>some name</name><price>12.50</price></item>"
ANYBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANYBODY.check_hostname, ANYBODY.verify_mode = False, ssl.CERT_NONE


def number_of(head):
    return int(head.first.split()[1].rsplit("/", 1)[1])


def chunked(body, dice):
    at, out = 0, b""
    while at < len(body):
        n = min(dice.choice((1, 7, 1000, 65536)), len(body) - at)
        out += b"%x\r\n" % n + body[at:at + n] + b"\r\n"
        at += n
    return out + b"0\r\n\r\n"


def framed(number, answer):
    """An answer whose framing, size and end are as the number says."""
    if number % 3 == 0:
        dice = random.Random(number)
        return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                chunked(answer[:3000], dice)[:-5] +
                (b"%x\r\n" % len(answer[3000:]) + answer[3000:] + b"\r\n" if answer[3000:] else b"") + b"0\r\n\r\n")
    if number % 17 == 0:
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + answer
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer


def echo(backend, peer):
    """Gives back what it got."""
    while True:
        head, body = peer.request()
        number = number_of(head)
        peer.send(framed(number, b"%d:" % number + body))
        if number % 3 and number % 17 == 0:
            return


def wild(backend, peer):
    """Does what no backend should, as the number says."""
    while True:
        head = peer.head()
        number = number_of(head)
        good = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        kind = number % 12
        if kind == 0:  # answers before it has read, and goes
            peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly")
            return
        peer.body(head)
        if kind == 1:
            peer.reset()
        elif kind == 2:
            peer.send(good + b"hel")
        elif kind == 3:
            peer.send(good + b"hel")
            peer.reset()
        elif kind == 4:
            peer.send(b"\0\1\2 garbage\r\n\r\n")
        elif kind == 5:
            peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")
        elif kind == 6:
            backend.stop.wait(1)  # the endpoint has given up long before
            peer.send(good + b"hello")
        elif kind == 7:
            peer.send(good + b"hello" + good + b"twice")
        elif kind == 8:
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 5\r\n\r\nhello")
        elif kind == 9:
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + good + b"hello")
            continue
        elif kind == 10:
            peer.send(good[:20])
        else:
            for byte in good + b"hello":
                peer.send(bytes([byte]))
            continue
        return


class Counts:
    def __init__(self):
        self.lock, self.of, self.wrong, self.asked = threading.Lock(), {}, [], {}

    def add(self, what):
        with self.lock:
            self.of[what] = self.of.get(what, 0) + 1

    def complain(self, *what):
        with self.lock:
            self.wrong.append(what)


class Client:
    """One after the other, each of a kind that the dice say."""

    def __init__(self, engine, seed, stop, counts):
        self.engine, self.seed, self.stop, self.counts = engine, seed, stop, counts
        self.dice, self.number, self.peer = random.Random(SEED * 1000 + seed), seed * 10 ** 7, None
        self.tls = seed % 4 == 3
        self.thread = threading.Thread(target=self.go)
        self.thread.start()

    def connected(self):
        if not self.peer:
            if self.tls:
                self.peer = Peer(ANYBODY.wrap_socket(connect(self.engine.tls_port).socket))
            else:
                self.peer = connect(self.engine.port)
        return self.peer

    def leave(self):
        if self.peer:
            self.peer.close()
        self.peer = None

    def go(self):
        kinds = [(self.echo, 40), (self.chunks, 10), (self.large, 1), (self.replayed, 1), (self.slow, 1),
                 (self.gone, 4), (self.gone_while_answered, 2), (self.in_a_row, 5), (self.json, 6), (self.xml, 2),
                 (self.wild, 12), (self.nonsense, 2), (self.half, 4)]
        names = [kind for kind, weight in kinds for _ in range(weight)]
        while not self.stop.is_set():
            kind = self.dice.choice(names)
            self.number += 1
            self.counts.asked[self.seed] = (kind.__name__, self.number)
            try:
                kind()
                self.counts.add(kind.__name__)
            except (OSError, EOFError):
                self.counts.add("cut")
                self.leave()
            except Exception:
                self.counts.complain(kind.__name__, self.number, traceback.format_exc())
                self.leave()
        self.leave()

    def reply(self, right, statuses=(200,), method="GET"):
        """One answer and nothing behind it."""
        head, got = self.peer.reply(method)
        if head.status not in statuses or head.status == 200 and got != right or self.peer.buffer:
            self.counts.complain(self.counts.asked[self.seed], head.lines, got[:300], len(got), self.peer.buffer[:80])
        if head.get("connection") == "close":
            self.leave()

    def body(self, sizes=SIZES):
        return BLOB[self.number % 1000:][:self.dice.choice(sizes)]

    def echo(self, path="p", sizes=SIZES):
        body = self.body(sizes)
        self.connected().send(request("POST" if body else "GET", f"/{path}/{self.number}", body))
        self.reply(b"%d:" % self.number + body)

    def chunks(self):
        body = self.body()
        self.connected().send(f"PUT /p/{self.number} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.peer.send(chunked(body[:20000], self.dice))
        self.reply(b"%d:" % self.number + body[:20000])

    def large(self):
        self.echo("s", (1 << 20, 5 << 20))

    def replayed(self):
        self.echo("p", (1 << 20, 3 << 20))

    def slow(self):
        body = self.body((200000,))
        self.connected().send(request("POST", f"/s/{self.number}", body))
        head, got = self.peer.head(), 0
        for _ in range(10):
            self.peer.buffer or self.peer.more()
            self.stop.wait(0.02)
        got = self.peer.body(head)
        if got != b"%d:" % self.number + body:
            self.counts.complain("slow", head.lines, len(got))
        if head.get("connection") == "close":
            self.leave()

    def gone(self):
        body = self.body((10, 1000, 300000))
        text = request("POST", f"/{self.dice.choice('ps')}/{self.number}", body)
        self.connected().send(text[:self.dice.randrange(1, len(text) + 1)])
        if self.dice.random() < 0.3 and not self.tls:
            self.peer.reset()
        self.leave()

    def gone_while_answered(self):
        self.connected().send(request("POST", f"/s/{self.number}", BLOB[:1 << 20]))
        self.peer.head()
        self.leave()

    def in_a_row(self):
        first = self.number
        self.number += 2
        many = range(first, first + 3)
        self.connected().send(b"".join(request("GET", f"/s/{n}") for n in many))
        for n in many:
            head, got = self.peer.reply()
            if head.status != 200 or got != b"%d:" % n:
                self.counts.complain("in a row", n, head.lines, got[:80])

    def json(self):
        text = '{"number":%d,"filler":"%s"}' % (self.number, "x" * self.dice.choice((1, 3000, 400000)))
        self.connected().send(request("POST", f"/j/{self.number}", text.encode(), "Content-Type: application/json\r\n"))
        self.reply(b'{"number":%d}' % self.number)

    def xml(self):
        text = b"<order><number>%d</number>" % self.number + ITEM * self.dice.choice((1, 100, 8000)) + b"</order>"
        self.connected().send(request("POST", f"/x/{self.number}", text, "Content-Type: application/xml\r\n"))
        self.reply(b"%d:" % self.number + text)

    def wild(self):
        body = self.body((0, 1000, 300000))
        self.connected().send(request("POST" if body else "GET", f"/w/{self.number}", body))
        self.reply(b"early" if self.number % 12 == 0 else b"hello", (200, 500, 502, 503, 504))

    def half(self):
        """Sends no more after its request, and listens."""
        if self.tls:
            return
        body = self.body()
        self.leave()
        self.connected().send(request("POST", f"/p/{self.number}", body))
        self.peer.socket.shutdown(socket.SHUT_WR)
        head = self.peer.head()
        head = self.peer.head() if head.status == 100 else head
        if head.status != 200 or self.peer.body(head) != b"%d:" % self.number + body or self.peer.rest():
            self.counts.complain("half", self.number, head.lines)
        self.leave()

    def nonsense(self):
        text = self.dice.choice((b"\0\0\0\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n", b"GET /p/1 HTTP/1.1\nHost: h\n\n",
                                 b"POST /p/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"))
        self.leave()
        self.connected().send(text)
        if self.peer.reply()[0].status != 400:
            self.counts.complain("nonsense", text)
        self.leave()


def failover(ports):
    children = "".join(
        f'<endpoint name="E{i}"><address uri="http://127.0.0.1:{p}"><suspendOnFailure>'
        "<initialDuration>50</initialDuration><maximumDuration>100</maximumDuration>"
        "<progressionFactor>1.0</progressionFactor></suspendOnFailure></address></endpoint>"
        for i, p in enumerate(ports))
    return f'<call><endpoint name="G"><failover>{children}</failover></endpoint></call>'


def to(port):
    never = "<suspendOnFailure><errorCodes>1</errorCodes></suspendOnFailure>"
    return (f'<call><endpoint><address uri="http://127.0.0.1:{port}">{never}<markForSuspension>'
            "<errorCodes>1</errorCodes></markForSuspension><timeout><duration>400</duration>"
            "<responseAction>fault</responseAction></timeout></address></endpoint></call>")


def artifacts(shaky, steady, odd, version):
    mark = f'<property name="version" value="{version}"/>'
    return {
        "p": api("p", mark + failover((shaky, steady)) + "<respond/>"),
        "s": api("s", mark + failover((steady,)) + "<respond/>"),
        "w": api("w", mark + to(odd) + "<respond/>"),
        "j": api("j", mark + '<payloadFactory media-type="json"><format>{"number":$1}</format><args>'
                 '<arg evaluator="json" expression="$.number"/></args></payloadFactory><respond/>'),
        "x": api("x", mark + '<filter source="$body/order/number" regex="[0-9]+"><then>' + failover((steady,)) +
                 "</then><else><drop/></else></filter><respond/>"),
    }


class Memory:
    """What is resident, asked every second; does it go up for good?"""

    def __init__(self, engine):
        self.engine, self.seen = engine, []

    def look(self):
        self.seen.append(self.engine.resident())

    def grown(self):
        """The least of the last third against the least of the second: caches are full by then."""
        third = len(self.seen) // 3
        return min(self.seen[-third:]) - min(self.seen[third:-third]) if third else 0


def upset(engine, ports, shaky, end, stop, memory):
    """Until the end: a backend dies and comes back, files change, certificates are read again."""
    turn = 0
    while time.monotonic() < end:
        turn += 1
        stop.wait(0.1)
        if turn % 4 == 1:
            shaky.close()
        elif turn % 4 == 3:
            shaky = Backend(echo, port=ports[0])
        for name, text in artifacts(*ports, turn).items():
            if turn % 5 == 0 or name == "p":
                engine.put(f"{name}.xml", text)
        if turn % 10 == 0:
            engine.signal(signal.SIGHUP)
            memory.look()
    shaky.close()
    return turn


def under_load_nothing_is_lost_and_nothing_leaks(rig):
    steady, odd, shaky = rig.backend(echo), rig.backend(wild), Backend(echo)
    odd.stop = stop = threading.Event()
    ports = (shaky.port, steady.port, odd.port)
    engine = rig.engine(artifacts(*ports, 0), ["pool.idle_ms=300", "deploy.settle_ms=20", "replay.memory=262144"],
                        workers=2)
    began, counts, memory = engine.descriptors(), Counts(), Memory(engine)
    clients = [Client(engine, i, stop, counts) for i in range(CLIENTS)]
    turns = upset(engine, ports, shaky, time.monotonic() + SECONDS, stop, memory)
    stop.set()
    for client in clients:
        client.thread.join(25)
    stuck = [counts.asked[c.seed] for c in clients if c.thread.is_alive()]
    assert not stuck, f"clients wait for an answer: {stuck}"
    print(f"{sum(counts.of.values())} requests, {turns} turns, {engine.resident()} KiB: {counts.of}; {memory.seen}")
    assert not counts.wrong, "\n".join(map(str, counts.wrong[:3]))
    assert counts.of["echo"] > 10 * SECONDS and counts.of.get("cut", 0) < sum(counts.of.values()) / 10, counts.of
    assert until(lambda: engine.descriptors() <= began, 5), (began, engine.descriptors())
    # A sanitizer keeps what was freed, to catch who still uses it.
    assert SANITIZED or memory.grown() < 16384, memory.seen


run(under_load_nothing_is_lost_and_nothing_leaks)
