#!/usr/bin/env python3
"""APIs deployed by the adapter's REST, as apictl does; tokens and deployments over a restart."""
import base64
import http.client
import io
import json
import ssl
import zipfile

from rig import free_port, run

BASE = "/api/mgw/adapter/0.1"
ADMIN = "Basic " + base64.b64encode(b"admin:admin").decode()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def project(url, name="Pizza", context="/pizza", top="", more=""):
    return zipped({
        f"{top}api.yaml": f"type: api\ndata: {{name: {name}, context: {context}, version: 1.0.0}}\n",
        f"{top}Definitions/swagger.yaml":
            f"openapi: 3.0.1\ninfo: {{title: {name}, version: 1.0.0}}\n"
            f"x-wso2-production-endpoints: {{urls: ['{url}/v2'], type: failover}}\n{more}"
            "paths: {/menu: {get: {responses: {}}}}\n"})


class Gateway:
    """An engine with ports of its own for the gateway, and its two clients."""

    def __init__(self, rig):
        self.rig, self.http_port, self.https_port = rig, free_port(), free_port()
        self.start()

    def start(self):
        self.engine = self.rig.engine({}, [f"openapi.http_port={self.http_port}",
                                           f"openapi.https_port={self.https_port}"], workers=2)
        self.admin_port = self.engine.ports[2]

    def admin(self, method, path, body=None, authorization=ADMIN, **fields):
        c = http.client.HTTPSConnection("127.0.0.1", self.admin_port, timeout=20,
                                        context=ssl._create_unverified_context())
        c.request(method, BASE + path, body, {"Authorization": authorization, **fields})
        answer = c.getresponse()
        return answer.status, answer.read().decode()

    def deploy(self, archive, query="", part="file", authorization=ADMIN):
        form = (f'--B\r\nContent-Disposition: form-data; name="{part}"; filename="p.zip"\r\n'
                "Content-Type: application/zip\r\n\r\n").encode() + archive + b"\r\n--B--\r\n"
        return self.admin("POST", "/apis" + query, form, authorization,
                          **{"Content-Type": "multipart/form-data; boundary=B"})

    def ask(self, path, token=None, method="GET", authorization=None):
        c = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=20)
        bearer = {"Authorization": authorization or f"Bearer {token}"}
        c.request(method, path, headers={"Host": "localhost", **bearer})
        answer = c.getresponse()
        return answer.status, answer.read().decode()

    def token(self):
        status, token = self.ask("/testkey", method="POST", authorization=ADMIN)
        assert status == 200, (status, token)
        return token


def an_api_is_deployed_replaced_listed_and_taken_away(rig):
    one, two, gateway = rig.backend(), rig.backend(), Gateway(rig)
    status, body = gateway.admin("POST", "/oauth2/token", json.dumps({"username": "admin", "password": "admin"}), "")
    assert status == 200, body
    bearer = "Bearer " + json.loads(body)["accessToken"]
    assert gateway.admin("POST", "/oauth2/token", '{"username":"admin","password":"x"}', "")[0] == 401
    assert gateway.deploy(project(one.url), authorization="")[0] == 401
    assert gateway.deploy(project(one.url), authorization=bearer)[0] == 200
    token = gateway.token()
    assert gateway.ask("/pizza/1.0.0/menu", token) == (200, "hello")
    assert one.heads[-1].first.startswith("GET /v2/menu ")
    assert gateway.deploy(project(two.url))[0] == 409
    assert gateway.deploy(project(two.url, top="Pizza-1.0.0/"), "?override=true")[0] == 200
    assert gateway.ask("/pizza/1.0.0/menu", token) == (200, "hello") and len(two.heads) == 1
    assert gateway.deploy(project(one.url, "Other", "/other"))[0] == 200
    for query, names in (("", ["Pizza", "Other"]), ("?query=name:Piz", ["Pizza"]), ("?query=version:2", []),
                         ("?query=type:http%20context:/other", ["Other"]), ("?limit=1", ["Pizza"])):
        found = json.loads(gateway.admin("GET", "/apis" + query)[1])
        assert [a["apiName"] for a in found["list"]] == names, (query, found)
    assert gateway.admin("DELETE", "/apis?apiName=Nobody&version=1")[0] == 404
    assert gateway.admin("DELETE", "/apis?apiName=Pizza&version=1.0.0&vhost=localhost")[0] == 200
    assert gateway.ask("/pizza/1.0.0/menu", token)[0] == 404


def what_cannot_be_deployed_disturbs_nothing(rig):
    backend, gateway = rig.backend(), Gateway(rig)
    assert gateway.deploy(project(backend.url))[0] == 200
    token = gateway.token()
    dangling = 'x-wso2-sandbox-endpoints: "#/x-wso2-endpoints/none"\n'
    for archive, complaint in ((b"text", "no zip archive"),
                               (project(backend.url)[:-30], "its end is missing"),
                               (zipped({"../x.yaml": "", "api.yaml": ""}), "leads out of it"),
                               (zipped({"api.yaml": b"a" * (300 << 20)}), "larger than 256 MiB"),
                               (zipped({"readme.txt": "x"}), "no artifacts"),
                               (project(backend.url, "D", "/d", more=dangling), "swagger.yaml:4: "),
                               (project(backend.url, "D", "/d", more="\tx: y\n"), "swagger.yaml:4: a tab")):
        status, body = gateway.deploy(archive, "?override=true")
        assert status == 400 and complaint in body, (complaint, status, body)
        assert gateway.ask("/pizza/1.0.0/menu", token)[0] == 200
    assert gateway.deploy(project(backend.url), part="other")[0] == 400


def deployments_and_tokens_outlive_a_restart(rig):
    backend, gateway = rig.backend(), Gateway(rig)
    assert gateway.deploy(project(backend.url, "../../Odd"))[0] == 200
    token = gateway.token()
    assert gateway.engine.stop() == 0
    gateway.start()
    assert gateway.ask("/pizza/1.0.0/menu", token) == (200, "hello")


run(an_api_is_deployed_replaced_listed_and_taken_away,
    what_cannot_be_deployed_disturbs_nothing, deployments_and_tokens_outlive_a_restart)
