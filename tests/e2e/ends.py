#!/usr/bin/env python3
"""Ends: SIGTERM lets what is under way finish; an upgrade loses no request."""
import signal
import threading

from rig import api, call, connect, request, run, until

RESPOND = "<respond/>"


class Load:
    """Clients that ask one request after the other; each answer is counted."""

    def __init__(self, port, clients, path="/p/x", keep=True, body=b"hello"):
        self.port, self.path, self.keep, self.right = port, path, keep, body
        self.stop, self.answered, self.wrong = threading.Event(), 0, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask) for _ in range(clients)]
        for t in self.threads:
            t.start()

    def ask(self):
        peer = None
        while not self.stop.is_set():
            try:
                peer = peer or connect(self.port)
                peer.send(request("GET", self.path))
                head, body = peer.reply()
                with self.lock:
                    self.answered += 1
                    if head.status != 200 or body != self.right:
                        self.wrong.append((head.lines, body[:80]))
                if head.get("connection") == "close" or not self.keep:
                    peer.close()
                    peer = None
            except (OSError, EOFError) as e:
                with self.lock:
                    self.wrong.append(repr(e))
                peer = None
        if peer:
            peer.close()

    def end(self):
        self.stop.set()
        for t in self.threads:
            t.join(10)


def sigterm_lets_everything_under_way_finish(rig):
    go_on = threading.Event()

    def script(backend, peer):
        peer.request()
        backend.heads.append(1)
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
        go_on.wait(5)
        peer.send("world")
    backend = rig.backend(script)
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND)}, ["server.drain_ms=8000"], workers=2)
    clients = [rig.client(engine) for _ in range(20)]
    for client in clients:
        client.send(request("GET", "/p/x"))
    assert until(lambda: len(backend.heads) == 20)
    idle = rig.client(engine)
    engine.signal(signal.SIGTERM)
    assert idle.is_closed(5), "an idle client holds the end up"
    assert until(lambda: refuses(engine.port)), "it still listens"
    go_on.set()
    assert [c.reply()[1] for c in clients] == [b"helloworld"] * 20
    assert engine.process.wait(5) == 0


def refuses(port):
    try:
        connect(port).close()
        return False
    except OSError:
        return True


def sigterm_under_load_leaves_nothing_behind(rig):
    engine = rig.engine({"p": api("p", call(rig.backend().url) + RESPOND)}, workers=2)
    load = Load(engine.port, 16)
    assert until(lambda: load.answered > 200)
    engine.signal(signal.SIGTERM)
    code = engine.process.wait(15)
    load.end()
    assert code == 0, code


def an_upgrade_loses_no_request(rig):
    files = {"p": api("p", call(rig.backend().url) + RESPOND)}
    engine = rig.engine(files, workers=2)
    loads = [Load(engine.port, 6), Load(engine.port, 3, keep=False)]
    for _ in range(3):
        goal = [load.answered + 100 for load in loads]
        assert until(lambda: all(load.answered > g for load, g in zip(loads, goal)))
        follower = rig.engine(files, ["server.share_ports=true"], workers=2, ports=engine.ports)
        engine.signal(signal.SIGTERM)
        assert engine.process.wait(10) == 0
        engine = follower
    for load in loads:
        load.end()
    wrong = [w for load in loads for w in load.wrong]
    assert not wrong, (len(wrong), wrong[:3], sum(load.answered for load in loads))


run(sigterm_lets_everything_under_way_finish, sigterm_under_load_leaves_nothing_behind,
    an_upgrade_loses_no_request)
