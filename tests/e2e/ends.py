#!/usr/bin/env python3
"""Ends: SIGTERM lets what is under way finish; an upgrade loses no request (UPGRADES: how many).
"""
import os
import signal
import ssl
import threading
from pathlib import Path

from rig import Peer, api, call, connect, request, run, until

RESPOND = "<respond/>"
UPGRADES = int(os.environ.get("UPGRADES", "4"))


class Load:
    """Clients that ask one request after the other; each answer is counted."""

    def __init__(self, port, clients, path="/p/x", keep=True, body=b"hello", connect=connect):
        self.port, self.path, self.keep, self.right = port, path, keep, body
        self.connect = connect
        self.stop, self.answered, self.wrong = threading.Event(), 0, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask) for _ in range(clients)]
        for t in self.threads:
            t.start()

    def ask(self):
        peer = None
        while not self.stop.is_set():
            try:
                peer = peer or self.connect(self.port)
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


ANYBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANYBODY.check_hostname, ANYBODY.verify_mode = False, ssl.CERT_NONE


def connect_tls(port):
    return Peer(ANYBODY.wrap_socket(connect(port).socket))


def an_upgrade_loses_no_request(rig):
    files = {"p": api("p", call(rig.backend().url) + RESPOND)}
    engine = rig.engine(files, workers=2)
    loads = [Load(engine.port, 6), Load(engine.port, 3, keep=False),
             Load(engine.tls_port, 2, keep=False, connect=connect_tls)]
    for turn in range(UPGRADES):  # with fewer workers, and with more
        goal = [load.answered + 50 for load in loads]
        assert until(lambda: all(load.answered > g for load, g in zip(loads, goal)), 20)
        follower = rig.engine(files, ["server.share_ports=true"], workers=(1, 3, 2)[turn % 3],
                              ports=engine.ports)
        assert follower.logged(r"took over \d+ listening sockets")
        engine.signal(signal.SIGTERM)
        assert engine.process.wait(10) == 0
        engine = follower
    for load in loads:
        load.end()
    wrong = [w for load in loads for w in load.wrong]
    assert not wrong, (len(wrong), wrong[:3], sum(load.answered for load in loads))


def is_stopped(engine):
    """All of its threads are: one that runs still takes what comes."""
    stats = Path(f"/proc/{engine.process.pid}/task").glob("*/stat")
    return all(stat.read_text().rsplit(")", 1)[1].split()[0] == "T" for stat in stats)


def who_follows_listens_where_the_old_one_did(rig):
    """So nobody waits in a queue that is closed; not even with fewer workers than before."""
    files = {"p": api("p", call(rig.backend().url) + RESPOND)}
    engine = rig.engine(files, workers=3)
    follower = rig.engine(files, ["server.share_ports=true"], workers=1, ports=engine.ports)
    assert follower.logged(r"took over 8 listening sockets") and engine.logged(r"gave 8 listening sockets")
    engine.signal(signal.SIGSTOP)
    try:
        assert until(lambda: is_stopped(engine))
        clients = [rig.client(engine) for _ in range(60)]
        for client in clients:
            client.send(request("GET", "/p/x"))
        assert [client.reply()[0].status for client in clients] == [200] * 60
    finally:
        engine.signal(signal.SIGCONT)


run(sigterm_lets_everything_under_way_finish, sigterm_under_load_leaves_nothing_behind,
    an_upgrade_loses_no_request, who_follows_listens_where_the_old_one_did)
