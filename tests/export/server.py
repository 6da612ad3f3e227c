"""A server on loopback that answers after 20 ms and keeps a list of what came. In: the name of a file. Out: the port on stdout, and in the
file a line for each request: seconds, method and path."""

import asyncio
import sys
import time


async def serve(reader, writer, log):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            first, *fields = head.decode("latin-1").split("\r\n")
            method, path, _ = first.split(" ", 2)
            length = next((int(it.split(":")[1]) for it in fields if it.lower().startswith("content-length:")), 0)
            await reader.readexactly(length)
            log.write(f"{time.monotonic():.6f} {method} {path}\n")
            log.flush()
            await asyncio.sleep(0.02)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    with open(sys.argv[1], "w") as log:
        server = await asyncio.start_server(lambda reader, writer: serve(reader, writer, log), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        # It ends by itself, whatever becomes of the test.
        try:
            await asyncio.wait_for(server.serve_forever(), 90)
        except asyncio.TimeoutError:
            pass


asyncio.run(main())
