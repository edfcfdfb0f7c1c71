"""A one-off archive of Apple Health: taken in as it comes, read by the worker."""

import secrets
from pathlib import Path

from flask import Response, request
from flask.views import MethodView
from sqlalchemy.orm import Session

from server.api.auth import signed_in
from server.api.base import Resource
from server.api.fast import json_response
from server.api.limits import limit
from server.api.wearables import EXAMPLE, WearableSchema, one
from server.dependencies import dependencies
from server.errors import Invalid
from server.services import archives
from server.services.owner import Owner

PIECE = 256 * 1024
ZIP = b"PK\x03\x04"

blueprint = Resource("wearable_archive", __name__, url_prefix="/api/v1/wearables/apple_export", description=__doc__)


@blueprint.route("/archive")
class Archive(MethodView):
    @blueprint.doc(
        requestBody={
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    )
    @blueprint.response(202, WearableSchema, example={**EXAMPLE, "provider": "apple_export"})
    def put(self) -> Response:
        """Give an export.zip of Apple Health, up to 300 MB; a new one takes the place of an older one"""
        self._who()
        limit("archive", 5)
        folder = dependencies().settings.data_dir / "archives"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{secrets.token_hex(16)}.zip"
        try:
            size = _take_in(path)
            reply, old = self._save(path.name, size)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if old is not None:
            (folder / old).unlink(missing_ok=True)
        return reply

    @signed_in
    def _who(self, db: Session, owner: Owner) -> None:
        """Nobody else's bytes reach the disk."""

    @signed_in
    def _save(self, db: Session, owner: Owner, file: str, size: int) -> tuple[Response, str | None]:
        old = archives.save_archive(db, owner, file=file, size=size, now=dependencies().clock())
        return json_response(one(db, owner, "apple_export"), 202), old


def _take_in(path: Path) -> int:
    """Write the body to a file; returns its size. Raises Invalid when it is no zip, or was cut short."""
    size = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        while piece := request.stream.read(PIECE):
            if size == 0 and not piece.startswith(ZIP):
                raise Invalid("This is not a zip file. Send the export.zip as Apple Health made it.", code="not_a_zip")
            file.write(piece)
            size += len(piece)
    if size == 0 or (request.content_length is not None and size < request.content_length):
        raise Invalid("The file did not arrive whole. Send it again.", code="incomplete")
    return size
