"""Connections to other parts and to receivers."""

import httpx


class Transport(httpx.AsyncHTTPTransport):
    """httpx's own, but that a connection which the other side closes as it is made is a ConnectError: on uvloop its
    socket is gone then before anyio looks at it, which raises an AttributeError.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            raise httpx.ConnectError("closed as it was made", request=request) from error
