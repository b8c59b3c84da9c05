#!/usr/bin/env python3
"""Load while backends die and come back and files change: every request gets one answer,
every body is whole, nothing leaks. SECONDS is how long (4; give 120 for the full thing).
"""
import os
import random
import threading
import time

from rig import SANITIZED, Backend, api, connect, request, run, until

SECONDS = float(os.environ.get("SECONDS", "4"))
CLIENTS = 12


def echo(backend, peer):
    """Gives back what it got; sizes and framing as the number in the path says."""
    while True:
        head, body = peer.request()
        number = int(head.first.split()[1].rsplit("/", 1)[1])
        answer = b"%d:" % number + body
        if number % 3 == 0:
            peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" %
                      (len(answer), answer))
        elif number % 17 == 0:
            peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + answer)
            return
        else:
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)


class Counts:
    def __init__(self):
        self.lock, self.right, self.cut, self.wrong = threading.Lock(), 0, 0, []
        self.refused = 0
        self.asked = {}


def ask_on(port, seed, stop, counts):
    dice, peer = random.Random(seed), None
    blob = dice.randbytes(300000)
    number = seed * 10 ** 7
    while not stop.is_set():
        number += 1
        body = blob[:dice.choice((0, 10, 1000, 1000, 70000, 300000))]
        peer = peer or connect(port)
        try:
            if number % 50 == 0:  # some leave
                peer.send(request("POST", f"/p/{number}", body)[:-5])
                peer.close()
                peer = None
                continue
            counts.asked[seed] = (number, len(body))
            peer.send(request("POST", f"/p/{number}", body))
            head, got = peer.reply()
        except (OSError, EOFError, ValueError):
            with counts.lock:
                counts.cut += 1
            peer.close()
            peer = None
            continue
        right = head.status == 200 and got == b"%d:" % number + body
        with counts.lock:
            counts.right += right
            counts.refused += head.status >= 500
            if not right and head.status < 500 or peer.buffer:
                counts.wrong.append((number, head.lines, got[:60]))
        if head.get("connection") == "close":
            peer.close()
            peer = None
    if peer:
        peer.close()


def artifact(backends, version):
    children = "".join(
        f'<endpoint name="E{i}"><address uri="http://127.0.0.1:{p}"><suspendOnFailure>'
        "<initialDuration>50</initialDuration><maximumDuration>100</maximumDuration>"
        "<progressionFactor>1.0</progressionFactor></suspendOnFailure></address></endpoint>"
        for i, p in enumerate(backends))
    return api("p", f'<property name="version" value="{version}"/><call><endpoint name="G"><failover>{children}'
               "</failover></endpoint></call><respond/>")


def under_load_nothing_is_lost_and_nothing_leaks(rig):
    steady, shaky = rig.backend(echo), Backend(echo)
    ports = [shaky.port, steady.port]
    engine = rig.engine({"p": artifact(ports, 0)}, ["pool.idle_ms=300", "deploy.settle_ms=20"], workers=2)
    counts, stop, began = Counts(), threading.Event(), engine.descriptors()
    clients = [threading.Thread(target=ask_on, args=(engine.port, i, stop, counts)) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    end, turn, early = time.monotonic() + SECONDS, 0, None
    while time.monotonic() < end:
        turn += 1
        stop.wait(0.1)
        if turn % 4 == 1:
            shaky.close()
        elif turn % 4 == 3:
            shaky = Backend(echo, port=ports[0])
        engine.put("p.xml", artifact(ports, turn))
        if not early and time.monotonic() > end - SECONDS * 2 / 3:
            early = engine.resident()
    stop.set()
    for client in clients:
        client.join(5)
    stuck = [i for i, client in enumerate(clients) if client.is_alive()]
    assert not stuck, f"clients {stuck} wait for an answer: {counts.asked}"
    shaky.close()
    assert not counts.wrong, counts.wrong[:3]
    assert counts.refused == 0, f"{counts.refused} were refused though one backend was well"
    assert counts.right > 20 * SECONDS and counts.cut < counts.right / 20, vars(counts)
    assert until(lambda: engine.descriptors() <= began, 5), (began, engine.descriptors())
    grown = engine.resident() - early
    # A sanitizer keeps what was freed, to catch who still uses it.
    assert SANITIZED or grown < 8192, f"{grown} KiB more than after a third of the time"
    print(f"{counts.right} right, {counts.cut} cut, {turn} deployments, {early} KiB then {engine.resident()} KiB")


run(under_load_nothing_is_lost_and_nothing_leaks)
