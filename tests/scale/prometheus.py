"""A real Prometheus with the alert rules that operators get, unmodified."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from server.bootstrap import ROOT
from tests.scale.processes import Process, free_port, wait_until

RULES = ROOT / "deploy" / "alerts.yml"
FIRING = 'ALERTS{alertstate="firing"}'


class Prometheus:
    """Which alerts fire, and which fired."""

    def __init__(self, url: str) -> None:
        self._url = url

    def firing(self) -> set[str]:
        """Now."""
        return _names(self._ask("query", query=FIRING))

    def fired(self, since: datetime, until: datetime) -> set[str]:
        """At any second in between."""
        between = {"start": since.timestamp(), "end": until.timestamp(), "step": "1s"}
        return _names(self._ask("query_range", query=FIRING, **between))

    def hears(self, targets: int) -> bool:
        """Whether the last answer of so many web processes could be read."""
        return len(self._ask("query", query="up == 1")) == targets

    def _ask(self, what: str, **params: Any) -> list[dict[str, Any]]:
        reply = requests.get(f"{self._url}/api/v1/{what}", params=params, timeout=10)
        reply.raise_for_status()
        found: list[dict[str, Any]] = reply.json()["data"]["result"]
        return found


def _names(series: list[dict[str, Any]]) -> set[str]:
    """`Late`, and `PushFault 127.0.0.4` of those that are about one push service."""
    labels = [one["metric"] for one in series]
    return {f"{label['alertname'].removeprefix('Footwell')} {label.get('service', '')}".strip() for label in labels}


@contextmanager
def prometheus(folder: Path, targets: Sequence[str], *, every: int) -> Iterator[Prometheus]:
    """One that runs: it reads these hosts' /metrics, and judges the rules, each `every` seconds."""
    seconds = {"scrape_interval": f"{every}s", "evaluation_interval": f"{every}s", "scrape_timeout": f"{every}s"}
    job = {"job_name": "footwell", "static_configs": [{"targets": list(targets)}]}
    file = folder / "prometheus.yml"  # JSON is YAML
    file.write_text(json.dumps({"global": seconds, "rule_files": [str(RULES)], "scrape_configs": [job]}))
    place = f"127.0.0.1:{free_port()}"
    options = [f"--config.file={file}", f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address={place}"]
    process = Process(["prometheus", *options, "--log.level=warn"], folder / "prometheus.log")
    process.start()
    try:
        url = f"http://{place}"
        wait_until("Prometheus is ready", lambda: requests.get(f"{url}/-/ready", timeout=5).ok, within=60)
        yield Prometheus(url)
    finally:
        process.stop()
