"""Whatever stands in a configuration: it is taken, or refused with places, in no time.

The loader is the real one over the shipped definitions; only the files that never
change, schemas and definitions, are loaded once instead of for every document.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from alibaba_cloud import plugin
from collector_host.config import loading
from collector_host.config.errors import ConfigFindingsError
from collector_host.config.loading import load
from collector_lint import yaml_guard
from collector_lint.loader import parse
from fakes.actiontrail import ROOT
from fuzz.hostile_documents import hostile_document

CANARY = "c4n4ry/S3cr3t+0123456789="
PLACED = re.compile(
    r"(?P<file>[^\n]*?):(?P<line>\d+):(?P<column>\d+): [A-Z]{2}\d{3} \S"
)
LONGEST_S = 5.0
"""CPU time no document may cost: far above what any does, far below a hang."""


def _yaml_document() -> bytes:
    text = (ROOT / "examples" / "config.yaml").read_text("utf-8")
    return text.replace("${ALIBABA_CLOUD_ACCESS_KEY_SECRET}", CANARY).encode()


def _json_document() -> bytes:
    return json.dumps(yaml.safe_load(_yaml_document()), indent=1).encode()


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember schemas and definitions, and take documents from memory."""
    schemas, catalogue = cache(loading.load_schemas), cache(loading.load_catalogue)
    monkeypatch.setattr(loading, "load_schemas", lambda files: schemas(tuple(files)))
    monkeypatch.setattr(
        loading, "load_catalogue", lambda files, known: catalogue(tuple(files), known)
    )
    monkeypatch.setattr(
        loading, "load_document", lambda file: parse(_CONTENT[file], str(file))
    )


_CONTENT: dict[Path, bytes] = {}
DEFINITIONS = tuple(plugin.collector_definitions())
SCHEMAS = tuple(plugin.collector_schemas())
SECRETS = tuple(plugin.collector_secrets())


def _load(file: Path, data: bytes) -> Any:
    _CONTENT[file] = data
    return load(
        file,
        definitions=DEFINITIONS,
        schemas=SCHEMAS,
        secrets=SECRETS,
        environment={"NAME": "north", "ALIBABA_CLOUD_ACCESS_KEY_ID": "id"},
    )


def _refused(folder: Path, seed: int, size: int) -> int:
    """Load so many documents; return how many were refused, each in the right form."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secrets
    originals = {"config.yaml": _yaml_document(), "config.json": _json_document()}
    refused = 0
    for _ in range(size):
        name = dice.choice(("config.yaml", "config.yaml", "config.json"))
        data = hostile_document(originals[name], dice)
        file = folder / name
        started_at = time.thread_time()
        refused += _is_refused(file, data)
        assert time.thread_time() - started_at < LONGEST_S, data
    return refused


def _is_refused(file: Path, data: bytes) -> bool:
    try:
        config = _load(file, data)
    except ConfigFindingsError as error:
        _check_form(error, data)
        return True
    assert CANARY not in repr(config)
    return False


def _check_form(error: ConfigFindingsError, data: bytes) -> None:
    assert any(one.severity == "error" for one in error.findings)
    last_line = len(re.split(rb"\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9]", data)) + 1
    for finding in error.findings:
        match = PLACED.match(str(finding))
        assert match, finding
        assert 1 <= int(match["line"]) <= last_line, (finding, data)
        assert int(match["column"]) >= 1
        assert len(str(finding)) < 2000
    assert CANARY not in str(error)
    assert CANARY[:12] not in str(error)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Return the configuration's folder with the files it names."""
    for name in ("chain.crt", "example.crt", "example.key"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("name", ["config.yaml", "config.json"])
def test_original_is_taken(folder: Path, name: str) -> None:
    """What is changed below was right before."""
    data = _yaml_document() if name == "config.yaml" else _json_document()

    assert not _is_refused(folder / name, data)


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_hostile_documents_are_taken_or_refused_with_places(
    seed: int, folder: Path
) -> None:
    """No exception but the one that lists findings, each with its place."""
    assert 0 < _refused(folder, seed, 2_500) < 2_500


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 110))
def test_hundred_thousand_hostile_documents_are_taken_or_refused_with_places(
    seed: int, folder: Path
) -> None:
    """The same for a hundred thousand."""
    assert 0 < _refused(folder, seed, 10_000) < 10_000


def test_campaign_finds_a_missing_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the bound on depth and size, a small bomb becomes an exception."""
    monkeypatch.setattr(yaml_guard, "MAX_DEPTH", sys.maxsize)
    monkeypatch.setattr(yaml_guard, "MAX_NODES", sys.maxsize)
    file = tmp_path / "config.yaml"
    data = b"a: " + b"[" * 3000 + b"]" * 3000

    with pytest.raises(RecursionError):
        _is_refused(file, data)
