#!/usr/bin/env python3
"""Ports: each is listened on for one thing, and whoever wants it for another is told."""
import socket
import ssl
import subprocess

from rig import MYELIN, free_port, request, run

SELF = '<mule xmlns="http://www.mulesoft.org/schema/mule/core" xmlns:http="http://www.mulesoft.org/schema/mule/http">'


def app(name, port, protocol="HTTP"):
    return (f'{SELF}<http:listener-config name="{name}">'
            f'<http:listener-connection host="127.0.0.1" port="{port}" protocol="{protocol}"/></http:listener-config>'
            f'<flow name="{name}"><http:listener config-ref="{name}" path="/{name}"/>'
            f'<set-payload value="{name}"/></flow></mule>')


def ask(rig, port, path, secure=False):
    """Many connections: were there two sockets, some of them would be the other's."""
    answers = set()
    for _ in range(20):
        s = socket.create_connection(("127.0.0.1", port), 10)
        if secure:
            s = ssl._create_unverified_context().wrap_socket(s)
        s.sendall(request("GET", path, more="Connection: close\r\n"))
        text = b"".join(iter(lambda: s.recv(4096), b""))
        answers.add(text.split(b"\r\n\r\n", 1)[1].decode())
        s.close()
    return answers


def listening(port):
    with open("/proc/net/tcp") as file:
        return sum(f":{port:04X} 00000000:0000 0A" in line for line in file)


def the_command_line_asks_for_each_port_once(rig):
    port = free_port()
    for pair in (("--port", "--tls-port"), ("--tls-port", "--admin-port"), ("--port", "--probe-port")):
        arguments = [f"{option}={port if option in pair else free_port()}"
                     for option in ("--port", "--tls-port", "--admin-port", "--probe-port")]
        done = subprocess.run([MYELIN, "serve", str(rig.dir), "--bind", "127.0.0.1", *arguments],
                              capture_output=True, text=True, timeout=20)
        wanted = f"port {port} is asked for by {pair[0]} and by {pair[1]}"
        assert done.returncode != 0 and wanted in done.stderr, done


def an_app_may_listen_on_our_own_port(rig):
    ports = [free_port() for _ in range(4)]
    engine = rig.engine({"one": app("one", ports[0])}, ports=ports, workers=2)
    assert ask(rig, ports[0], "/one") == {"one"}
    assert listening(ports[0]) == 2, listening(ports[0])  # one of each worker
    engine.put("two.xml", app("two", free_port()))
    assert engine.logged("two.xml")
    assert ask(rig, ports[0], "/one") == {"one"}
    (engine.deploy / "one.xml").unlink()
    assert engine.logged("has been undeployed")
    assert ask(rig, ports[0], "/one") != {"one"} and listening(ports[0]) == 2


def a_port_is_of_http_or_of_https(rig):
    port = free_port()
    engine = rig.engine({"one": app("one", port), "two": app("two", port, "HTTPS")}, workers=2)
    assert engine.logged(rf"two\.xml:1: port {port} cannot be opened: it is one of HTTP\n"), engine.log()
    assert ask(rig, port, "/one") == {"one"}


def an_app_that_goes_over_to_https_has_its_port(rig):
    port = free_port()
    engine = rig.engine({"one": app("one", port)}, workers=2)
    assert ask(rig, port, "/one") == {"one"}
    engine.put("one.xml", app("one", port, "HTTPS"))
    assert engine.logged(rf"HTTPS Listener started on 127\.0\.0\.1:{port}\n")
    assert ask(rig, port, "/one", secure=True) == {"one"}


def the_ports_of_the_house_are_its_own(rig):
    ports = [free_port() for _ in range(4)]
    engine = rig.engine({"one": app("one", ports[2]), "two": app("two", ports[3])}, ports=ports, workers=2)
    assert engine.logged(rf"one\.xml:1: port {ports[2]} cannot be opened: .*--admin-port"), engine.log()
    assert engine.logged(rf"two\.xml:1: port {ports[3]} cannot be opened: .*--probe-port"), engine.log()
    assert "one" not in ask(rig, ports[3], "/two")


run(the_command_line_asks_for_each_port_once, an_app_may_listen_on_our_own_port, a_port_is_of_http_or_of_https,
    an_app_that_goes_over_to_https_has_its_port, the_ports_of_the_house_are_its_own)
