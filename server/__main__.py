"""`python3 -m server`: makes `.venv` on the first start, then runs the footwell command inside it."""

import sys


def main() -> None:
    """No arguments or only options: serve. A word first: that footwell command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - before importing what an older Python could not read
        sys.exit("footwell: needs Python 3.11 or newer, this is " + sys.version.split()[0])
    from server import bootstrap

    bootstrap.enter("server")
    from server.cli import main as run

    run(bootstrap.command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
