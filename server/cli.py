"""The `footwell` command: run it, and what whoever runs it needs now and then."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import click

from server.settings import BadSettings, Settings

ROOT = Path(__file__).parent.parent
OPENAPI_FILE = ROOT / "pwa" / "openapi.json"


def load_settings() -> Settings:
    """From the environment; a wrong one ends the command with one message."""
    try:
        return Settings.from_env()
    except BadSettings as error:
        raise click.ClickException(str(error)) from None


@click.group()
def main() -> None:
    """Footwell: foot massage, steps and reminders for people with neuropathy."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


@main.command()
@click.option("--dev", is_flag=True, help="Reload both halves when a file changes.")
def serve(dev: bool) -> None:
    """Make the database, then run web and worker until Ctrl-C."""
    from server.serve import serve as run

    try:
        run(load_settings(), dev=dev)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None


@main.command()
def web() -> None:
    """Make the database, then answer requests alone; workers run elsewhere."""
    from server.serve import serve_web

    try:
        serve_web(load_settings())
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None


@main.command()
def worker() -> None:
    """Make the database, then run a worker alone: reminders and what else falls due."""
    from server.jobs import run_worker
    from server.queue import make_queue
    from server.serve import make_ready
    from server.wiring import build_dependencies

    settings = load_settings()
    try:
        make_ready(settings)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    run_worker(make_queue(settings), build_dependencies(settings))


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when the models and the migrations differ.")
def migrations(check: bool) -> None:
    """Bring the database up to date."""
    from server.migrate import differences, upgrade

    if check:
        _end_with(differences(), "The models and the migrations differ")
    else:
        upgrade(load_settings().database_url)


@main.command()
def prepare() -> None:
    """Make the database ready for a start: migrations, and the check that browsers know this server's push key."""
    from integrations.vapid import public_key
    from server.database import Database
    from server.errors import Conflict
    from server.migrate import upgrade
    from server.services.server_facts import check_vapid_key

    settings = load_settings()
    upgrade(settings.database_url)
    try:
        with Database(settings.database_url).write() as db:
            check_vapid_key(db, public_key(settings.vapid_private_key))
    except Conflict as error:
        raise click.ClickException(error.detail) from None


@main.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Print a one-time link, good for 24 hours, with which EMAIL's owner sets a new password."""
    from server.database import Database
    from server.dependencies import clock
    from server.errors import NotFound
    from server.services.accounts import create_password_reset

    settings = load_settings()
    try:
        with Database(settings.database_url).write() as db:
            secret = create_password_reset(db, email.strip().lower(), now=clock())
    except NotFound as error:
        raise click.ClickException(error.detail) from None
    click.echo(f"{settings.public_url}/#/reset/{secret}")


@main.command()
def providers() -> None:
    """Print how each provider of steps stands: how many are connected, what fails and why, how much is left."""
    from server.dependencies import clock
    from server.services.provider_states import overview
    from server.wiring import build_dependencies

    deps = build_dependencies(load_settings())
    with deps.database.read() as db:
        for name, provider in deps.providers.items():
            seen = overview(db, name, per_minute=provider.requests_per_minute, now=clock())
            click.echo(f"{name}")
            for title, counts in (("state", seen.by_state), ("reason", seen.by_reason)):
                for what, count in sorted(counts.items()):
                    click.echo(f"  {title} {what}: {count}")
            click.echo(f"  oldest success: {seen.oldest_success or 'none'}")
            click.echo(f"  overdue by ten minutes: {seen.overdue}")
            click.echo(f"  requests left this minute: {seen.left_this_minute}")
            if seen.quiet_until:
                click.echo(f"  let alone until: {seen.quiet_until}")


@main.command("reseal-tokens")
def reseal_tokens() -> None:
    """Encrypt every provider token anew with the first of FOOTWELL_TOKEN_KEYS; the others can then go."""
    from server.services.wearables import reseal_all
    from server.wiring import build_dependencies

    deps = build_dependencies(load_settings())
    with deps.database.write() as db:
        done, unreadable = reseal_all(db, deps.vault.reseal)
    click.echo(f"{done} encrypted anew, {unreadable} cannot be read with any key")


@main.command()
def keys() -> None:
    """Print the keys that a server with a database or Redis of its own must be given."""
    from integrations.vapid import generate_vapid_key
    from server.tokens import new_secret

    click.echo(f"FOOTWELL_SECRET_KEY={new_secret()}")
    click.echo(f"FOOTWELL_TOKEN_KEYS={new_secret()}")
    click.echo(f"FOOTWELL_VAPID_PRIVATE_KEY={generate_vapid_key()}")


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when the file is not what the code says.")
def openapi(check: bool) -> None:
    """Write pwa/openapi.json, the contract between server and phone."""
    text = openapi_text()
    if not check:
        OPENAPI_FILE.write_text(text)
    elif OPENAPI_FILE.read_text() != text:
        _end_with(["pwa/openapi.json"], "Not current; run `footwell openapi`")


def openapi_text() -> str:
    """The OpenAPI document of the app, without touching anybody's data."""
    from tempfile import TemporaryDirectory

    from server.app import create_app

    with TemporaryDirectory() as folder:
        app = create_app(Settings.from_env({"FOOTWELL_DATA_DIR": folder}))
        spec: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return json.dumps(spec, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _end_with(problems: list[str], title: str) -> None:
    if problems:
        click.echo(f"{title}:\n" + "\n".join(f"  {problem}" for problem in problems), err=True)
        sys.exit(1)
