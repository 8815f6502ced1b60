"""Stand-ins on the loopback for what the product calls: a mail server and a receiver that sleep or answer."""

from __future__ import annotations

import socketserver
import threading
import time
from typing import Any

SLEEP = 30  # seconds


class StandIn(socketserver.ThreadingTCPServer):
    """`asleep`: takes connections and says nothing. `got`: what arrived while awake."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asleep = False
        self.got: list[bytes] = []
        self.connections = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here."""


class Handler(socketserver.StreamRequestHandler):
    """Sleeps before the first word while its server is asleep."""

    server: StandIn

    def handle(self) -> None:
        self.server.connections += 1
        until = time.monotonic() + SLEEP
        while self.server.asleep and time.monotonic() < until:
            time.sleep(0.05)
        self.talk()

    def talk(self) -> None:
        raise NotImplementedError


class MailServer(Handler):
    """Enough of SMTP to take a mail."""

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def talk(self) -> None:
        self.say("220 stand-in")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                body = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(part)
                self.server.got.append(b"".join(body))
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")


class Receiver(Handler):
    """Takes one webhook."""

    def talk(self) -> None:
        length = 0
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        self.server.got.append(self.rfile.read(length))
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
