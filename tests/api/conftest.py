"""Clients and servers that are closed after the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing, suppress

import pytest

from support.scripted_http import ClientFactory, Serve, Talk


@pytest.fixture
async def factory() -> AsyncIterator[ClientFactory]:
    async with AsyncExitStack() as stack:
        yield ClientFactory(stack)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server on loopback that talks in bytes; gives the base URL."""
    async with AsyncExitStack() as stack:

        async def start(talk: Talk) -> str:
            async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                with suppress(ConnectionError, asyncio.IncompleteReadError), closing(writer):
                    await talk(reader, writer)

            server = await asyncio.start_server(one, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"

        yield start
