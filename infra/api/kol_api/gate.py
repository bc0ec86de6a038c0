"""The door: who may come in, how often, how many at once and with how much. Nothing of a body is read before."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import metrics

OPEN_PATHS = ("/healthz", "/metrics", "/openapi.json", "/docs")


class TooLarge(Exception):
    pass


class Gate:
    def __init__(
        self, app: ASGIApp, *, keys: Mapping[str, str], rate: float, max_in_flight: int, max_body_bytes: int
    ) -> None:
        self._app = app
        # Digests of keys take the same time to find whatever was sent.
        self._holders = {_digest(key): holder for key, holder in keys.items()}
        self._rate = rate
        self._max_in_flight = max_in_flight
        self._max_body = max_body_bytes
        self._in_flight = 0
        self._buckets = {holder: (2 * rate, time.monotonic()) for holder in keys.values()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, began, status = scope["path"], time.perf_counter(), 500

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            if path in OPEN_PATHS:
                await self._app(scope, receive, noting_send)
            else:
                await self._guard(scope, receive, noting_send)
        finally:
            known = path if path in OPEN_PATHS or path in ("/kol/score", "/forecast/predict") else "other"
            metrics.requests.labels(known, str(status)).inc()
            metrics.seconds.labels(known).observe(time.perf_counter() - began)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        holder = self._holders.get(_digest(headers.get(b"x-api-key", b"").decode("latin-1")))
        if holder is None:
            await refuse(send, 401, "X-API-Key is missing or unknown", {"WWW-Authenticate": "ApiKey"})
            return
        wait = self._take_token(holder)
        if wait > 0:
            detail = f"more than {self._rate:g} requests a second; slow down, or send more KOLs in one request"
            await refuse(send, 429, detail, {"Retry-After": str(math.ceil(wait))})
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._max_body:
            await self._refuse_body(send)
            return
        if self._in_flight >= self._max_in_flight:
            await refuse(send, 503, "too many requests at once", {"Retry-After": "1"})
            return
        self._in_flight += 1
        metrics.in_flight.set(self._in_flight)
        try:
            body = await _whole_body(receive, self._max_body)
            await self._app(scope, _replay(body, receive), send)
        except TooLarge:
            await self._refuse_body(send)
        except TimeoutError:
            await refuse(send, 408, "the body did not arrive within 20 s", {"Connection": "close"})
        finally:
            self._in_flight -= 1
            metrics.in_flight.set(self._in_flight)

    async def _refuse_body(self, send: Send) -> None:
        detail = f"the body has more than {self._max_body} bytes; send fewer KOLs in one request"
        await refuse(send, 413, detail, {"Connection": "close"})

    def _take_token(self, holder: str) -> float:
        """Seconds to wait; 0 when a token was there."""
        tokens, at = self._buckets[holder]
        now = time.monotonic()
        tokens = min(2 * self._rate, tokens + (now - at) * self._rate)
        self._buckets[holder] = (tokens - 1 if tokens >= 1 else tokens, now)
        return 0 if tokens >= 1 else (1 - tokens) / self._rate


async def refuse(send: Send, status: int, detail: str, headers: Mapping[str, str]) -> None:
    body = json.dumps({"detail": detail}).encode()
    every = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in every.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _whole_body(receive: Receive, most: int) -> bytes:
    chunks, size = [], 0
    async with asyncio.timeout(20):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > most:
                raise TooLarge
            if not message.get("more_body", False):
                break
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
