#!/usr/bin/env python3
"""Definitions on the data port: a worker reads the request, the main thread answers it."""
import threading

from rig import api, connect, request, run

KIND = "Content-Type: application/json\r\n"


def a_body_is_one_threads_at_a_time(rig):
    """What both touch at once is lost: a sanitizer finds it at the end."""
    engine = rig.engine({"p": api("p", "<respond/>")}, ["fallback.open=true"], workers=2)
    statuses = []

    def ask():
        client = connect(engine.port)
        for i in range(200):
            client.send(request("PATCH", "/ductape/fallbacks/none", b'{"description":"%d"}' % i, KIND))
            statuses.append(client.reply()[0].status)
        client.close()
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [404] * 1600, set(statuses)
    assert engine.stop() == 0, engine.log()[-3000:]


run(a_body_is_one_threads_at_a_time)
