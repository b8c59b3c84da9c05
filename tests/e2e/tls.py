#!/usr/bin/env python3
"""TLS towards clients and backends: versions, names, authorities, both sides, renewal."""
import signal
import socket
import ssl
import subprocess
import threading
import warnings

from rig import Peer, answers, api, call, request, run, until

RESPOND = "<respond/>"
warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is tried on purpose
HOUR_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    def __init__(self, directory, name):
        self.dir, self.name = directory, name
        self.certificate, self.key = directory / f"{name}.pem", directory / f"{name}.key"
        openssl("req", "-x509", *HOUR_KEY, "-keyout", self.key, "-out", self.certificate,
                "-subj", f"/CN={name}")

    def sign(self, name, alternative):
        base = self.dir / f"{self.name}-{name}"
        pem, key, wish, more = (base.with_suffix(s) for s in (".pem", ".key", ".csr", ".ext"))
        more.write_text(f"subjectAltName={alternative}\n")
        openssl("req", *HOUR_KEY, "-keyout", key, "-out", wish, "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", wish, "-CA", self.certificate, "-CAkey", self.key,
                "-CAcreateserial", "-days", 2, "-extfile", more, "-out", pem)
        return pem, key


def secure(engine, trusted, version=None, own=None):
    """A client's connection to the engine; its Peer."""
    context = ssl.create_default_context(cafile=str(trusted))
    if own:
        context.load_cert_chain(*map(str, own))
    if version:
        context.minimum_version = context.maximum_version = version
    s = socket.create_connection(("127.0.0.1", engine.tls_port), 10)
    return Peer(context.wrap_socket(s, server_hostname="localhost"))


def wrapper(pem, key, seen=None, clients=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    if seen is not None:
        context.sni_callback = lambda s, name, c: seen.append(name)
    return lambda s: context.wrap_socket(s, server_side=True)


def hello(peer, path="/p/x"):
    peer.send(request("GET", path))
    return peer.reply()


def clients_speak_1_2_and_1_3_and_nothing_older(rig):
    ca = Authority(rig.dir, "ours")
    pem, key = ca.sign("server", "DNS:localhost")
    engine = rig.engine({"p": api("p", call(rig.backend().url) + RESPOND)},
                        [f"tls.certificate={pem}", f"tls.key={key}"])
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        peer = secure(engine, ca.certificate, version)
        assert peer.socket.version() == name
        for _ in range(3):
            assert hello(peer)[1] == b"hello"
        peer.close()
    try:
        secure(engine, ca.certificate, ssl.TLSVersion.TLSv1_1)
    except (ssl.SSLError, OSError):
        return
    raise AssertionError("TLS 1.1 was spoken")


def http_1_1_is_agreed_on_and_nothing_else(rig):
    """Both sides may name their protocols (ALPN)."""
    ca, offered = Authority(rig.dir, "ours"), []
    pem, key = ca.sign("server", "DNS:localhost,IP:127.0.0.1")
    backends = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    backends.load_cert_chain(pem, key)
    backends.set_alpn_protocols(["h2", "http/1.1"])

    def wrap(s):
        s = backends.wrap_socket(s, server_side=True)
        offered.append(s.selected_alpn_protocol())
        return s
    url = rig.backend(wrap=wrap).url.replace("http:", "https:")
    engine = rig.engine({"p": api("p", call(url) + RESPOND)},
                        [f"tls.certificate={pem}", f"tls.key={key}", f"tls.trust={ca.certificate}"])
    for names, chosen in ((["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), ([], None), (["h2"], "none")):
        context = ssl.create_default_context(cafile=str(ca.certificate))
        if names:
            context.set_alpn_protocols(names)
        s = socket.create_connection(("127.0.0.1", engine.tls_port), 10)
        try:
            peer = Peer(context.wrap_socket(s, server_hostname="localhost"))
        except (ssl.SSLError, OSError):
            assert chosen == "none", names
            continue
        assert peer.socket.selected_alpn_protocol() == chosen and hello(peer)[1] == b"hello", names
        peer.close()
    assert offered == ["http/1.1"], offered


def a_megabyte_goes_both_ways(rig):
    ca = Authority(rig.dir, "ours")
    pem, key = ca.sign("server", "DNS:localhost,IP:127.0.0.1")
    body = bytes(range(256)) * 4096
    backend = rig.backend(answers(body), wrap=wrapper(pem, key))
    url = backend.url.replace("http:", "https:")
    engine = rig.engine({"p": api("p", call(url) + RESPOND)},
                        [f"tls.certificate={pem}", f"tls.key={key}", f"tls.trust={ca.certificate}"])
    peer = secure(engine, ca.certificate)
    for _ in range(3):
        peer.send(request("POST", "/p/x", body))
        head, got = peer.reply()
        assert head.status == 200 and got == body and backend.bodies.pop() == body
    assert backend.connections == 1


def a_backend_must_be_who_it_says(rig):
    """Name, authority and date are checked unless that is switched off."""
    ca, other = Authority(rig.dir, "ours"), Authority(rig.dir, "theirs")
    seen = []
    certificates = {"good": ca.sign("good", "DNS:localhost"),
                    "name": ca.sign("name", "DNS:example.org"),
                    "stranger": other.sign("stranger", "DNS:localhost")}
    files = {}
    for name, (pem, key) in certificates.items():
        backend = rig.backend(wrap=wrapper(pem, key, seen))
        files[name] = api(name, call(f"https://localhost:{backend.port}") + RESPOND)
    engine = rig.engine(files, [f"tls.trust={ca.certificate}"])
    assert rig.ask(engine, "GET", "/good/x")[1] == b"hello" and seen == ["localhost"]
    assert rig.ask(engine, "GET", "/name/x")[0].status >= 500
    assert rig.ask(engine, "GET", "/stranger/x")[0].status >= 500
    engine.stop()
    engine = rig.engine(files)  # the system's authorities know none of these
    for name in files:
        assert rig.ask(engine, "GET", f"/{name}/x")[0].status >= 500, name
    engine.stop()
    engine = rig.engine(files, ["tls.verify_servers=false"])
    for name in files:
        assert rig.ask(engine, "GET", f"/{name}/x")[0].status == 200, name


def an_endpoint_has_trust_of_its_own(rig):
    """Whom one endpoint believes, and what it shows, is nothing to the others."""
    ca, other = Authority(rig.dir, "ours"), Authority(rig.dir, "theirs")
    client = other.sign("client", "DNS:client")
    theirs = rig.backend(wrap=wrapper(*other.sign("server", "DNS:localhost"), clients=other.certificate))
    plain = rig.backend(wrap=wrapper(*other.sign("plain", "DNS:localhost")))

    def ask(name, backend, tls=""):
        return api(name, call(f"https://localhost:{backend.port}",
                              f'<m:tls xmlns:m="urn:myelin" {tls}/>' if tls else "") + RESPOND)
    files = {"default": ask("default", plain),
             "insecure": ask("insecure", plain, 'insecure="true"'),
             "trusted": ask("trusted", plain, f'trust="{other.certificate}"'),
             "silent": ask("silent", theirs, f'trust="{other.certificate}"'),
             "shown": ask("shown", theirs, f'trust="{other.certificate}" certificate="{client[0]}" '
                                           f'key="{client[1]}"'),
             "broken": ask("broken", theirs, 'trust="/nowhere/ca.pem"')}
    engine = rig.engine(files, [f"tls.trust={ca.certificate}"])
    for _ in range(2):
        for name, fine in (("default", False), ("insecure", True), ("trusted", True),
                           ("silent", False), ("shown", True)):
            status = rig.ask(engine, "GET", f"/{name}/x")[0].status
            assert (status == 200) == fine, (name, status)
    assert engine.logged("ERROR.*broken.xml:1: <m:tls>: authorities /nowhere/ca.pem")


def both_sides_show_who_they_are(rig):
    ca, other = Authority(rig.dir, "ours"), Authority(rig.dir, "theirs")
    server, ours = ca.sign("server", "DNS:localhost"), ca.sign("client", "DNS:client")
    stranger = other.sign("client", "DNS:client")
    backend = rig.backend(wrap=wrapper(*server, clients=ca.certificate))
    files = {"p": api("p", call(f"https://localhost:{backend.port}") + RESPOND)}
    settings = [f"tls.certificate={server[0]}", f"tls.key={server[1]}", f"tls.trust={ca.certificate}",
                f"tls.authorities={ca.certificate}", "tls.verify_clients=true"]
    engine = rig.engine(files, settings)
    assert hello(secure(engine, ca.certificate, own=ours))[0].status >= 500, "we showed nothing"
    engine.stop()
    engine = rig.engine(files, settings + [f"tls.client_certificate={ours[0]}",
                                           f"tls.client_key={ours[1]}"])
    assert hello(secure(engine, ca.certificate, own=ours))[1] == b"hello"
    for own in (None, stranger):
        try:
            status = hello(secure(engine, ca.certificate, own=own))[0].status
        except (ssl.SSLError, OSError, EOFError):
            continue
        raise AssertionError(f"{own} was let in and answered {status}")


def certificates_are_renewed_in_place(rig):
    ca = Authority(rig.dir, "ours")
    old, new = ca.sign("old", "DNS:localhost"), ca.sign("new", "DNS:localhost")
    pem, key = rig.dir / "live.pem", rig.dir / "live.key"

    def install(files):
        pem.write_bytes(files[0].read_bytes())
        key.write_bytes(files[1].read_bytes())

    def name(peer):
        return dict(x[0] for x in peer.socket.getpeercert()["subject"])["commonName"]
    install(old)
    engine = rig.engine({"p": api("p", call(rig.backend().url) + RESPOND)},
                        [f"tls.certificate={pem}", f"tls.key={key}"])
    before = secure(engine, ca.certificate)
    assert name(before) == "old" and hello(before)[0].status == 200
    install(new)
    engine.signal(signal.SIGHUP)
    assert until(lambda: name(secure(engine, ca.certificate)) == "new")
    assert hello(before)[0].status == 200, "who was connected stays connected"
    pem.write_text("no certificate")
    engine.signal(signal.SIGHUP)
    assert engine.logged("ERROR.*live.pem")
    assert name(secure(engine, ca.certificate)) == "new", "what was good stays"


def odd_beginnings_disturb_nobody(rig):
    engine = rig.engine({"p": api("p", call(rig.backend().url) + RESPOND)})
    for text in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"\x16\x03\x01\xff\xff" + b"x" * 70000, b""):
        s = Peer(socket.create_connection(("127.0.0.1", engine.tls_port), 10))
        try:
            s.send(text)
            s.socket.shutdown(socket.SHUT_WR)
            s.rest()  # an alert perhaps, and then the end
        except ConnectionResetError:
            pass
    trusted = rig.dir / "state" / "certificate.pem"
    assert hello(secure(engine, trusted))[1] == b"hello"


def a_large_body_that_is_collected_is_whole(rig):
    """More may be decrypted at once than was read at once: a part of a record was there before."""
    engine = rig.engine({"p": api("p", '<filter source="json-eval($.kind)" regex="a"><then><respond/></then></filter>'
                                  "<drop/>")})
    text = b'{"kind":"a","filler":"%s"}' % b"".join(b"%07d " % i for i in range(1000000))
    peer = secure(engine, rig.dir / "state" / "certificate.pem")

    def send():
        peer.send(request("POST", "/p/x", text, "Content-Type: application/json\r\n")[:-len(text)])
        for at in range(0, len(text), 50001):  # records of odd sizes
            peer.send(text[at:at + 50001])
    sender = threading.Thread(target=send)
    sender.start()
    while sender.is_alive():  # what the kernel holds by then is read in one go
        engine.signal(signal.SIGSTOP)
        sender.join(0.03)
        engine.signal(signal.SIGCONT)
        sender.join(0.01)
    head, got = peer.reply()
    assert head.status == 200 and got == text, (head.lines, got[:300], len(got))
    peer.close()


run(clients_speak_1_2_and_1_3_and_nothing_older, http_1_1_is_agreed_on_and_nothing_else, a_megabyte_goes_both_ways,
    a_backend_must_be_who_it_says, an_endpoint_has_trust_of_its_own,
    both_sides_show_who_they_are, certificates_are_renewed_in_place,
    odd_beginnings_disturb_nobody, a_large_body_that_is_collected_is_whole)
