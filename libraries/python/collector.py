# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0

"""Writes what an input brings into a CSV file, or prints it.

    collector.py SOCKET INSTANCE STREAM [--to FILE.csv] [--count N]

A row for each chunk or message, with its time, the peer it came from, its length and its bytes in
hexadecimal; also for peers that come and go, and for an end of the stream, after which it goes on
when the stream is back. Ctrl-C, a request of the runtime, or the count ends it.
"""

import argparse
import asyncio
import contextlib
import csv
import datetime
import sys
from typing import Any, Iterator, List, TextIO

from daqstream import Data, PeerDown, PeerUp, StreamError, StreamEvent
from daqstream.aio import Client

HEAD = ("time", "event", "peer", "bytes", "what")


def row(event: StreamEvent) -> List[Any]:
    """An event as the values below the head."""
    time = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    if isinstance(event, Data):
        return [time, "data", event.peer, len(event.data), event.data.hex()]
    if isinstance(event, PeerUp):
        return [time, "up", event.peer, "", event.address]
    if isinstance(event, PeerDown):
        return [time, "down", event.peer, "", event.cause]
    return [time, "ended", "", "", event.cause]


@contextlib.contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """The file, or the standard output."""
    if name == "-":
        yield sys.stdout
    else:
        with open(name, "w", newline="", encoding="utf-8") as file:
            yield file


async def collect(arguments: argparse.Namespace) -> None:
    """Until the runtime, the user or the count says so."""
    async with Client(arguments.socket, arguments.instance) as client:
        async with await client.open_input(arguments.stream, news=True) as stream:
            with opened(arguments.to) as file:
                writer = csv.writer(file)
                writer.writerow(HEAD)
                file.flush()
                left = arguments.count
                async for event in stream:
                    writer.writerow(row(event))
                    file.flush()
                    left -= isinstance(event, Data)
                    if left == 0:
                        break


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("socket", help="of the runtime")
    parser.add_argument("instance", help="whose streams the manifest names")
    parser.add_argument("stream", help="an input of it")
    parser.add_argument("--to", metavar="FILE", default="-", help="default: standard output")
    parser.add_argument("--count", type=int, default=-1, metavar="N", help="ends after N of data")
    try:
        asyncio.run(collect(parser.parse_args()))
    except KeyboardInterrupt:
        pass
    except (StreamError, OSError) as fault:
        print(f"collector: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
