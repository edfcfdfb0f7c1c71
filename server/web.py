"""The built phone app, served with the headers that keep it alone in its page."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, request

from server.api.fast import add_headers

BUILT = Path(__file__).parent / "web"
NONE = "'none'"
SELF = "'self'"
POLICY = {
    "default-src": NONE,
    "script-src": SELF,
    "style-src": SELF,
    "img-src": f"{SELF} data:",
    "connect-src": SELF,
    "font-src": SELF,
    "media-src": SELF,
    "manifest-src": SELF,
    "worker-src": SELF,
    "base-uri": NONE,
    "form-action": NONE,
    "frame-ancestors": NONE,
}
# The page that shows the API is a library's; it writes styles into elements.
DOCS_POLICY = POLICY | {"style-src": f"{SELF} 'unsafe-inline'"}
HASHED = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
MIME_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".svg": "image/svg+xml"}


def policy(parts: dict[str, str]) -> str:
    """The value of a Content-Security-Policy header."""
    return "; ".join(f"{name} {value}" for name, value in parts.items())


HEADERS = {
    "Content-Security-Policy": policy(POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class WebFile:
    """A file of the build, as it is and compressed."""

    mimetype: str
    cache: str
    etag: str
    bodies: dict[str, bytes]


def read_files(folder: Path) -> dict[str, WebFile]:
    """Every file of the build by its address. They are few and small, so they stay in memory."""
    files: dict[str, WebFile] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in ENCODINGS.values() or path.name.startswith("."):
            continue
        name = path.relative_to(folder).as_posix()
        bodies = {"identity": path.read_bytes()}
        for encoding, suffix in ENCODINGS.items():
            packed = path.with_name(path.name + suffix)
            if packed.exists():
                bodies[encoding] = packed.read_bytes()
        mimetype = MIME_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        stat = path.stat()
        etag = f"{stat.st_mtime_ns:x}-{stat.st_size:x}"
        files[name] = WebFile(mimetype, HASHED if name.startswith("assets/") else CHECKED, etag, bodies)
    return files


def install(app: Flask, folder: Path = BUILT) -> None:
    """Serve the build at `/`; a server whose app is not built says so on its first page."""
    files = read_files(folder)
    pages = Blueprint("web", __name__)

    @pages.get("/", defaults={"name": "index.html"})
    @pages.get("/api/docs", defaults={"name": "docs/index.html"}, endpoint="docs")
    def web_file(name: str) -> Response:
        if name not in files:
            return Response("The phone app is not built. Start with `python3 -m server`.\n", 503, mimetype="text/plain")
        return _send(files[name], DOCS_POLICY if name.startswith("docs/") else POLICY)

    # One rule a file: a rule for every address would turn a wrong one into 405 instead of 404.
    for name in files:
        pages.add_url_rule(f"/{name}", name.replace(".", "_"), web_file, defaults={"name": name})

    app.register_blueprint(pages)

    @app.after_request
    def _headers(response: Response) -> Response:
        return add_headers(response, HEADERS)


def _send(file: WebFile, parts: dict[str, str]) -> Response:
    headers = {
        "Cache-Control": file.cache,
        "ETag": f'"{file.etag}"',
        "Content-Security-Policy": policy(parts),
        "Vary": "Accept-Encoding",
    }
    if request.if_none_match.contains(file.etag):
        return Response(status=304, headers=headers)
    encoding = next(
        (name for name in ENCODINGS if name in file.bodies and request.accept_encodings[name] > 0), "identity"
    )
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(file.bodies[encoding], mimetype=file.mimetype, headers=headers)
