# SPDX-License-Identifier: MIT
"""A long line in front of a server on loopback: a relay in user space, which
needs neither root nor a kernel with netem.

Usage: delay.py ONE_WAY_MS PORT TARGET_PORT [PORT TARGET_PORT]...

Every piece of a conversation arrives ONE_WAY_MS later. The handshake of TCP is
the relay's own and takes no time, so its round trip is added: what the caller
says arrives as if it had waited for the answer to its SYN, and the server
hears of the caller when the third packet would have come. What is left out is
below that: acknowledgements aren't delayed, so there is no slow start.

When a conversation ends, its round trips are printed: how often the caller
spoke after the server had.
"""
import asyncio
import socket
import sys

PIECE = 65536


async def serve(one_way, ports):
    loop = asyncio.get_running_loop()
    for port, target in zip(ports[::2], ports[1::2]):
        for host in ("127.0.0.1", "::1"):
            try:
                await asyncio.start_server(
                    lambda reader, writer, target=target: relay(
                        loop, one_way, target, reader, writer), host, port)
            except OSError:
                if host == "127.0.0.1":
                    raise
    await asyncio.Event().wait()


async def relay(loop, one_way, target, reader, writer):
    accepted = loop.time()
    outward = asyncio.Queue()
    inward = asyncio.Queue()
    reading = asyncio.create_task(
        read(loop, reader, outward, accepted + 2 * one_way, one_way))
    await asyncio.sleep(3 * one_way)
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
    for end in (writer, far_writer):
        end.get_extra_info("socket").setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    turns = []
    await asyncio.gather(
        reading, write(loop, outward, far_writer, lambda: turns.append("out")),
        read(loop, far_reader, inward, accepted, one_way),
        write(loop, inward, writer, lambda: turns.append("in")),
        return_exceptions=True)
    print(sum(pair == ("in", "out") for pair in zip(turns, turns[1:])),
          "round trips", flush=True)


async def read(loop, reader, queue, earliest, one_way):
    """Puts each piece and the moment it arrives; the last one is empty."""
    piece = b"more"
    while piece:
        try:
            piece = await reader.read(PIECE)
        except ConnectionError:
            piece = b""
        await queue.put((max(loop.time(), earliest) + one_way, piece))


async def write(loop, queue, writer, note):
    piece = b"more"
    while piece:
        due, piece = await queue.get()
        await asyncio.sleep(max(0, due - loop.time()))
        if piece:
            note()
            writer.write(piece)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]) / 1000, list(map(int, sys.argv[2:]))))
