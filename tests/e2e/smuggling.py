#!/usr/bin/env python3
"""The same raw requests to us, nginx and haproxy: what each says, what the backend sees.

Our column is a test. The others are only compared (smuggling.md is that table):

    smuggling.py table
"""
import shutil
import subprocess
import sys

from rig import NS, Backend, api, call, connect, free_port, request, run, until

RESPOND = "<respond/>"
GET2 = "GET /p/second HTTP/1.1\r\nHost: h\r\n\r\n"

# What is sent, and what is right: our statuses; how many requests may reach the backend.
ROWS = [
    ("plain", "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("two in one write", "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n" + GET2, [200, 200], 2),
    ("Content-Length and Transfer-Encoding",
     "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET2, [400], 0),
    ("Transfer-Encoding and Content-Length",
     "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + GET2, [400], 0),
    ("two lengths that differ", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + GET2, [400], 0),
    ("two equal lengths", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", [400], 0),
    ("a list of lengths", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na", [400], 0),
    ("length +1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", [400], 0),
    ("length -1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\na", [400], 0),
    ("length 0x1", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na", [400], 0),
    ("length 1 2", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1 2\r\n\r\na", [400], 0),
    ("an empty length", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", [400], 0),
    ("length beyond 64 bits", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551617\r\n\r\na", [400], 0),
    ("a blank before the colon", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length : 1\r\n\r\na", [400], 0),
    ("a blank before Transfer-Encoding", "POST /p/x HTTP/1.1\r\nHost: h\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("a folded line", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n", [400], 0),
    ("a folded Transfer-Encoding", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("bare LF everywhere", "GET /p/x HTTP/1.1\nHost: h\n\n", [400], 0),
    ("bare LF once", "GET /p/x HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", [400], 0),
    ("bare CR in a value", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n", [400], 0),
    ("NUL in a value", "GET /p/x HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n", [400], 0),
    ("NUL in the target", "GET /p/\0x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a blank in a name", "GET /p/x HTTP/1.1\r\nHost: h\r\nA B: c\r\n\r\n", [400], 0),
    ("a field without a name", "GET /p/x HTTP/1.1\r\nHost: h\r\n: c\r\n\r\n", [400], 0),
    ("a line without a colon", "GET /p/x HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", [400], 0),
    ("no Host", "GET /p/x HTTP/1.1\r\n\r\n", [400], 0),
    ("two Hosts", "GET /p/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [400], 0),
    ("xchunked", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked, identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", [400], 0),
    ("gzip, chunked", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("identity", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", [400], 0),
    ("Transfer-Encoding twice", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked with a vertical tab", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("chunked in HTTP/1.0", "POST /p/x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], 0),
    ("CHUNKED", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n", [200], 1),
    ("chunk extension", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b\"\r\na\r\n0;c\r\n\r\n", [200], 1),
    ("chunk extension with LF", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size 0x1", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size -1", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size with a blank", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk size beyond 64 bits", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n", [400], 0),
    ("chunk longer than its size", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", [400], 0),
    ("LF after a chunk size", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", [400], 0),
    ("LF after a chunk", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", [400], 0),
    ("LF after the last chunk", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\n\n", [400], 0),
    ("Content-Length in a trailer", "POST /p/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n" + GET2, [200, 200], 2),
    ("a body on GET", "GET /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 44\r\n\r\n" + GET2[:44].ljust(44), [200], 1),
    ("bytes after the end", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + GET2, [200], 1),
    ("garbage after the end", "POST /p/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nabcdef\r\n\r\n", [200, 501], 1),
    ("two blanks in the request line", "GET  /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("a tab in the request line", "GET\t/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400, 501], 0),
    ("a blank in the target", "GET /p/x y HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
    ("HTTP/0.9", "GET /p/x\r\n\r\n", [400, 505], 0),
    ("HTTP/1.2", "GET /p/x HTTP/1.2\r\nHost: h\r\n\r\n", [505], 0),
    ("HTTP/2.0", "GET /p/x HTTP/2.0\r\nHost: h\r\n\r\n", [505], 0),
    ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 501, 505], 0),
    ("Http/1.1", "GET /p/x Http/1.1\r\nHost: h\r\n\r\n", [400, 505], 0),
    ("a name of a method that is none", "G@T /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400, 501], 0),
    ("CONNECT", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", [405], 0),
    ("an upgrade", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", [200], 1),
    ("fields that Connection names", "GET /p/x HTTP/1.1\r\nHost: h\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n\r\n", [200], 1),
    ("Connection names Content-Length", "POST /p/x HTTP/1.1\r\nHost: h\r\nConnection: Content-Length\r\nContent-Length: 1\r\n\r\na", [200], 1),
    ("hop-by-hop fields", "GET /p/x HTTP/1.1\r\nHost: h\r\nKeep-Alive: 3\r\nTE: trailers\r\nTrailer: A\r\nProxy-Connection: x\r\nProxy-Authorization: y\r\n\r\n", [200], 1),
    ("the target in full", "GET http://h/p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("empty lines before", "\r\n\r\nGET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [200], 1),
    ("a dozen empty lines before", "\r\n" * 12 + "GET /p/x HTTP/1.1\r\nHost: h\r\n\r\n", [400], 0),
]
NEVER = ("x-secret", "keep-alive", "te", "trailer", "proxy-connection", "upgrade",
         "http2-settings", "connection: x-secret")


def answers(backend, peer):
    while True:
        head = peer.head()
        backend.heads.append(head)
        backend.bodies.append(peer.body(head))
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def ask(port, text):
    """The statuses that come before the connection ends or falls silent."""
    client, statuses = connect(port), []
    client.socket.settimeout(0.15)
    try:
        client.send(text.encode("latin-1"))
        while True:
            statuses.append(client.reply()[0].status)
    except (OSError, EOFError, ValueError, IndexError):
        return statuses
    finally:
        client.close()


def every_row_is_answered_as_it_should_be(rig):
    backend = rig.backend(answers)
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND)})
    for name, text, right, most in ROWS:
        del backend.heads[:]
        got = ask(engine.port, text)
        seen = [h.first for h in backend.heads]
        if right[0] >= 400:
            assert len(got) == 1 and got[0] in right, f"{name}: {got}, not {right}"
        else:
            assert got == right, f"{name}: {got}, not {right}"
        assert len(seen) <= most, f"{name}: the backend was sent {seen}"
        for head in backend.heads:
            bad = [n for n, _ in head.fields if n.lower() in NEVER]
            assert not bad, f"{name}: {bad} reached the backend"
            lengths = [n for n, _ in head.fields if n.lower() in ("content-length", "transfer-encoding")]
            assert len(lengths) <= 1, f"{name}: {lengths}"


INJECTED = ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"]


def nothing_is_injected_through_properties(rig):
    """A value with a line end in it, as somebody's payload may have it: the field is left out."""
    backend = rig.backend(answers)
    set_header = "<property name='X-Out' expression='json-eval($.v)' scope='transport'/>"
    engine = rig.engine({"in": api("in", set_header + call(backend.url) + RESPOND),
                         "out": api("out", set_header + RESPOND)})
    kind = "Content-Type: application/json\r\n"
    for value in INJECTED:
        escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 else c for c in value)
        for path in ("/in/x", "/out/x"):
            head, _ = rig.ask(engine, "POST", path, f'{{"v":"{escaped}"}}'.encode(), kind)
            for seen in [head] + backend.heads:
                names = [n.lower() for n, _ in seen.fields]
                assert not {"x-evil", "x-out"} & set(names) and "\0" not in "".join(seen.lines), \
                    (path, value, seen.lines)
            assert head.status == 200, head.lines
    assert len(backend.heads) == len(INJECTED)


def nothing_is_injected_through_uri_templates(rig):
    backend = rig.backend(answers)
    endpoint = (f"<call><endpoint><http method='get' uri-template='{backend.url}/{{+uri.var.v}}?q={{uri.var.v}}'/>"
                "</endpoint></call>")
    engine = rig.engine({"t": api("t", "<property name='uri.var.v' expression='json-eval($.v)'/>" + endpoint + RESPOND)})
    for value in ["a HTTP/1.1\r\nX-Evil: 1\r\n\r\n"] + INJECTED:
        escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 else c for c in value)
        head, _ = rig.ask(engine, "POST", "/t/x", f'{{"v":"{escaped}"}}'.encode(), "Content-Type: application/json\r\n")
        for seen in backend.heads:
            assert seen.get("x-evil") is None and len(seen.first.split(" ")) == 3 and "\r" not in seen.first, seen.lines
        assert len(backend.heads) <= 1, [h.lines for h in backend.heads]
        del backend.heads[:]


# --- the table ---

NGINX = """daemon off; worker_processes 1; pid {dir}/pid; error_log /dev/null;
events {{ worker_connections 100; }}
http {{ access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; proxy_http_version 1.1; proxy_set_header Connection "";
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {url}; }} }} }}
"""
HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  server s {address}
"""


def is_up(port):
    try:
        return ask(port, ROWS[0][1]) == [200]
    except OSError:
        return False


def rival(rig, command, text, backend):
    port, file = free_port(), rig.dir / command[0]
    file.write_text(text.format(dir=rig.dir, port=port, url=backend.url, address=backend.url[7:]))
    process = subprocess.Popen([*command, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert until(lambda: is_up(port), 5), f"{command[0]} does not start"
    return process, port


def row_of(backend, port, text):
    del backend.heads[:], backend.bodies[:]
    statuses = ask(port, text)
    said = " ".join(map(str, statuses)) or "closed"
    if not backend.heads:
        return said
    more = []
    for head, body in zip(backend.heads, backend.bodies):
        passed = [n.lower() for n, _ in head.fields if n.lower() in NEVER]
        framing = "chunked " if head.get("transfer-encoding") else ""
        more.append(f"{head.first.split()[1]} {framing}{len(body)} B" + (f" with {', '.join(passed)}" if passed else ""))
    return said + "; backend: " + " + ".join(more)


def table(rig):
    backend = Backend(answers)
    engine = rig.engine({"p": api("p", call(backend.url) + RESPOND)})
    rivals = [rival(rig, ["nginx", "-c"], NGINX, backend), rival(rig, ["haproxy", "-f"], HAPROXY, backend)]
    ports = [engine.port] + [port for _, port in rivals]
    print("| sent | myelin | nginx 1.22 | haproxy 2.6 |\n|---|---|---|---|")
    for name, text, _, _ in ROWS:
        print(f"| {name} | " + " | ".join(row_of(backend, port, text) for port in ports) + " |")
    for process, _ in rivals:
        process.terminate()
        process.wait(5)


if "table" in sys.argv[1:]:
    run(table)
run(every_row_is_answered_as_it_should_be, nothing_is_injected_through_properties,
    nothing_is_injected_through_uri_templates)
