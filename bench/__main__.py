"""`python3 -m bench`: every figure of `docs/benchmarks.md` in one run."""

import sys
from pathlib import Path
from shutil import which

USAGE = """python3 -m bench            measure everything and print tables: 20 minutes; the machine must do nothing else
python3 -m bench --write    and put the table into docs/benchmarks.md
python3 -m bench --short    short rounds, to try a change; too rough to be quoted
python3 -m bench PART …     only these parts: start, requests, page, lighthouse, frames,
                           export, ingest, push, claims, reminders, and four that are not measured otherwise:
                           screens (Lighthouse on each, ten minutes), sync (ten minutes), drift (half an hour) and
                           growth (a quarter, and 40 GB of disk; `growth --write` writes docs/growth.md)"""
OPTIONS = ("--write", "--short")
# What the sink of push messages runs on, and what lets its answers wait.
ECHO = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
NGINX_NEEDS = {"nginx-light": lambda: which("nginx"), "libnginx-mod-http-echo": ECHO.exists}


def main() -> int:
    """The exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - before importing what an older Python could not read
        sys.exit("bench: needs Python 3.11 or newer, this is " + sys.version.split()[0])
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(USAGE)
        return 0
    from server import bootstrap
    from tests import machine

    machine.extend_path()
    wanted = {**machine.PYTHON_NEEDS, **machine.POSTGRESQL_NEEDS, **NGINX_NEEDS, "wrk": lambda: which("wrk")}
    browser = {name: machine.BROWSER_NEEDS[name] for name in ("chromium", "fonts-liberation")}
    try:
        machine.prepare({**wanted, **browser})
    except machine.MissingError as problem:
        sys.exit(f"bench: {problem}")
    bootstrap.enter("bench", "test")
    # From here on inside .venv.
    from bench import run

    parts = [argument for argument in arguments if argument not in OPTIONS]
    unknown = [part for part in parts if part not in run.PARTS]
    if unknown or (parts not in ([], ["growth"]) and "--write" in arguments):
        sys.exit(USAGE)
    return run.run(parts or run.USUAL, short="--short" in arguments, write="--write" in arguments)


if __name__ == "__main__":
    sys.exit(main())
