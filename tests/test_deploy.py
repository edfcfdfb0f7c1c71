"""What `deploy/` hands to whoever runs a clinic's server fits the server."""

import configparser
import re
from pathlib import Path

from click.testing import CliRunner

from server.cli import main
from server.settings import Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
COMPOSE = (DEPLOY / "compose.yml").read_text()


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_with_keys_of_its_own_is_all_a_start_needs(tmp_path: Path) -> None:
    given = variables((DEPLOY / "example.env").read_text())
    printed = variables(CliRunner().invoke(main, ["keys"]).output)
    assert {name for name, value in given.items() if not value} >= set(printed) | {"POSTGRES_PASSWORD"}
    given |= printed | {"POSTGRES_PASSWORD": "a1b2"}
    filled = {
        name: re.sub(r"\$\{(\w+):\?\}", lambda found: given[found[1]], value)
        for name, value in re.findall(r"^    ([A-Z_]+): (.+)$", COMPOSE.partition("\nservices:")[0], re.MULTILINE)
    }
    assert set(filled) == {"DATABASE_URL", "REDIS_URL", "FOOTWELL_PUBLIC_URL"}
    settings = Settings.from_env({**given, **filled, "FOOTWELL_DATA_DIR": str(tmp_path)})
    assert (settings.embedded, settings.secure) == (False, True)
    assert settings.database_url == "postgresql+psycopg://footwell:a1b2@postgres/footwell"


def test_every_process_is_a_command_of_ours() -> None:
    said = set(re.findall(r"^    command: (\w+)$", COMPOSE, re.MULTILINE))
    assert said == {"web", "worker"}
    for file in DEPLOY.glob("*.service"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read(file)
        program, command = unit["Service"]["ExecStart"].split()
        assert program.endswith("/footwell")
        assert file.stem == f"footwell-{command}"
        said.add(command)
    assert said == {"web", "worker"}
    assert said <= set(main.commands)


def test_the_proxy_tells_nobody_the_numbers() -> None:
    assert "respond /metrics 404" in (DEPLOY / "Caddyfile").read_text()
