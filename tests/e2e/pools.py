#!/usr/bin/env python3
"""Connections to backends: which is used again, how many there are, and for how long."""
import socket
import subprocess
import threading
import time

from rig import answers, api, call, request, run, until

RESPOND = "<respond/>"


def numbered(more="", hold=None):
    """Says on which of its connections it was asked; holds the first answers until it is told."""
    def script(backend, peer):
        number = backend.peers.index(peer) + 1
        try:
            while True:
                backend.heads.append(peer.request()[0])
                if hold:
                    hold.wait(10)
                body = b"%d" % number
                peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body)
        except EOFError:
            backend.bodies.append((number, time.monotonic()))
    return script


def plain(rig, settings=(), more="", hold=None):
    backend = rig.backend(numbered(more, hold))
    return backend, rig.engine({"p": api("p", call(backend.url) + RESPOND)}, settings)


def at_once(rig, engine, backend, count, go_on):
    """So many requests, all under way at the same time; their answers."""
    clients = [rig.client(engine) for _ in range(count)]
    for client in clients:
        client.send(request("GET", "/p/x"))
    assert until(lambda: len(backend.heads) >= count)
    go_on.set()
    return [client.reply() for client in clients]


def the_one_that_was_used_last_is_used_next(rig):
    """So that those that are not needed grow old, and are closed."""
    go_on = threading.Event()
    backend, engine = plain(rig, ["pool.idle_ms=500"], hold=go_on)
    at_once(rig, engine, backend, 5, go_on)
    end, used = time.monotonic() + 1.2, []
    while time.monotonic() < end:
        used.append(rig.ask(engine, "GET", "/p/x")[1])
    assert len(set(used)) == 1, set(used)
    assert until(lambda: len(backend.bodies) == 4), backend.bodies
    assert int(used[0]) not in [number for number, _ in backend.bodies]
    assert until(lambda: len(backend.bodies) == 5, 3), "the last one is kept for ever"


def what_the_backend_says_of_its_patience_is_believed(rig):
    for seconds, least, most in ((3, 1.5, 2.9), (1, 0, 0.5)):
        backend, engine = plain(rig, more=f"Keep-Alive: timeout={seconds}, max=9\r\n")
        began = time.monotonic()
        rig.ask(engine, "GET", "/p/x")
        assert until(lambda: backend.bodies, 5), "it is kept longer than the backend keeps it"
        assert least < backend.bodies[0][1] - began < most, (seconds, backend.bodies[0][1] - began)


def no_more_are_kept_than_was_said(rig):
    go_on = threading.Event()
    backend, engine = plain(rig, ["pool.idle_per_host=2"], hold=go_on)
    at_once(rig, engine, backend, 6, go_on)
    assert until(lambda: len(backend.bodies) == 4), backend.bodies
    assert not until(lambda: len(backend.bodies) > 4, 0.3), backend.bodies


def beyond_the_connections_to_one_backend_it_fails_at_once(rig):
    go_on = threading.Event()
    backend, engine = plain(rig, ["pool.per_host=2"], hold=go_on)
    clients = [rig.client(engine) for _ in range(2)]
    for client in clients:
        client.send(request("GET", "/p/x"))
    assert until(lambda: len(backend.heads) == 2)
    began = time.monotonic()
    assert rig.ask(engine, "GET", "/p/x")[0].status >= 500 and time.monotonic() - began < 1
    go_on.set()
    assert [client.reply()[0].status for client in clients] == [200, 200]


def an_idle_one_makes_room_for_another_backend(rig):
    first, second = rig.backend(numbered()), rig.backend(numbered())
    engine = rig.engine({"a": api("a", call(first.url) + RESPOND), "b": api("b", call(second.url) + RESPOND)},
                        ["pool.in_all=1"])
    for _ in range(3):
        assert rig.ask(engine, "GET", "/a/x")[0].status == 200
        assert rig.ask(engine, "GET", "/b/x")[0].status == 200
    assert first.connections == 3 and second.connections == 3, (first.connections, second.connections)


def one_that_broke_off_is_not_used_again(rig):
    backend, engine = plain(rig)
    rig.ask(engine, "GET", "/p/x")
    backend.peers[0].cut()
    assert until(lambda: backend.bodies)
    answers = [rig.ask(engine, "POST", "/p/x", b"hello") for _ in range(3)]
    assert [(head.status, body) for head, body in answers] == [(200, b"2")] * 3, answers


NAMES = 'mount --bind "$0" /etc/hosts && exec "$@"'


def knowing(rig, text):
    """A command before another, which then knows these names only; None: not allowed to."""
    hosts = rig.dir / "hosts"
    hosts.write_text(text)
    command = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", NAMES, str(hosts))
    return command if subprocess.run([*command, "true"], capture_output=True).returncode == 0 else None


def silent_address(rig, host, port):
    """Somebody listens whose queue is full: nothing comes back from there."""
    full = socket.socket()
    full.bind((host, port))
    full.listen(0)
    rig.clients.append(full)
    for _ in range(4):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((host, port))
        rig.clients.append(s)


def all_addresses_of_a_name_are_tried(rig):
    """One that refuses, one that is silent; the names stay known for a while."""
    before = knowing(rig, "127.0.0.1 refusing silent\n127.0.0.2 refusing silent\n")
    if not before:
        print("not tried: no namespace of our own is allowed here")
        return
    backends = {name: rig.backend(answers(), host="127.0.0.2") for name in ("refusing", "silent")}
    silent_address(rig, "127.0.0.1", backends["silent"].port)
    files = {name: api(name, call(f"http://{name}:{b.port}") + RESPOND) for name, b in backends.items()}
    engine = rig.engine(files, before=before)
    for name, most in (("refusing", 1), ("silent", 4)):
        began = time.monotonic()
        head, body = rig.ask(engine, "GET", f"/{name}/x")
        assert body == b"hello", (name, head.lines)
        assert time.monotonic() - began < most, (name, time.monotonic() - began)


run(the_one_that_was_used_last_is_used_next, what_the_backend_says_of_its_patience_is_believed,
    no_more_are_kept_than_was_said, beyond_the_connections_to_one_backend_it_fails_at_once,
    an_idle_one_makes_room_for_another_backend, all_addresses_of_a_name_are_tried, one_that_broke_off_is_not_used_again)
