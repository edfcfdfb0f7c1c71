"""Messages to topics of an ntfy server, and each of its answers by what it means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.notices import Notice
from integrations.ntfy import Ntfy
from tests.fakes.ntfy import NtfyServer

NOTICE = Notice("id-1", "fw-topic", "Footwell: it is time", "Tap.", "https://x.example/#/today", "https://x/", "en")


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server
        assert server.problems == []


def test_a_message_is_published_to_its_topic(server: NtfyServer) -> None:
    assert [result.outcome for result in Ntfy(server.url).send([NOTICE, NOTICE])] == ["sent", "sent"]
    assert server.published[0] == {
        "topic": "fw-topic",
        "title": "Footwell: it is time",
        "message": "Tap.",
        "click": "https://x.example/#/today",
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, "failed"), (403, "failed"), (413, "failed"), (429, "retry"), (500, "retry"), (507, "retry")],
)
def test_each_answer(status: int, outcome: str, server: NtfyServer) -> None:
    server.script((status, {"Retry-After": "7"}))
    (result,) = Ntfy(server.url).send([NOTICE])
    assert (result.outcome, result.retry_after) == (outcome, 7.0 if outcome == "retry" else None)


def test_a_redirect_is_never_followed_and_a_server_that_is_away_means_later(server: NtfyServer) -> None:
    server.script((307, {"Location": f"{server.url}/elsewhere"}))
    assert [result.outcome for result in Ntfy(server.url).send([NOTICE])] == ["failed"]
    assert server.published == []
    assert [result.outcome for result in Ntfy("http://127.0.0.1:9").send([NOTICE])] == ["retry"]
