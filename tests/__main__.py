"""`python3 -m tests`: sets up what is missing, then runs everything and counts."""

import sys

USAGE = """python3 -m tests                   everything, as CI runs it
python3 -m tests long              the same with many more cases
python3 -m tests quick             pytest without browsers, and vitest
python3 -m tests check             linters, types, import rules, drift
python3 -m tests …                 pytest with these arguments
python3 -m tests --postgresql …    the same on a PostgreSQL made for it, not on SQLite"""
MODES = ("check", "quick", "long")


def main() -> int:
    """The exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - before importing what an older Python could not read
        sys.exit("tests: need Python 3.11 or newer, this is " + sys.version.split()[0])
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ("-h", "--help"):
        print(USAGE)
        return 0
    from server import bootstrap
    from tests import machine

    machine.extend_path()
    mode = arguments[0] if arguments and arguments[0] in MODES else "pytest" if arguments else "all"
    try:
        machine.prepare(machine.needs(mode, arguments))
    except machine.MissingError as problem:
        sys.exit(f"tests: {problem}")
    bootstrap.enter("tests", "test")
    # From here on inside .venv.
    from tests import run

    return run.run(mode, arguments)


if __name__ == "__main__":
    sys.exit(main())
