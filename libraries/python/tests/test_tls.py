# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""TLS, with a certificate that is made for it."""

import asyncio
import logging
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import unittest.mock

from daqstream import Client, Result, StreamError, aio
from tests import frames
from tests.runtimes import PATIENCE, Peer, RuntimeCase


class TlsTest(RuntimeCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificate = os.path.join(folder.name, "certificate.pem")
        cls.key = os.path.join(folder.name, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-days", "2", "-subj", "/CN=test"]
            + ["-addext", "subjectAltName=DNS:localhost"]
            + ["-keyout", cls.key, "-out", cls.certificate],
            check=True,
            capture_output=True,
        )

    def setUp(self):
        super().setUp()
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        grace = unittest.mock.patch("daqstream._settings.CLOSE_GRACE", 0.1)
        grace.start()  # nobody answers closes here
        self.addCleanup(grace.stop)
        self.trust = ssl.create_default_context(cafile=self.certificate)

    def listen(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]

    def accept(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        connection, _ = self.listener.accept()
        connection.settimeout(PATIENCE)
        peer = Peer(context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=False))
        self.addCleanup(peer.close)
        return peer

    def test_messages_larger_than_records_both_ways(self):
        starting = self.start(Client, ("localhost", self.port), "camera", tls=self.trust)
        peer = self.accept()
        peer.greet()
        client = starting.result(PATIENCE)
        opening = self.start(client.open_output, "out")
        number = peer.opens("out")
        out = opening.result(PATIENCE)
        big = bytes(range(256)) * 2000
        self.assertEqual(Result.OK, client.write(out, big))
        self.assertEqual(("WRITE", number, big), peer.next())
        got = []
        opening = self.start(client.open_input, "in", lambda peer, data: got.append(data))
        number = peer.opens("in")
        opening.result(PATIENCE)
        self.start(peer.send, frames.data(number, 1, big), frames.data(number, 1, b"small"))
        for _ in range(2):
            self.assertEqual(Result.OK, client.process_event(PATIENCE))
        self.assertEqual([big, b"small"], got)
        client.shutdown(0)
        with self.assertRaises(frames.Cut):  # with the closure of TLS
            while True:
                peer.next()

    def test_both_at_once(self):
        starting = self.start(Client, ("localhost", self.port), "camera", tls=self.trust)
        peer = self.accept()
        peer.greet()
        client = starting.result(PATIENCE)
        opening = self.start(client.open_output, "out")
        out_number = peer.opens("out")
        out = opening.result(PATIENCE)
        got = []
        opening = self.start(client.open_input, "in", lambda peer, data: got.append(data))
        in_number = peer.opens("in")
        opening.result(PATIENCE)
        count, sent = 500, bytes(1000)

        def send():
            for _ in range(count):
                peer.send(frames.data(in_number, 1, sent))

        def write():
            return [client.write(out, sent) for _ in range(count)]

        # the window of events is a MiB, as long as nothing is taken
        writing = self.start(write)
        sending = threading.Thread(target=send)
        sending.start()
        for _ in range(count):
            self.assertEqual(Result.OK, client.process_event(PATIENCE))
        sending.join(PATIENCE)
        self.assertEqual({Result.OK}, set(writing.result(PATIENCE)))
        for _ in range(count):
            self.assertEqual(("WRITE", out_number, sent), peer.next())
        client.shutdown(0)

    def test_who_is_not_trusted_or_has_another_name(self):
        for host, context, what in (
            ("localhost", ssl.create_default_context(), "certificate verify failed"),
            ("127.0.0.1", self.trust, "IP address mismatch"),
        ):
            with self.subTest(what):
                address = (host, self.port)
                starting = self.start(Client, address, "camera", tls=context, connect_timeout=0.3)
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    self.accept()
                with self.assertRaises(StreamError) as caught:
                    starting.result(PATIENCE)
                self.assertIn(what, str(caught.exception))
                self.listener.close()
                self.listen()

    def test_contexts_that_verify_nothing(self):
        lax = ssl.create_default_context()
        lax.check_hostname = False
        for tls in (None, lax):
            for kind in (Client, aio.Client):
                with self.assertRaises(ValueError):
                    kind(("localhost", self.port), "camera", tls=tls)
        with self.assertRaises(ValueError):
            Client(self.path, "camera", tls=self.trust)

    def test_asyncio(self):
        async def module():
            address = ("localhost", self.port)
            async with aio.Client(address, "camera", tls=self.trust) as client:
                async with await client.open_output("out") as out:
                    await out.write(b"hello")
                    await client.stop_requested()

        running = self.start(lambda: asyncio.run(module()))
        peer = self.accept()
        peer.greet()
        number = peer.opens("out")
        self.assertEqual(("WRITE", number, b"hello"), peer.next())
        peer.send(frames.stop())
        self.assertEqual("CLOSE", peer.next()[0])
        peer.send(frames.closed(number))
        with self.assertRaises(frames.Cut):
            peer.next()
        peer.close()
        running.result(PATIENCE)

    def test_asyncio_verifies_names(self):
        async def module():
            address = ("127.0.0.1", self.port)
            async with aio.Client(address, "camera", tls=self.trust, connect_timeout=0.3):
                pass

        running = self.start(lambda: asyncio.run(module()))
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.accept()
        with self.assertRaises(StreamError) as caught:
            running.result(PATIENCE)
        self.assertIn("IP address mismatch", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
