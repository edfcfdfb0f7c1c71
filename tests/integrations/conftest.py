"""The other side of tests of providers."""

from collections.abc import Iterator

import pytest

from tests.fakes.google import Google


@pytest.fixture
def google() -> Iterator[Google]:
    """A Google that was asked for nothing which the reference does not allow."""
    with Google() as google:
        yield google
        assert google.problems == []
