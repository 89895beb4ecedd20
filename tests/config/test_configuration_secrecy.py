"""No value of a configuration ever shows in a finding, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.config.errors import ConfigFindingsError
from config.orchard_plugin import load_config

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "c4n4ry-s3cr3t"
LINES = (
    "globals: {{id: g1, name: {}}}",
    "outputs: {{console_1: {{type: {}}}}}",
    "inputs: {{fruit: {{id: f1, credentials: {}, services: {{apples: {}}}}}}}",
)
TEXTS = (
    CANARY,
    f'"{CANARY}\\n"',
    f"[{CANARY}]",
    f"{{a: {CANARY}}}",
    f"{{a:{CANARY}: 1}}",
    f"*{CANARY}",
    f"!{CANARY}",
    f"!!{CANARY} x",
    f"&{CANARY} x",
    f"&{CANARY} [*{CANARY}]",
    f"@{CANARY}",
    f"%{CANARY}",
    f'"{CANARY}',
    f"!!int {CANARY}",
    f"? {CANARY}",
    f"${{{CANARY}}}",
    f'"${{{CANARY}}}"',
    f'"${{NAME:{CANARY}}}"',
    '"${SECRET}"',
    '"${SECRET:-x} ${file:' + CANARY * 30 + '}"'[:40] + '"',
    f"{{token: {CANARY}, user: {CANARY}, password: 1}}",
    f"{{user: {CANARY}}}",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", range(len(LINES)))
def test_values_never_show_in_findings(tmp_path: Path, place: int, text: str) -> None:
    """A secret in any place and any wrong form stays out of the error's text."""
    good = ("c", "console", "{token: t}")
    values = [text if at == place else value for at, value in enumerate(good)]
    lines = [line.format(v, "{}") for line, v in zip(LINES, values, strict=True)]
    file = tmp_path / "config.yaml"
    file.write_text("\n".join(lines), "utf-8")

    shown = ""
    try:
        config = load_config(file, environment={"SECRET": CANARY})
        shown = repr(config.inputs) + str(config.warnings)
    except ConfigFindingsError as err:
        shown = f"{err} {err!r} {err.findings!r}"

    assert CANARY not in shown


_PASTED = (
    f"-----BEGIN PRIVATE KEY----- {CANARY}",
    f"{CANARY}\\n{CANARY}",
    f"{CANARY}{'0' * 300}",
)


@pytest.mark.parametrize("key", ["chain", "cert", "key"])
@pytest.mark.parametrize("content", _PASTED, ids=["pem", "lines", "one long line"])
def test_pasted_key_is_not_quoted_as_a_file_name(
    tmp_path: Path, key: str, content: str
) -> None:
    """Who pastes a private key where its file belongs does not find it in a log."""
    files = {"chain": "c", "cert": "c", "key": "c", key: content}
    fields = ", ".join(f'{name}: "{text}"' for name, text in files.items())
    output = (
        f"{{type: devo_platform, config: {{address: a.example, port: 1, {fields}}}}}"
    )
    text = f"{LINES[0].format('c')}\noutputs: {{devo_1: {output}}}\n"
    file = tmp_path / "config.yaml"
    file.write_text(text + LINES[2].format("{token: t}", "{region: north}"), "utf-8")

    with pytest.raises(ConfigFindingsError) as caught:
        load_config(file)

    assert CANARY not in str(caught.value)
    assert "CF308 no readable file (give the name of a file" in str(caught.value)
