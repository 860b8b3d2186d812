# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# Tries to come in at a server with TLS that needs a login:
# python login.py <wss address> <certificate>, the token in DAQSTREAM_TOKEN

import asyncio
import os
import ssl
import sys

import websockets

ADDRESS, CERTIFICATE = sys.argv[1:3]
TOKEN = os.environ["DAQSTREAM_TOKEN"]


async def come_in(address=ADDRESS, trust=CERTIFICATE, token=None, origin=None, highest=None):
    """What becomes of it: 101, the status of a refusal, or what is wrong with TLS."""
    context = ssl.create_default_context(cafile=trust)
    if highest is not None:
        context.maximum_version = highest
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    try:
        async with websockets.connect(
            address, ssl=context, additional_headers=headers, origin=origin, proxy=None
        ) as socket:
            messages = [await asyncio.wait_for(socket.recv(), 20) for _ in range(3)]
            assert b"available" in messages[2], messages
            return 101
    except websockets.InvalidStatus as e:
        return e.response.status_code
    except ssl.SSLCertVerificationError as e:
        return e.verify_message


async def expect(what, wanted, **how):
    got = await come_in(**how)
    print(f"{what}: {got}")
    if got != wanted:
        raise SystemExit(f"{what}: expected {wanted}, got {got}")


async def main():
    origin = ADDRESS.replace("wss:", "https:").rstrip("/")
    query = ADDRESS.rstrip("/") + "/?token=" + TOKEN
    path = ADDRESS.rstrip("/") + "/token/" + TOKEN + "/"
    await expect("nobody", 401)
    await expect("token", 101, token=TOKEN)
    await expect("token, TLS 1.2", 101, token=TOKEN, highest=ssl.TLSVersion.TLSv1_2)
    await expect("token in front of the path", 101, address=path)
    await expect("token in the query", 400, address=query)
    await expect("wrong token", 401, token=TOKEN + "x")
    await expect("page of others", 403, token=TOKEN, origin="https://elsewhere.example")
    await expect("own page", 101, token=TOKEN, origin=origin)
    await expect("who trusts others", "self-signed certificate", trust=None, token=TOKEN)


asyncio.run(main())
