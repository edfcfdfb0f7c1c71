"""What several integrations are tested with."""

from pathlib import Path

import pytest

from tests.fakes.certificate import self_signed


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key."""
    return self_signed(tmp_path_factory.mktemp("tls") / "certificate.pem", "127.0.0.1")
