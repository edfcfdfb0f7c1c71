"""What Footwell is compared with, on the same HTTP server as it is set there: a bare hello, a minimal Flask read."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROWS = 20


def hello(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """As little as a WSGI application can do."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"hello": "world"}']


def make_flask_app() -> Any:
    """Twenty rows of a session log's size out of SQLite, as the first page of a tutorial would read them."""
    from flask import Flask, jsonify

    app = Flask("compared")
    path = sys.argv[-1]
    mine = threading.local()

    @app.get("/")
    def read() -> Any:
        if not hasattr(mine, "db"):
            mine.db = sqlite3.connect(path)
            mine.db.row_factory = sqlite3.Row
        rows = mine.db.execute("SELECT * FROM logs WHERE owner = 1 ORDER BY day DESC, id DESC LIMIT ?", (ROWS,))
        return jsonify(items=[dict(row) for row in rows])

    return app


def make_rows(path: Path) -> None:
    """The table that the Flask app reads: as many columns as a session log has, without rules or sign-in."""
    names = ("script", "state", "started_at", "ended_at", "stop_reason", "note", "decision", "occurrence", "updated_at")
    scores = ("seconds", "helper", "p1", "p2", "p3", "p4", "p5", "p6", "skin", "differ")
    columns = ", ".join([*(f"{name} TEXT" for name in names), *(f"{name} INTEGER" for name in scores)])
    values = ["S8", "finished", "2026-11-20T18:00:05Z", "2026-11-20T18:08:20Z", None, "A little better.", None, None]
    values += ["2026-11-20T18:08:22Z", 480, 0, 4, 5, None, 3, 5, None, 1, 0]  # type: ignore[list-item]
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE logs (id TEXT PRIMARY KEY, owner INTEGER, day TEXT, {columns})")
        db.execute("CREATE INDEX newest ON logs (owner, day, id)")
        marks = ", ".join("?" * (len(values) + 3))
        rows = [(f"{n:032x}", 1, f"2026-11-{n % 20 + 1:02}", *values) for n in range(2 * ROWS)]
        db.executemany(f"INSERT INTO logs VALUES ({marks})", rows)
    db.close()


if __name__ == "__main__":
    from server.serve import web_server

    target, port = sys.argv[1], int(sys.argv[2])
    web_server(f"bench.compared:{target}", "127.0.0.1", port, factory=target.startswith("make")).serve()
