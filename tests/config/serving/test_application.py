"""The web server's application, called as granian calls it: whole bodies, free threads, whole responses."""

from __future__ import annotations

import asyncio
import errno
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.serving import responses
from config.serving.application import Application
from config.serving.refusals import refuse
from config.serving.requests import Limits

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "raw_path": b"/a%2Fb/%E7%97%9B",
    "query_string": b"q=1",
    "server": ("127.0.0.1", "8000"),
    "client": ("192.0.2.7", "4711"),
    "headers": [],
}


class Client:
    """One connection: `chunks` arrive in turn, a number is seconds of silence, None the end of the line."""

    def __init__(self, *chunks, **scope):
        self.chunks = list(chunks) or [b""]
        self.scope = SCOPE | scope
        self.sent = []

    async def receive(self):
        chunk = self.chunks.pop(0)
        while isinstance(chunk, (int, float)):
            await asyncio.sleep(chunk)
            chunk = self.chunks.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks)}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def serve(wsgi, *clients, threads=2, upload_threads=1, limits=None):
    """Let every client in at once; returns the first."""

    async def run():
        app = Application(
            wsgi, refuse=refuse, threads=threads, upload_threads=upload_threads, limits=limits or Limits()
        )
        await asyncio.gather(*(app(client.scope, client.receive, client.send) for client in clients))
        app.threads.shutdown()
        app.upload_threads.shutdown()

    # In a thread of its own: a browser test before this one has left a loop running in ours (Playwright).
    with ThreadPoolExecutor(1) as own:
        own.submit(lambda: asyncio.run(run())).result()
    return clients[0]


def echo(environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def headers(**named):
    return [(name.replace("_", "-").encode(), value) for name, value in named.items()]


# --- bodies ------------------------------------------------------------------------------------------
def test_the_application_is_called_with_the_whole_body():
    client = Client(b"12", 0.01, b"345", headers=headers(content_length=b"5"))
    assert serve(echo, client).body == b"12345"


def test_a_body_in_chunks_gets_its_length():
    client = Client(b"12", b"345", headers=headers(transfer_encoding=b"chunked"))
    assert serve(echo, client).body == b"12345"


def test_no_thread_waits_for_slow_bodies():
    slow = [Client(b"x", 0.3, b"y", headers=headers(content_length=b"2")) for _ in range(50)]
    quick = Client(method="GET")
    done = []

    def timed(environ, start_response):
        done.append(environ["REQUEST_METHOD"])
        return echo(environ, start_response)

    serve(timed, *slow, quick, threads=1)
    assert done[0] == "GET"
    assert [client.body for client in slow] == [b"xy"] * 50


def test_no_thread_of_readers_decodes_files():
    multipart = headers(content_length=b"1", content_type=b"Multipart/Form-Data; boundary=x")
    uploads = [Client(b"x", headers=multipart) for _ in range(3)]
    quick = Client(0.05, b"", method="GET")
    read = threading.Event()
    threads = set()

    def decoding(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            threads.add(threading.current_thread().name)
            assert read.wait(5)
        else:
            read.set()
        return echo(environ, start_response)

    serve(decoding, *uploads, quick, threads=1, upload_threads=1)
    assert [client.status for client in (*uploads, quick)] == [200] * 4
    assert threads == {"upload_0"}


@pytest.mark.parametrize(
    ("chunks", "announced", "status", "code"),
    [
        ([b"xx", 5, b"x"], b"100", 408, b"too_slow"),
        # Each byte in time, and the whole never: the patience is for the body and not for a byte.
        ([b"x", *[0.02, b"x"] * 50], b"100", 408, b"too_slow"),
        ([b"xx", None], b"100", 400, b"malformed"),
        ([b"x"], b"101", 413, b"too_large"),
        ([b"x" * 60, b"x" * 60], None, 413, b"too_large"),
    ],
)
def test_what_does_not_arrive_whole_is_refused_before_the_application(chunks, announced, status, code):
    sent = headers(content_length=announced) if announced else headers(transfer_encoding=b"chunked")
    client = serve(
        None,
        Client(*chunks, headers=sent, raw_path=b"/api/v1/x"),
        limits=Limits(largest=100, patience=0.2, rate=1000),
    )
    assert client.status == status
    assert code in client.body
    assert client.headers[b"content-type"] == b"application/problem+json"
    assert client.headers[b"connection"] == b"close"


def test_readers_get_a_page_in_their_language():
    sent = [*headers(content_length=b"101"), (b"accept", b"text/html"), (b"accept-language", b"zh-CN")]
    client = serve(None, Client(b"x", headers=sent), limits=Limits(largest=100))
    assert (client.status, client.headers[b"content-type"]) == (413, b"text/html; charset=utf-8")
    assert "没有保存任何内容" in client.body.decode()


def test_a_body_that_finds_no_room_is_refused(monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("config.serving.requests.SpooledTemporaryFile.write", full)
    client = serve(None, Client(b"xy", headers=headers(content_length=b"2"), raw_path=b"/api/v1/x"))
    assert client.status == 507
    assert b"/api/v1/problems/storage_full" in client.body


def test_a_slow_line_has_time_for_a_large_body():
    chunks = [part for _ in range(10) for part in (b"x" * 100, 0.05)]
    client = Client(*chunks, b"", headers=headers(content_length=b"1000"))
    assert serve(echo, client, limits=Limits(patience=0.2, rate=1000)).status == 200


def test_only_so_many_bodies_arrive_at_once():
    waiting = [Client(b"x", 0.2, b"y", headers=headers(content_length=b"2")) for _ in range(3)]
    late = Client(b"xy", headers=headers(content_length=b"2"))
    reading = Client(method="GET")
    serve(echo, *waiting, late, reading, limits=Limits(bodies=3))
    assert (late.status, late.headers[b"retry-after"]) == (503, b"5")
    assert [client.status for client in (*waiting, reading)] == [200] * 4


# --- the environ -------------------------------------------------------------------------------------
def environ_for(client):
    seen = {}

    def look(environ, start_response):
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    serve(look, client)
    return seen


def test_the_path_is_bytes_as_wsgi_wants_them():
    assert environ_for(Client())["PATH_INFO"].encode("latin-1").decode() == "/a/b/痛"


def test_names_with_an_underscore_do_not_pass_for_a_proxys():
    sent = [(b"x_forwarded_for", b"203.0.113.9"), (b"x-forwarded-for", b"198.51.100.1")]
    assert environ_for(Client(headers=sent))["HTTP_X_FORWARDED_FOR"] == "198.51.100.1"
    assert "HTTP_X_FORWARDED_FOR" not in environ_for(Client(headers=sent[:1]))


def test_headers_that_come_twice_are_one_list():
    sent = [(b"accept", b"a"), (b"accept", b"b"), (b"cookie", b"c=1"), (b"cookie", b"d=2")]
    environ = environ_for(Client(headers=sent))
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a,b", "c=1; d=2")


def test_the_connections_address_counts():
    assert environ_for(Client())["REMOTE_ADDR"] == "192.0.2.7"


# --- responses ---------------------------------------------------------------------------------------
def returning(result, status="200 OK", sent=()):
    def application(environ, start_response):
        start_response(status, list(sent))
        return result(environ) if callable(result) else result

    return application


def test_two_requests_run_at_the_same_time():
    both = threading.Barrier(2, timeout=5)

    def application(environ, start_response):
        both.wait()
        return echo(environ, start_response)

    first, second = Client(method="GET"), Client(method="GET")
    serve(application, first, second, threads=2)
    assert (first.status, second.status) == (200, 200)


class Reply(io.BytesIO):
    """A response that notes in which thread it was closed."""

    closed_in = None

    def close(self):
        self.closed_in = threading.current_thread().name
        super().close()


def test_the_response_is_closed_by_the_thread_that_made_it():
    reply = Reply(b"text")
    assert serve(returning(reply), Client()).body == b"text"
    assert reply.closed_in.startswith("request")


def test_a_file_is_sent_from_the_disk_after_its_thread_went_on(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 2000)
    file = path.open("rb")
    file.seek(100)
    client = serve(returning(lambda environ: environ["wsgi.file_wrapper"](file)), Client(method="GET"))
    assert client.body == path.read_bytes()[100:]
    assert file.closed
    assert len(client.sent) > 3  # in pieces


def test_a_large_response_in_pieces_waits_on_the_disk(monkeypatch):
    monkeypatch.setattr(responses, "MEMORY_BYTES", 1000)
    pieces = [bytes([number]) * 400 for number in range(20)]
    assert serve(returning(iter(pieces)), Client()).body == b"".join(pieces)
    assert serve(returning(iter(pieces[:3])), Client()).body == b"".join(pieces[:3])


def test_head_sends_the_length_and_no_body():
    client = serve(returning([b"text"], sent=[("Content-Length", "4")]), Client(method="HEAD"))
    assert (client.headers[b"content-length"], client.body) == (b"4", b"")


def test_a_reader_who_takes_nothing_holds_no_thread(monkeypatch, tmp_path):
    monkeypatch.setattr(responses, "SEND_SECONDS", 0.2)
    path = tmp_path / "file"
    path.write_bytes(b"x" * 500_000)
    reader = Client(method="GET")

    async def takes_nothing(message):
        await asyncio.sleep(60 if message.get("body") else 0)

    reader.send = takes_nothing
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        serve(returning(lambda environ: environ["wsgi.file_wrapper"](path.open("rb"))), reader, threads=1)
    assert time.monotonic() - started < 5


def test_an_error_is_a_500_without_its_reason(caplog):
    def application(environ, start_response):
        raise ValueError("hunter2")

    client = serve(application, Client())
    assert (client.status, b"hunter2" in client.body) == (500, False)
    assert "request_failed" in caplog.text
