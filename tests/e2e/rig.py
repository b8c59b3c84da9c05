"""What the end-to-end tests share: an engine to try, backends to script, raw clients.

Real sockets, loopback only. Everything that is started ends with the test. A test is a
list of functions given to run(); each is given a fresh Rig. MYELIN names the program.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

MYELIN = os.environ.get("MYELIN", "build/myelin")


def is_sanitized(program):
    """Such builds are slow, and large: a sanitizer keeps what was freed."""
    with open(program, "rb") as file:
        text = file.read()
    return b"__asan_init" in text or b"__tsan_init" in text


SANITIZED = is_sanitized(MYELIN)
NS = "http://ws.apache.org/ns/synapse"


def port_range():
    """This process's own: as long as it lives no other test has it. Nor has the kernel,
    which gives away those from 32768 on, to whoever asks for any and to each client;
    tests/conformance/run takes those from 12000 on."""
    for first in range(10000, 12000, 50):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0myelin-test-ports-{first}")
        except OSError:
            claim.close()
            continue
        return claim, iter(range(first, first + 50))
    raise RuntimeError("no ports are left for tests")


PORTS_CLAIM, PORTS = None, iter(())


def free_port():
    """One that nobody listens on, and that is given to nobody again."""
    global PORTS_CLAIM, PORTS
    while True:
        for port in PORTS:
            with socket.socket() as s, contextlib.suppress(OSError):
                s.bind(("127.0.0.1", port))
                return port
        PORTS_CLAIM, PORTS = port_range()


def api(name, body, methods="GET POST PUT DELETE HEAD OPTIONS PATCH"):
    return (f'<api xmlns="{NS}" name="{name}" context="/{name}"><resource methods="{methods}" '
            f'uri-template="/*"><inSequence>{body}</inSequence></resource></api>')


def call(url, more=""):
    return f'<call><endpoint><address uri="{url}">{more}</address></endpoint></call>'


def failover(*urls):
    children = "".join(f'<endpoint><address uri="{u}"/></endpoint>' for u in urls)
    return f"<call><endpoint><failover>{children}</failover></endpoint></call>"


def until(condition, seconds=5.0):
    """Waits for something that will happen, and not longer than it takes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.005)
    return condition()

class Engine:
    def __init__(self, directory, artifacts, settings=(), workers=1, ports=None, before=()):
        self.dir = directory
        self.deploy = directory / "deploy"
        self.deploy.mkdir(exist_ok=True)
        for name, text in artifacts.items():
            (self.deploy / name).write_text(text)
        self.ports = ports or [free_port() for _ in range(4)]
        self.port, self.tls_port = self.ports[0], self.ports[1]
        self.log_path = Path(tempfile.mktemp(prefix="log-", dir=directory))
        command = [*before, MYELIN, "serve", str(self.deploy), "--bind", "127.0.0.1",
                   "--workers", str(workers), "--state", str(directory / "state")]
        for option, port in zip(("port", "tls-port", "admin-port", "probe-port"), self.ports):
            command += [f"--{option}", str(port)]
        for setting in settings:
            command += ["--set", setting]
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        up = until(lambda: "started on 127.0.0.1:%d" % self.ports[3] in self.log() or
                   self.process.poll() is not None, 20)
        if not up or self.process.poll() is not None:
            raise RuntimeError("the engine does not start:\n" + self.log())

    def log(self):
        return self.log_path.read_text(errors="replace")

    def logged(self, pattern, seconds=5.0):
        return until(lambda: re.search(pattern, self.log()), seconds)

    def status(self, key):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M).group(1))

    def resident(self):
        return self.status("VmRSS")

    def peak(self):
        return self.status("VmHWM")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def open_files(self):
        """What the open descriptors lead to; one that closes meanwhile is not among them."""
        files = []
        for fd in os.scandir(f"/proc/{self.process.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                files.append(os.readlink(fd.path))
        return files

    def put(self, name, text):
        """As an editor does: the new file takes the place of the old in one step."""
        part = self.dir / (name + ".part")
        part.write_text(text)
        part.rename(self.deploy / name)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=60 if SANITIZED else 15):
        """SIGTERM; its exit code. Whatever a sanitizer says makes that code unequal to 0."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "killed"


class Backend:
    """Each connection is given to script(Peer) on a thread of its own."""

    def __init__(self, script, port=0, wrap=None, backlog=512, host="127.0.0.1"):
        self.script, self.wrap = script, wrap
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(backlog)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        self.connections = 0
        self.heads, self.bodies, self.peers, self.errors = [], [], [], []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                s, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        peer = None
        try:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.wrap:
                s = self.wrap(s)
            peer = Peer(s)
            self.peers.append(peer)
            self.script(self, peer)
        except (OSError, EOFError) as e:
            self.errors.append(e)
        finally:
            s.close()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
        for peer in self.peers:
            peer.cut()


class Peer:
    """One end of an HTTP connection, byte by byte: for clients and for backends."""

    def __init__(self, s):
        self.socket, self.buffer = s, b""
        s.settimeout(20)

    def close(self):
        self.socket.close()

    def cut(self):
        """From another thread: one that reads holds the socket open until it is told."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def more(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise EOFError
        self.buffer += data

    def exactly(self, n):
        while len(self.buffer) < n:
            self.more()
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def line(self):
        while b"\n" not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line + b"\n"

    def head(self):
        lines = []
        while True:
            line = self.line()
            if line in (b"\r\n", b"\n"):
                return Head(lines)
            lines.append(line.rstrip(b"\r\n").decode("latin-1"))

    def chunks(self):
        body = b""
        while True:
            size = int(self.line().split(b";")[0], 16)
            if size == 0:
                trailer = []
                while (line := self.line()) != b"\r\n":
                    trailer.append(line.decode().rstrip())
                return body, trailer
            body += self.exactly(size)
            assert self.exactly(2) == b"\r\n"

    def body(self, head, method="GET"):
        if head.get("transfer-encoding"):
            return self.chunks()[0]
        if head.get("content-length") is not None:
            return self.exactly(int(head.get("content-length")))
        return self.rest() if head.is_reply and method != "HEAD" else b""

    def rest(self):
        try:
            while True:
                self.more()
        except EOFError:
            taken, self.buffer = self.buffer, b""
            return taken

    def request(self):
        head = self.head()
        return head, self.body(head)

    def reply(self, method="GET"):
        head = self.head()
        if method == "HEAD" or head.status in (204, 304) or head.status < 200:
            return head, b""
        return head, self.body(head, method)

    def is_closed(self, seconds=5):
        """Is it closed by the other side, now or soon?"""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False


class Head:
    def __init__(self, lines):
        self.first, self.lines = lines[0], lines
        self.fields = [tuple(x.strip() for x in line.split(":", 1)) for line in lines[1:] if ":" in line]
        self.is_reply = self.first.startswith("HTTP/")
        self.status = int(self.first.split()[1]) if self.is_reply else 0

    def get(self, name):
        found = [v for n, v in self.fields if n.lower() == name.lower()]
        return found[0] if found else None


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Peer(s)


def answers(body=b"hello", more=""):
    """A backend that notes each request and answers it, for as long as it is asked."""
    def script(backend, peer):
        while True:
            head, got = peer.request()
            backend.heads.append(head)
            backend.bodies.append(got)
            peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body)
    return script


def request(method, path, body=b"", more=""):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: h\r\n{length}{more}\r\n".encode() + body


class Rig:
    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="e2e-"))
        self.engines, self.backends, self.clients = [], [], []

    def engine(self, artifacts, settings=(), **more):
        e = Engine(self.dir, {f"{n}.xml": t for n, t in artifacts.items()}, settings, **more)
        self.engines.append(e)
        return e

    def backend(self, script=None, **more):
        b = Backend(script or answers(), **more)
        self.backends.append(b)
        return b

    def client(self, engine):
        c = connect(engine.port)
        self.clients.append(c)
        return c

    def ask(self, engine, method, path, body=b"", more=""):
        c = self.client(engine)
        c.send(request(method, path, body, more))
        answer = c.reply(method)
        c.close()
        return answer

    def release(self):
        for c in self.clients:
            c.close()
        codes = [e.stop() for e in self.engines]
        for b in self.backends:
            b.close()
        logs = [e.log() for e in self.engines]
        shutil.rmtree(self.dir, ignore_errors=True)
        assert codes == [0] * len(codes), f"exit codes {codes}:\n{logs[0][-6000:]}"


def run(*tests):
    """Each with a rig of its own; the arguments choose some by name. Exit 1 if one fails."""
    chosen = [t for t in tests if not sys.argv[1:] or t.__name__ in sys.argv[1:]]
    failed = 0
    for test in chosen:
        rig, began, ok = Rig(), time.monotonic(), True
        try:
            test(rig)
        except Exception:
            traceback.print_exc()
            for e in rig.engines:
                print(e.log()[-3000:])
            ok = False
        try:
            rig.release()
        except AssertionError:
            traceback.print_exc()
            ok = False
        failed += not ok
        print(f"{'passed' if ok else 'FAILED'}  {test.__name__} ({time.monotonic() - began:.1f} s)",
              flush=True)
    sys.exit(1 if failed else 0)
