# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
"""The least server of the openDAQ WebSocket streaming protocol that the SDK's client talks to, for
the scripts of this folder: one connection, commands in-band or by HTTP, MessagePack, loopback only."""

import base64
import hashlib
import http.server
import json
import os
import socket
import struct
import sys
import threading
import time

import msgpack

MS = 1_000_000
SECOND = {"displayName": "s", "unitId": 5457219, "quantity": "time"}
SECOND_READ = {"id": 5457219, "name": "second", "quantity": "time", "symbol": "s"}


def linear_time(signal_id):
    """A domain in nanoseconds with a row each millisecond."""
    return {
        "definition": {
            "name": signal_id,
            "dataType": "int64",
            "rule": "linear",
            "linear": {"delta": MS},
            "unit": SECOND,
            "resolution": {"num": 1, "denom": 10**9},
            "origin": "1970-01-01",
        },
        "interpretation": {
            "origin": "1970-01-01",
            "unit": SECOND_READ,
            "rule": {"type": 1, "parameters": {"delta": MS, "start": 0}},
        },
        "tableId": signal_id,
        "valueIndex": 0,
    }


def explicit_time(signal_id):
    document = linear_time(signal_id)
    document["definition"]["rule"] = "explicit"
    del document["definition"]["linear"]
    document["interpretation"]["rule"] = {"type": 3, "parameters": None}
    return document


def value(signal_id, time_id, data_type="real64", **definition):
    document = {"name": signal_id, "dataType": data_type, "rule": "explicit", **definition}
    number = 2 if document["rule"] == "constant" else 3
    interpretation = {"rule": {"type": number, "parameters": None}}
    return {
        "definition": document,
        "interpretation": interpretation,
        "tableId": time_id,
        "valueIndex": 0,
    }


class Server:
    """Streams: 'feed' is called over and over with this server and a row, while a client is there."""

    def __init__(self, signals, feed=lambda server, row: None):
        self.signals = signals
        self.numbers = {signal_id: i + 1 for i, signal_id in enumerate(signals)}
        self.feed = feed
        self.subscribed = set()
        self.users = {}  # of a domain: the values that brought it along
        self.lock = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.commands = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.commands.serve_forever, daemon=True).start()
        self.address = f"daq.lt://127.0.0.1:{self.listening.getsockname()[1]}/"
        threading.Thread(target=self.run, daemon=True).start()

    def handler(outer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.carry_out(json.loads(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        return Handler

    def run(self):
        self.client, _ = self.listening.accept()
        self.file = self.client.makefile("rb")
        key = ""
        for line in iter(self.file.readline, b"\r\n"):
            name, _, text = line.decode().partition(":")
            key = text.strip() if name.lower() == "sec-websocket-key" else key
        magic = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(magic.encode()).digest()).decode()
        self.client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        self.tell(0, "apiVersion", {"version": "1.2.0"})
        http_port = str(self.commands.server_port)
        by_http = {"httpMethod": "POST", "httpPath": "/", "httpVersion": "1.1", "port": http_port}
        interfaces = {"jsonrpc": {"httpMethod": ""}, "jsonrpc-http": by_http}
        self.tell(0, "init", {"streamId": "s", "commandInterfaces": interfaces})
        self.tell(0, "available", {"signalIds": list(self.signals)})
        threading.Thread(target=self.keep_feeding, daemon=True).start()
        while self.file.peek(1):
            self.read_frame()

    def keep_feeding(self):
        row = 0
        while True:
            self.feed(self, row)
            row += 10
            time.sleep(0.01)

    def read_frame(self):
        first, second = self.file.read(2)
        length = second & 127
        if length == 126:
            length = struct.unpack(">H", self.file.read(2))[0]
        mask = self.file.read(4) if second & 128 else bytes(4)
        payload = bytes(b ^ mask[i % 4] for i, b in enumerate(self.file.read(length)))
        if first & 15 == 2:
            header = struct.unpack("<I", payload[:4])[0]
            message = msgpack.unpackb(payload[8 if header >> 20 & 255 else 12 :])
            if message["method"] == "request":
                self.command(message["params"])

    def command(self, request):
        self.carry_out(request)
        result = [True] * len(request["params"])
        self.tell(0, "response", {"id": request["id"], "jsonrpc": "2.0", "result": result})

    def carry_out(self, request):
        for signal_id in request["params"]:
            if request["method"].endswith(".subscribe"):
                self.subscribe(signal_id)
            else:
                self.unsubscribe(signal_id)

    def subscribe(self, signal_id):
        domain = self.signals[signal_id]["tableId"]
        if domain != signal_id:
            if domain not in self.subscribed and not self.users.get(domain):
                self.acknowledge(domain)
            self.users.setdefault(domain, set()).add(signal_id)
        if signal_id not in self.subscribed and not self.users.get(signal_id):
            self.acknowledge(signal_id)
        self.subscribed.add(signal_id)

    def unsubscribe(self, signal_id):
        domain = self.signals[signal_id]["tableId"]
        self.subscribed.discard(signal_id)
        self.users.get(domain, set()).discard(signal_id)
        for each in {signal_id, domain}:
            if each not in self.subscribed and not self.users.get(each):
                self.tell(self.numbers[each], "unsubscribe", {"signalId": each})

    def acknowledge(self, signal_id):
        self.tell(self.numbers[signal_id], "subscribe", {"signalId": signal_id})
        self.tell(self.numbers[signal_id], "signal", self.signals[signal_id])

    def tell(self, number, method, params):
        text = msgpack.packb({"method": method, "params": params})
        self.packet(number | 2 << 28, struct.pack("<I", 2) + text)

    def data(self, signal_id, samples):
        self.packet(self.numbers[signal_id] | 1 << 28, samples)

    def packet(self, header, payload):
        length = len(payload)
        short = struct.pack("<I", header | length << 20)
        packet = (short if length < 256 else struct.pack("<II", header, length)) + payload
        frame = (
            bytes([0x82, len(packet)])
            if len(packet) < 126
            else (b"\x82\x7e" + struct.pack(">H", len(packet)))
        )
        with self.lock:
            try:
                self.client.sendall(frame + packet)
            except OSError:
                pass


def leave(as_described):
    """Ends at once: the SDK's own end is not clean after a reader."""
    print("as described" if as_described else "NOT as described any more")
    sys.stdout.flush()
    os._exit(0 if as_described else 1)
