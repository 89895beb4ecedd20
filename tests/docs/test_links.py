"""Pages name files, tests and snippets that are really there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.config.loading import load
from collector_host.plugins.manager import Plugins
from collector_lint.loader import parse
from docs.pages import PAGES, ROOT, code_words, page, prose, snippets

if TYPE_CHECKING:
    from collector_host.config.model import Config

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"(?:\.ci|benchmarks|definitions|docs|examples|modules|schemas|src|tests)/\S*"
)
_TARGET = re.compile(r"`make ([a-z]+)")
_SPOKEN = {"definitions/<service>.yaml"}
"""Stand for a name that a reader chooses."""

ENVIRONMENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "example-key-id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "example-key-secret",
}
CERTIFICATES = ("chain.crt", "example.crt", "example.key", "demo.crt", "demo.key")


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", prose(file.read_text("utf-8")), re.MULTILINE)
    kept = (re.sub(r"[^\w -]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_relative_link_leads_somewhere(file: Path) -> None:
    """Every link to a file or a heading of ours has its end."""
    for link in _LINK.findall(prose(file.read_text("utf-8"))):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (file.parent / name).resolve() if name else file
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_named_file_exists(file: Path) -> None:
    """Every path written as code is there, and every test named with it."""
    for word in code_words(file.read_text("utf-8")):
        if word in _SPOKEN or not _PATH.fullmatch(word):
            continue
        path, _, test = word.partition("::")
        found = list(ROOT.glob(path.rstrip("/")))
        assert found, word
        assert not test or f"def {test}(" in found[0].read_text("utf-8"), word


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_named_make_target_exists(file: Path) -> None:
    """Every `make` target that a page mentions can be made."""
    makefile = page("Makefile")

    for target in _TARGET.findall(file.read_text("utf-8")):
        assert f"\n{target}: " in makefile, target


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_yaml_snippet_parses(file: Path) -> None:
    """Every YAML snippet is YAML without a finding."""
    for form, text in snippets(file.read_text("utf-8")):
        if form.split()[:1] == ["yaml"]:
            document, findings = parse(text.encode(), "snippet.yaml")
            assert document is not None, text
            assert not findings, text


def _load(folder: Path, text: str) -> Config:
    (folder / "certs").mkdir()
    for name in CERTIFICATES:
        (folder / "certs" / name).touch()
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    plugins = Plugins.installed()
    return load(
        file,
        definitions=plugins.definitions,
        schemas=plugins.schemas,
        secrets=plugins.secrets,
        environment=ENVIRONMENT,
    )


def _complete() -> list[tuple[str, str]]:
    found = [
        (f"{_name(file)}:{number}", text)
        for file in PAGES
        for number, (form, text) in enumerate(snippets(file.read_text("utf-8")))
        if form == "yaml complete"
    ]
    return [*found, ("examples/config.yaml", page("examples/config.yaml"))]


@pytest.mark.parametrize(
    "text", [text for _, text in _complete()], ids=[name for name, _ in _complete()]
)
def test_complete_configuration_loads(text: str, tmp_path: Path) -> None:
    """A configuration shown as complete is taken without a finding."""
    assert not _load(tmp_path, text).warnings


def test_policies_of_the_page_are_the_examples() -> None:
    """The policies in the text are the files that it points to."""
    shown = [text for form, text in snippets(page("docs/setup.md")) if form == "json"]

    files = ("examples/ram-policy.json", "examples/ram-policy-log-service.json")
    assert shown == [page(file) for file in files]
