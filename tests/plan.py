"""Which steps there are, and which of them `check`, `quick`, `long` and the whole run."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from server.bootstrap import ROOT
from tests import databases, node
from tests.steps import Step

CACHE = ROOT / ".cache"
PROGRAMS = Path(sys.executable).parent
WORKERS = str(min(max(os.cpu_count() or 2, 2), 8))
ON_POSTGRESQL = ("tests/api", "tests/services", "tests/jobs", "tests/scale", "tests/test_migrations.py")


def checks() -> list[Step]:
    """Everything that looks without running the app; the slow ones first, so that two at a time end together."""
    return [
        Step("Biome, tsc, svelte-check", [node.npm("run", "--silent", "check")], node.PWA, node.environment()),
        Step("mypy", [_program("mypy")]),
        Step("OpenAPI drift", [_program("footwell", "openapi", "--check")], environment=_own_data()),
        Step("migration drift", [_program("footwell", "migrations", "--check")], environment=_own_data()),
        Step("API types drift", [node.npm("run", "--silent", "types", "--", "--check")], node.PWA, node.environment()),
        Step("import rules", [_program("lint-imports")]),
        Step("ruff", [_program("ruff", "check", "."), _program("ruff", "format", "--check", ".")]),
    ]


def vitest(long: bool = False) -> Step:
    """The phone's tests, after the clinical answers they compare with have been written."""
    report = CACHE / "vitest.xml"
    run = node.npm("test", "--", "--reporter=default", "--reporter=junit", f"--outputFile.junit={report}")
    vectors = [sys.executable, "-m", "tests.care.make_vectors"]
    environment = {**node.environment(), "FOOTWELL_TEST_LONG": "1" if long else ""}
    return Step("vitest", [vectors, ["env", "-C", str(node.PWA), *run]], environment=environment, report=report)


def pytest_sqlite(long: bool = False) -> Step:
    return _pytest("pytest, SQLite", "sqlite", ["tests"], "not browser and not postgresql", long)


def pytest_postgresql(address: str, long: bool = False) -> Step:
    """The tests that touch the database, once more."""
    paths = [path for path in ON_POSTGRESQL if (ROOT / path).exists()]
    environment = {databases.VARIABLE: address}
    return _pytest("pytest, PostgreSQL", "postgresql", paths, "not browser", long, environment=environment)


def pytest_browser(long: bool = False) -> Step:
    """Two at a time, each story whole: a browser waits more than it works, but many would make each other late."""
    return _pytest("browsers", "browser", ["tests/browser"], "browser", long, workers="2", extra=["--dist", "loadfile"])


def pytest_only(arguments: Sequence[str], address: str | None) -> Step:
    """What somebody asked for by hand."""
    report = CACHE / "pytest.xml"
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *arguments]
    return Step("pytest", [command], environment={databases.VARIABLE: address} if address else {}, report=report)


def _pytest(
    name: str,
    file: str,
    paths: Sequence[str],
    marks: str,
    long: bool,
    workers: str = WORKERS,
    extra: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> Step:
    report = CACHE / f"pytest-{file}.xml"
    command = [sys.executable, "-m", "pytest", *paths, "-m", marks, f"--junit-xml={report}"]
    command += ["-n", workers, *extra]
    command += ["--long"] if long else []
    return Step(name, [command], environment=environment or {}, report=report)


def _program(name: str, *arguments: str) -> list[str]:
    return [str(PROGRAMS / name), *arguments]


def _own_data() -> dict[str, str]:
    """Checking must not make keys in somebody's data folder."""
    return {"FOOTWELL_DATA_DIR": str(CACHE / "data")}
