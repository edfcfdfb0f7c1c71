"""Settings: every bad variable named at once, secrets never shown, keys made once and for the owner alone."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.vapid import generate_vapid_key, load_private_key
from server.settings import BadSettings, Keep, Settings

SECRET, VAPID = "s" * 43, generate_vapid_key()
TOKEN = "t" * 43
KEYS = {"FOOTWELL_SECRET_KEY": SECRET, "FOOTWELL_VAPID_PRIVATE_KEY": VAPID, "FOOTWELL_TOKEN_KEYS": TOKEN}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"FOOTWELL_DATA_DIR": str(tmp_path / "data")}


def problems(env: dict[str, str]) -> set[str]:
    """The variables that the one message names."""
    with pytest.raises(BadSettings) as refused:
        Settings.from_env(env)
    return {line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:]}


def test_one_machine_needs_no_variable(env: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.from_env(env)
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'footwell.db'}"
    assert (settings.embedded, settings.secure, settings.sign_up) == (True, False, "open")


def test_every_bad_variable_is_named_at_once(env: dict[str, str]) -> None:
    bad = {
        "PORT": "eighty",
        "HOST": "not a host",
        "FOOTWELL_PUBLIC_URL": "https://example.org/app",
        "DATABASE_URL": "mysql://x",
        "REDIS_URL": "http://x",
        "FOOTWELL_SIGN_UP": "maybe",
        "FOOTWELL_VAPID_SUBJECT": "me",
        "FOOTWELL_PUSH_HOSTS": "push.example, http://x/",
        "FOOTWELL_CLINIC_REGION": "MARS",
        "FOOTWELL_CLINIC_PHONE": "call us",
        "FOOTWELL_CLINIC_OUT_OF_HOURS_PHONE": "()",
        "FOOTWELL_CLINIC_BOOKING_URL": "javascript:alert(1)",
        "FOOTWELL_CLINIC_HOURS": "x" * 121,
        "FOOTWELL_SECRET_KEY": "short",
        "FOOTWELL_VAPID_PRIVATE_KEY": "x" * 43 + "!",
        "FOOTWELL_TOKEN_KEYS": f"{'t' * 43} short",
        "FOOTWELL_GOOGLE_CLIENT_SECRET": "without its id",
        "FOOTWELL_GOOGLE_TOKEN_URL": "http://elsewhere.example/token",
        "FOOTWELL_NIGHTSCOUT_PRIVATE_HOSTS": "http://x/",
        "FOOTWELL_PROVIDERS_OFF": "garmin",
        "SMTP_URL": "http://mail.example.org",
        "FOOTWELL_NTFY_URL": "http://ntfy.example.org",
        "FOOTWELL_KEEP_OCCURRENCES_DAYS": "59",
        "FOOTWELL_KEEP_DELIVERIES_DAYS": "ninety",
        "FOOTWELL_KEEP_TOMBSTONES_DAYS": "-400",
        "FOOTWELL_KEEP_STEP_CHANGES_DAYS": "9" * 5000,
        "FOOTWELL_METRICS_TOKEN": "short",
    }
    missing = {"FOOTWELL_GOOGLE_CLIENT_ID", "FOOTWELL_MAIL_FROM"}
    named = (set(bad) - {"FOOTWELL_GOOGLE_CLIENT_SECRET"}) | missing
    assert problems({**env, **bad}) == named


def test_the_clinics_hours_are_one_line_in_its_own_words(env: dict[str, str]) -> None:
    given = Settings.from_env({**env, "FOOTWELL_CLINIC_HOURS": " Mon–Fri 8–17 "})
    assert given.clinic.hours == "Mon–Fri 8–17"
    assert problems({**env, "FOOTWELL_CLINIC_HOURS": "Mon\nTue"}) == {"FOOTWELL_CLINIC_HOURS"}


def test_mail_needs_a_server_and_a_sender(env: dict[str, str]) -> None:
    both = {"SMTP_URL": "smtp://u:hidden@mail.example.org:587", "FOOTWELL_MAIL_FROM": "Footwell <feet@example.org>"}
    settings = Settings.from_env({**env, **both})
    assert settings.second_ways.mail_from == "Footwell <feet@example.org>"
    assert "hidden" not in repr(settings)
    assert problems({**env, "FOOTWELL_MAIL_FROM": "feet@example.org"}) == {"SMTP_URL"}
    assert problems({**env, **both, "FOOTWELL_MAIL_FROM": "feet"}) == {"FOOTWELL_MAIL_FROM"}


@pytest.mark.parametrize("url", ["https://ntfy.example.org/topic", "https://u:p@ntfy.example.org", "ntfy.example.org"])
def test_the_address_that_phones_listen_at_is_a_servers_own(url: str, env: dict[str, str]) -> None:
    assert problems({**env, "FOOTWELL_NTFY_URL": url}) == {"FOOTWELL_NTFY_URL"}
    assert Settings.from_env({**env, "FOOTWELL_NTFY_URL": "https://ntfy.example.org/"}).second_ways.ntfy_url == (
        "https://ntfy.example.org"
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8e3", "٨٠"])
def test_a_port_is_a_port(port: str, env: dict[str, str]) -> None:
    assert problems({**env, "PORT": port}) == {"PORT"}


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "http://[", "https://a.org/?b"])
def test_an_address_is_an_address(url: str, env: dict[str, str]) -> None:
    assert problems({**env, "FOOTWELL_PUBLIC_URL": url}) == {"FOOTWELL_PUBLIC_URL"}


@pytest.mark.parametrize(
    "own", [{"DATABASE_URL": "postgresql://u:pw@db/footwell"}, {"REDIS_URL": "redis://:pw@cache/0"}], ids=str
)
def test_a_server_with_a_database_or_redis_of_its_own_must_be_given_its_keys(
    own: dict[str, str], env: dict[str, str], tmp_path: Path
) -> None:
    assert problems({**env, **own}) == set(KEYS)
    assert not (tmp_path / "data").exists()
    settings = Settings.from_env({**env, **own, **KEYS})
    assert not settings.embedded


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_addresses_that_hosts_hand_out_are_understood(scheme: str, env: dict[str, str]) -> None:
    settings = Settings.from_env({**env, **KEYS, "DATABASE_URL": f"{scheme}://u:pw@db/footwell"})
    assert settings.database_url == "postgresql+psycopg://u:pw@db/footwell"


def test_how_long_things_are_kept_can_be_chosen(env: dict[str, str]) -> None:
    usual = Settings.from_env(env).keep
    assert usual == Keep(*(timedelta(days=days) for days in (400, 90, 400, 400)))
    chosen = Settings.from_env({**env, "FOOTWELL_KEEP_OCCURRENCES_DAYS": "60"}).keep
    assert chosen == replace(usual, occurrences=timedelta(days=60))


def test_secrets_are_not_in_a_repr_nor_in_the_message(env: dict[str, str]) -> None:
    own = {"DATABASE_URL": "postgresql://u:hidden@db/x", "REDIS_URL": "redis://:hidden@cache/0"}
    own["FOOTWELL_METRICS_TOKEN"] = "hidden" * 4
    shown = repr(Settings.from_env({**env, **own, **KEYS}))
    assert not [secret for secret in (SECRET, VAPID, TOKEN, "hidden") if secret in shown]
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({**env, "DATABASE_URL": "mysql://u:hidden@x", "FOOTWELL_SECRET_KEY": "hidden"})
    assert "hidden" not in str(refused.value)


def test_keys_are_made_once_for_the_owner_alone(env: dict[str, str], tmp_path: Path) -> None:
    first, second = Settings.from_env(env), Settings.from_env(env)
    assert (first.secret_key, first.vapid_private_key) == (second.secret_key, second.vapid_private_key)
    assert first.secret_key != first.vapid_private_key
    load_private_key(first.vapid_private_key)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    kept = sorted((tmp_path / "data").iterdir())
    assert [(path.name, path.stat().st_mode & 0o777) for path in kept] == [
        (name, 0o600) for name in ("secret.key", "token.key", "vapid.key")
    ]


def test_two_starts_at_once_agree(env: dict[str, str], tmp_path: Path) -> None:
    start, made = threading.Barrier(8), []

    def run() -> None:
        start.wait()
        made.append(Settings.from_env(env))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(settings.secret_key, settings.vapid_private_key) for settings in made}) == 1
    assert len(list((tmp_path / "data").iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert problems({"FOOTWELL_DATA_DIR": str(tmp_path / "file")}) == {"FOOTWELL_DATA_DIR"}


def test_the_push_subject_follows_the_address(env: dict[str, str]) -> None:
    assert Settings.from_env(env).vapid_subject == "mailto:operator@localhost"
    public = {**env, "FOOTWELL_PUBLIC_URL": "https://feet.example.org/"}
    assert Settings.from_env(public).vapid_subject == Settings.from_env(public).public_url == "https://feet.example.org"


def test_further_push_hosts_are_compared_in_one_form(env: dict[str, str]) -> None:
    settings = Settings.from_env({**env, "FOOTWELL_PUSH_HOSTS": "Push.Example:443, 127.0.0.1:9000 [::1]:1"})
    assert settings.push_hosts == {"push.example:443", "127.0.0.1:9000", "[::1]:1"}
