"""What the browser loads beside Streamlit's own files, from this server alone: Plotly.js, the stage's modules, and
small pictures of the functions."""

import gzip
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from landscape.figures.palette import THEMES
from landscape.figures.picture import picture
from landscape.objectives.functions import FUNCTIONS

__all__ = ["ROUTES", "address", "pictured", "script"]

STAGE = Path(__file__).parent
FILES = {f"stage/{path.name}": path for path in sorted(STAGE.glob("*.js"))} | {
    "plotly/plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
}
PICTURES = {f"functions/{theme}/{key}.png": (key, theme) for theme in THEMES for key in FUNCTIONS}


def _version(sources: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


# The pictures are what the package's own sources make of them, which change oftener than the files.
VERSIONS = dict.fromkeys(FILES, _version(FILES.values())) | dict.fromkeys(
    PICTURES, _version(sorted(STAGE.parent.rglob("*.py")))
)


def address(name: str) -> str:
    """Where the browser finds a file, relative to the app's root. New contents have a new address: keep it for ever."""
    return f"assets/{VERSIONS[name]}/{name}"


def pictured(function: str, theme: str) -> str:
    """The address of a function's picture."""
    return address(f"functions/{theme}/{function}.png")


def script(name: str, function: str) -> str:
    """The script of a Streamlit component that is drawn by a function of one of the stage's modules."""
    return f"""
const load = (address) => import(new URL(address, document.baseURI).href);
const loaded = Promise.all([load("{address(f"stage/{name}")}"), load("{address("stage/here.js")}")]);
export default function (component) {{
  loaded.then(([module, {{ here }}]) => module.{function}(here(component)));
  return () => loaded.then(([module]) => module.leave(component.parentElement));
}}
"""


@lru_cache(maxsize=len(FILES))
def _compressed(name: str) -> bytes:
    return gzip.compress(FILES[name].read_bytes(), 6, mtime=0)


@lru_cache(maxsize=len(PICTURES))
def _picture(name: str) -> bytes:
    key, theme = PICTURES[name]
    return picture(FUNCTIONS[key], theme)


def _send(request: Request) -> Response:
    name = request.path_params["name"]
    if request.path_params["version"] != VERSIONS.get(name):
        return Response(status_code=404)  # other contents are not to be kept as these
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if name in PICTURES:
        return Response(_picture(name), media_type="image/png", headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_compressed(name), media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(FILES[name].read_bytes(), media_type="text/javascript", headers=headers)


# `_send` is no coroutine, so Starlette runs it in a thread and the compression stops nobody else.
# The base path that Streamlit may be given (server.baseUrlPath) stands before it.
ROUTES = [Route("/{base:path}assets/{version}/{name:path}", _send)]
