# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""The examples as they stand, in processes of their own."""

import csv
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import daqstream
from tests import frames
from tests.runtimes import PATIENCE, RuntimeCase

HERE = Path(__file__).parents[1]


class ExamplesTest(RuntimeCase):
    def run_script(self, script, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-W", "error", script, *arguments],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def test_the_example(self):
        process = self.run_script("example.py", self.path, "worker")
        peer = self.accept()
        self.assertEqual("worker", peer.greet()[7])
        output = peer.opens("frames")
        orders = peer.opens("orders")
        self.assertEqual("ready\n", process.stdout.readline())
        peer.send(frames.data(orders, 1, b"one"), frames.data(orders, 2, b"two"))
        for answer in (b"done: one", b"done: two"):
            self.assertEqual(("WRITE", output, answer), peer.next())
            peer.send(frames.taken(output, 1, len(answer)))
        peer.send(frames.stop())
        for number in (output, orders):
            self.assertEqual(("CLOSE", number, 0xFFFFFFFF), peer.next())
            peer.send(frames.closed(number))
        self.assertEqual(("", ""), process.communicate(timeout=PATIENCE))
        self.assertEqual(0, process.returncode)

    def test_the_readme_shows_the_example(self):
        example = (HERE / "example.py").read_text("utf-8")
        code = example[example.index("import sys") :]
        self.assertIn(f"```python\n{code}```", (HERE / "README.md").read_text("utf-8"))
        lines = [line for line in code.splitlines() if line]
        self.assertLessEqual(len(lines), 20)

    def test_the_readme_shows_the_same_for_asyncio(self):
        readme = (HERE / "README.md").read_text("utf-8")
        code = readme[readme.index("async with daqstream.aio") :].split("```")[0]
        lines = "".join("    " + line for line in code.splitlines(True))
        script = (
            "import asyncio, sys, daqstream.aio\n"
            f"async def main(address):\n{lines}"
            "asyncio.run(main(sys.argv[1]))\n"
        )
        process = self.run_script("-c", script, self.path)
        peer = self.accept()
        self.assertEqual("worker", peer.greet()[7])
        orders = peer.opens("orders")
        output = peer.opens("frames")
        peer.send(frames.data(orders, 1, b"one"), frames.stop())
        self.assertEqual(("WRITE", output, b"done: one"), peer.next())
        for number in (output, orders):
            self.assertEqual(("CLOSE", number, 0xFFFFFFFF), peer.next())
            peer.send(frames.closed(number))
        self.assertEqual(("", ""), process.communicate(timeout=PATIENCE))
        self.assertEqual(0, process.returncode)

    def test_the_versions_are_one(self):
        project = (HERE / "pyproject.toml").read_text("utf-8")
        self.assertEqual([daqstream.__version__], re.findall(r'(?m)^version = "(.*)"', project))

    def collect(self, *arguments):
        """A collector, the runtime's side, and its stream."""
        process = self.run_script("collector.py", self.path, "collector", "frames", *arguments)
        peer = self.accept()
        self.assertEqual("collector", peer.greet((0, 1, "frames", "nng"))[7])
        return process, peer, peer.opens("frames")

    def test_the_collector_writes_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "frames.csv"
            process, peer, number = self.collect("--to", str(file), "--count", "3")
            peer.send(frames.peer_up(number, 7, "there"), frames.data(number, 7, b"hello"))
            peer.send(frames.data(number, 7, b""), frames.peer_down(number, 7, "it left"))
            peer.send(frames.ended(number, "its transport left"))
            peer.next("CLOSE")
            peer.send(frames.closed(number))
            number = peer.opens("frames")
            peer.send(frames.data(number, 8, b"\xff"))
            peer.next("CLOSE")
            peer.send(frames.closed(number))
            self.assertEqual(("", ""), process.communicate(timeout=PATIENCE))
            self.assertEqual(0, process.returncode)
            with open(file, newline="", encoding="utf-8") as lines:
                rows = list(csv.reader(lines))
        self.assertEqual(["time", "event", "peer", "bytes", "what"], rows[0])
        self.assertEqual(
            [
                ["up", "7", "", "there"],
                ["data", "7", "5", "68656c6c6f"],
                ["data", "7", "0", ""],
                ["down", "7", "", "it left"],
                ["ended", "", "", "its transport left"],
                ["data", "8", "1", "ff"],
            ],
            [each[1:] for each in rows[1:]],
        )
        for each in rows[1:]:
            self.assertRegex(each[0], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$")

    def test_the_collector_prints_until_ctrl_c(self):
        process, peer, number = self.collect()
        peer.send(frames.data(number, 7, b"hello"))
        self.assertEqual("time,event,peer,bytes,what\n", process.stdout.readline())
        self.assertIn(",data,7,5,68656c6c6f", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        peer.next("CLOSE")
        peer.send(frames.closed(number))
        self.assertEqual(("", ""), process.communicate(timeout=PATIENCE))
        self.assertEqual(0, process.returncode)

    def test_the_collector_says_what_is_wrong(self):
        process = self.run_script("collector.py", self.path, "collector", "frames")
        peer = self.accept()
        peer.next("HELLO")
        peer.send(frames.refused(11, "no such instance"))
        peer.close()
        _, error = process.communicate(timeout=PATIENCE)
        self.assertEqual(1, process.returncode)
        self.assertRegex(error, r"^collector: 'collector' at .*: no such instance\n$")


if __name__ == "__main__":
    unittest.main()
