"""What a page has before Streamlit has drawn anything: no part of it is shown until it has its style and its header,
and Plotly.js is on its way, which the first picture waits for."""

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landscape.stage.assets import address

__all__ = ["Head"]

# Streamlit loads what draws a style sheet, and what draws a widget, after the words of a page.
STYLE = """
.stMainBlockContainer:has([data-testid="stSkeleton"]):not(:has(.stHtml)),
.stMainBlockContainer:has(.st-key-header [data-testid="stSkeleton"]) { opacity: 0; }
"""
HEAD = f'<link rel="preload" href="./{address("plotly/plotly.min.js")}" as="script"><style>{STYLE}</style></head>'

OF_A_COPY = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
"""What a browser says of compression, and of a copy that it has."""


class Head:
    """ASGI middleware that adds HEAD to every page that a browser opens."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        start: dict[str, Any] = {}
        body = b""

        async def add(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=start["headers"])
            if headers.get("content-type", "").startswith("text/html"):
                body = body.replace(b"</head>", HEAD.encode(), 1)
                headers["content-length"] = str(len(body))
                del headers["etag"]  # of Streamlit's page alone
            await send(start)
            await send({"type": "http.response.body", "body": body})

        plain = [(name, value) for name, value in scope["headers"] if name not in OF_A_COPY]
        await self.app({**scope, "headers": plain}, receive, add)
