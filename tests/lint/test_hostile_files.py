"""Whatever the bytes of a file are, loading answers with findings, quickly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_lint.document import leaves
from collector_lint.files import MAX_FILE_BYTES
from collector_lint.loader import load, parse

if TYPE_CHECKING:
    from pathlib import Path

_BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 9))
    for name in b"bcdefgh"
)
_TOWER = (
    b"a0: &a0 "
    + b"[" * 40
    + b"]" * 40
    + b"".join(
        b"\na%d: &a%d %s*a%d%s" % (n, n, b"[" * 40, n - 1, b"]" * 40)
        for n in range(1, 90)
    )
)
CORPUS = {
    "alias bomb": (_BOMB, "SY004"),
    "tower of aliases": (_TOWER, "SY004"),
    "many aliases": (b"a: &a x\nb: [" + b"*a," * 101 + b"]", "SY004"),
    "alias to itself": (b"a: &a [*a]", "SY009"),
    "alias above itself": (b"&a {b: {c: *a}}", "SY009"),
    "merge of itself": (b"a: &a {<<: *a}", "SY009"),
    "anchor twice": (b"a: &a x\nb: &a y\n", "SY003"),
    "brackets": (b"[" * 100_000, "SY004"),
    "braces": (b"{a: " * 100_000, "SY004"),
    "dashes": (b"- " * 100_000, "SY004"),
    "many values": (b"[" + b"1," * 60_000 + b"]", "SY004"),
    "long sexagesimal": (b"a: 1" + b":1" * 200_000, "SY010"),
    "long hexadecimal": (b"a: 0x" + b"f" * 200_000, "SY010"),
    "long float": (b"a: 1." + b"1" * 200_000, "SY010"),
    "nul bytes": (b"\0" * 1000, "SY002"),
    "utf-16 big endian": ("a: 1".encode("utf-16-be"), "SY002"),
    "utf-32": ("a: 1".encode("utf-32"), "SY002"),
    "half a character": (b"a: \xf0\x9f\x98", "SY002"),
    "surrogate": (b"a: \xed\xa0\x80", "SY002"),
    "python tag": (b"!!python/object/apply:os.system ['true']", "SY007"),
    "unknown handle": (b"a: !e!x y", "SY003"),
    "tag directive": (b"%TAG ! tag:yaml.org,2002:python/\n--- !none x", "SY007"),
    "complex keys": (b"? {a: b}\n: ? [c]\n  : d\n", "SY006"),
    "tab": (b"\ta: b", "SY003"),
}


@pytest.mark.parametrize(("data", "code"), CORPUS.values(), ids=CORPUS.keys())
@pytest.mark.timeout(10)
def test_corpus_is_refused(data: bytes, code: str) -> None:
    """Each known attack or accident is answered with its finding."""
    _, findings = parse(data, "c.yaml")

    assert code in {finding.code for finding in findings}
    assert all(finding.line >= 1 and finding.column >= 1 for finding in findings)


_FRAGMENTS = st.sampled_from(
    [
        *(
            b"a: ",
            b"- ",
            b"\n",
            b"  ",
            b"\t",
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b": ",
            b"? ",
        ),
        *(
            b"&a ",
            b"*a",
            b"!!int ",
            b"!!set ",
            b"!x ",
            b"<<: ",
            b"'",
            b'"',
            b"|\n",
            b">",
        ),
        *(
            b"---\n",
            b"...\n",
            b"%TAG ! x\n",
            b"%YAML 1.1\n",
            b"#",
            b"\\",
            b"\xff",
            b"\0",
        ),
        *(
            b"0x",
            b"1:2",
            b"1_",
            b".5",
            b"~",
            b"no",
            b"=",
            b"2001-01-01",
            b"\xc2\x85",
            b"e",
        ),
        *(
            b"null",
            b"-",
            b"\xef\xbb\xbf",
            b"${A}",
            b"\\u0000",
            b"\r",
            b"\0",
            b">",
            b".5",
            b"e",
        ),
    ]
)
_FILES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(_FRAGMENTS, max_size=30).map(b"".join),
)


@settings(max_examples=300)
@given(data=_FILES, name=st.sampled_from(["c.yaml", "c.json"]))
def test_any_bytes_give_findings_or_plain_data(data: bytes, name: str) -> None:
    """No input raises; without a finding there is only plain data, all of it placed."""
    document, findings = parse(data, name)

    assert findings or document is not None
    if document is None:
        return
    for path, value in leaves(document.data):
        assert isinstance(value, str | int | float | bool | dict | list | None)
        assert path in document.values


def test_folder_fifo_and_giant_are_findings(tmp_path: Path) -> None:
    """What is no regular file, or too large a one, is refused without waiting."""
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    giant = tmp_path / "giant.yaml"
    giant.write_bytes(b"#" * (MAX_FILE_BYTES + 1))

    reasons = [load(each)[1][0].message for each in (tmp_path, fifo, giant)]

    assert reasons == [
        "the file cannot be read: is a directory",
        "the file cannot be read: not a regular file",
        f"the file cannot be read: larger than {MAX_FILE_BYTES} bytes",
    ]


@pytest.mark.parametrize("ending", ["", "-le", "-be"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encoding_is_told_also_without_its_mark(
    encoding: str, ending: str
) -> None:
    """By the zeros between its letters; they are no control characters to remove."""
    data = "# größer: 100 €\nglobals: {}\noutputs: {}\n".encode(encoding + ending)

    _, [finding] = parse(data, "x.yaml")

    assert (finding.code, finding.message) == (
        "SY002",
        f"the file is {encoding.upper()}, not UTF-8",
    )
    assert finding.hint.startswith("save the file as UTF-8")


@pytest.mark.parametrize("data", [b"a\0", b"\0", b"a: \0\0\0b", b"a\0\0\0: 1\0"])
def test_other_zeros_are_control_characters(data: bytes) -> None:
    """One zero makes no UTF-16, and four characters no UTF-32."""
    _, [finding] = parse(data, "x.yaml")

    assert finding.message == "control character U+0000"
