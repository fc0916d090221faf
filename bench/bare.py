"""The least that answers a list over HTTP: FastAPI and asyncpg, one statement that builds the JSON. No gateway, no
token, no row-level security.

``python -m bench.bare`` is told on standard input: ``port``, ``database``, ``statement``.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, Response

POOL = 8


def app(database: str, statement: str) -> FastAPI:
    @asynccontextmanager
    async def life(made: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database, min_size=POOL, max_size=POOL) as pool:
            made.state.pool = pool
            yield

    made = FastAPI(lifespan=life)

    @made.get("/lines")
    async def lines() -> Response:
        return Response(await made.state.pool.fetchval(statement), media_type="application/json")

    return made


if __name__ == "__main__":
    told = json.load(sys.stdin)
    port = told.pop("port")
    uvicorn.run(app(**told), port=port, loop="uvloop", access_log=False, log_level="warning")
