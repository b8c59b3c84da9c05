#!/usr/bin/env python3
"""Definitions changed by many at a time, killed at any moment, on a disk that will not have them.

What was answered is kept, whole, and nothing else is.
"""
import base64
import http.client
import json
import random
import ssl
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import SANITIZED, answers, api, connect, request, run  # noqa: E402

CREDENTIALS = "Basic " + base64.b64encode(b"admin:admin").decode()
FILE = """
product: shop
apps:
  - app: one
    envs: [{ slug: prd, base_url: "http://127.0.0.1:1" }]
    actions: [{ tag: go, method: POST }]
fallbacks:
""" + "".join(f"  - {{ tag: f{i}, name: F, description: r1, options: [{{ app: one, event: go }}] }}\n"
              for i in range(4))
OPTIONS = [{"app": "one", "event": "go"}]


class Admin:
    """A client of the management port, on one connection."""

    def __init__(self, engine):
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", engine.ports[2], context=ssl._create_unverified_context(), timeout=20)

    def ask(self, method, path, body=None, **headers):
        headers = {"Authorization": CREDENTIALS, **{k.replace("_", "-"): v for k, v in headers.items()}}
        self.connection.request(method, "/ductape" + path, json.dumps(body) if body else None, headers)
        reply = self.connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None


def start(rig):
    deploy = rig.dir / "deploy"
    deploy.mkdir(exist_ok=True)
    (deploy / "shop.yaml").write_text(FILE)
    return rig.engine({}, workers=2)


def each(count, work):
    """Threads that do it all at once; what any of them raised is raised."""
    failures = []

    def guarded(i):
        try:
            work(i)
        except Exception as e:
            failures.append(e)
    threads = [threading.Thread(target=guarded, args=(i,)) for i in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failures:
        raise failures[0]


def updates_are_done_one_after_the_other(rig):
    engine, seen = start(rig), []

    def update(i):
        admin = Admin(engine)
        for n in range(10):
            status, now = admin.ask("PATCH", "/fallbacks/f0", {"description": f"{i}.{n}"})
            assert status == 200, now
            seen.append(now["revision"])
    each(6, update)
    assert sorted(seen) == list(range(2, 62)), sorted(seen)


def a_revision_is_replaced_once(rig):
    engine = start(rig)
    Admin(engine).ask("PATCH", "/fallbacks/f0", {"description": "0"})
    refused = []

    def count(i):
        admin, done = Admin(engine), 0
        while done < 8:
            _, now = admin.ask("GET", "/fallbacks/f0")
            status, _ = admin.ask("PATCH", "/fallbacks/f0", {"description": str(int(now["description"]) + 1)},
                                  If_Match=f'"{now["revision"]}"')
            assert status in (200, 412), status
            done += status == 200
            refused.append(status == 412)
    each(5, count)
    _, now = Admin(engine).ask("GET", "/fallbacks/f0")
    assert now["description"] == "40" and now["revision"] == 42, now
    assert any(refused)  # they did meet


def only_one_creates_a_tag(rig):
    engine, statuses = start(rig), []

    def create(i):
        status, _ = Admin(engine).ask("POST", "/fallbacks", {"tag": "new", "name": str(i), "options": OPTIONS})
        statuses.append(status)
    each(8, create)
    assert sorted(statuses) == [201] + [409] * 7, statuses


class Changing:
    """Clients that change what is theirs until the server is gone, and know what it promised."""

    def __init__(self, engine, revisions, made):
        self.engine, self.revisions, self.made = engine, revisions, made
        self.threads = [threading.Thread(target=self.update, args=(f"f{i}",)) for i in range(4)]
        self.threads.append(threading.Thread(target=self.create_and_delete))
        for t in self.threads:
            t.start()

    def update(self, tag):
        admin = Admin(self.engine)
        try:
            while True:
                status, now = admin.ask("PATCH", f"/fallbacks/{tag}",
                                        {"description": f"r{self.revisions[tag] + 1}"})
                assert status == 200, now
                self.revisions[tag] = now["revision"]
        except (OSError, http.client.HTTPException, ssl.SSLError):
            pass

    def create_and_delete(self):
        admin, i = Admin(self.engine), 0
        try:
            while True:
                tag, i = f"new{i % 3}", i + 1
                wanted = not self.made.get(tag, False)
                self.made[tag] = None  # nobody knows until it is answered
                if wanted:
                    status, _ = admin.ask("POST", "/fallbacks", {"tag": tag, "name": "N", "options": OPTIONS})
                else:
                    status, _ = admin.ask("DELETE", f"/fallbacks/{tag}")
                assert status in (201, 204), status
                self.made[tag] = wanted
        except (OSError, http.client.HTTPException, ssl.SSLError):
            pass

    def kill(self, rig):
        self.engine.process.kill()
        self.engine.process.wait()
        rig.engines.remove(self.engine)
        for t in self.threads:
            t.join()


def check(engine, revisions, made):
    """What was promised is there; at most the one change under way beyond it."""
    assert " ERROR " not in engine.log(), engine.log()
    _, all_now = Admin(engine).ask("GET", "/fallbacks")
    now = {f["tag"]: f for f in all_now}
    for tag, revision in revisions.items():
        assert now[tag]["revision"] in (revision, revision + 1), (tag, revision, now[tag])
        assert now[tag]["description"] == f"r{now[tag]['revision']}", now[tag]
        revisions[tag] = now[tag]["revision"]
    for tag, is_there in made.items():
        assert is_there is None or (tag in now) == is_there, (tag, is_there, sorted(now))
    return {tag: tag in now for tag in made}


def what_was_answered_survives_a_kill_at_any_moment(rig):
    revisions, made = {f"f{i}": 1 for i in range(4)}, {}
    chance = random.Random(5)
    for _ in range(6 if SANITIZED else 20):
        engine = start(rig)
        made = check(engine, revisions, made)
        changing = Changing(engine, revisions, made)
        time.sleep(chance.uniform(0.02, 0.4))
        changing.kill(rig)
    check(start(rig), revisions, made)
    assert max(revisions.values()) > 5, revisions


def what_cannot_be_written_is_not_changed(rig):
    (rig.dir / "state").mkdir()
    (rig.dir / "state" / "ductape").write_text("this is no directory")
    engine = start(rig)
    admin = Admin(engine)
    status, said = admin.ask("PATCH", "/fallbacks/f0", {"description": "new"})
    assert status == 500 and said["error"]["code"] == "NOT_STORED" and "state/ductape" in said["error"]["message"], said
    _, now = admin.ask("GET", "/fallbacks/f0")
    assert now["revision"] == 1 and now["description"] == "r1", now
    (rig.dir / "state" / "ductape").unlink()
    status, now = admin.ask("PATCH", "/fallbacks/f0", {"description": "new"})
    assert status == 200 and now["revision"] == 2, now


# What holds a worker up for a while, in one piece.
LONG = ("<r>" + "<a/>" * 3000 + "</r>").encode()
COUNT = "<property name='n' expression='count(//a[count(//a) > 1])'/><respond/>"


def what_was_created_is_there_for_who_asks_next(rig):
    """Of a round of events, the worker is at the first while somebody creates and then asks,
    by the second: were the answer not to wait for it, it would not have heard of it."""
    backend = rig.backend(answers(b"{}"))
    (rig.dir / "deploy").mkdir()
    (rig.dir / "deploy" / "shop.yaml").write_text(FILE.replace("http://127.0.0.1:1", backend.url))
    engine = rig.engine({"long": api("long", COUNT)}, ["fallback.open=true"])
    admin, before, first, second = Admin(engine), *(connect(engine.port) for _ in range(3))
    assert admin.ask("GET", "/fallbacks/f0")[0] == 200
    for client in (before, first):
        client.send(request("POST", "/long/x", LONG, "Content-Type: application/xml\r\n")[:-1])
    run_it = request("POST", "/ductape/fallbacks/new/run", b'{"env":"prd"}', "Content-Type: application/json\r\n")
    second.send(run_it.replace(b"/new/", b"/f0/"))
    head, body = second.reply()
    assert head.status == 200, (head.first, body)
    before.send(LONG[-1:])
    first.send(LONG[-1:])
    second.send(run_it[:1])
    assert before.reply()[0].status == 200
    status, said = admin.ask("POST", "/fallbacks", {"tag": "new", "name": "N", "options": OPTIONS})
    assert status == 201, said
    second.send(run_it[1:])
    head, body = second.reply()
    assert head.status == 200, (head.first, body)


if __name__ == "__main__":
    run(updates_are_done_one_after_the_other, a_revision_is_replaced_once, only_one_creates_a_tag,
        what_was_answered_survives_a_kill_at_any_moment, what_cannot_be_written_is_not_changed,
        what_was_created_is_there_for_who_asks_next)
