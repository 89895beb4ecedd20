"""Ctrl-C ends the command with 130, with all its processes and without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from collector_lint import example_files as files
from support.linting import write_files

HEAD = """\
import os, signal, sys
from collector_lint import engine, processes
from collector_lint.cli import main
sys.argv = ["collector-lint", "."]
"""
ALONE = (
    HEAD
    + """\
def look(*_):
    os.kill(os.getpid(), signal.SIGINT)
    return iter(())
engine._look_at = look
main()
"""
)
MANY = (
    HEAD
    + """\
processes.WORTHWHILE = 2
os.sched_getaffinity = lambda _: {0, 1}
parent = os.getpid()
def look(*_):
    if os.getpid() != parent:
        os.write(int(os.environ["READY"]), b".")
        signal.pause()
    return iter(())
engine._look_at = look
main()
"""
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with four files."""
    names = ("a.yaml", "b.yaml", "c.yaml")
    write_files(tmp_path, files.BESIDE_CONFIG)
    write_files(tmp_path, dict.fromkeys(names, files.CONFIG))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_interrupt_ends_with_130() -> None:
    """In the middle of a check."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE], check=False, capture_output=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_interrupt_ends_all_processes() -> None:
    """A terminal interrupts each of them; none shows a traceback, none is left."""
    ready, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", MANY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "READY": str(writer)},
        pass_fds=(writer,),
        start_new_session=True,
    )
    os.close(writer)
    assert os.read(ready, 1) == b"."
    assert os.read(ready, 1) == b"."

    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()

    assert (process.returncode, out, err) == (130, b"", b"")
    # The last process that could write has ended.
    assert os.read(ready, 1) == b""
    os.close(ready)


def test_interrupted_mend_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is as it was, and there is no second one."""
    from collector_lint.mending import fixing  # noqa: PLC0415
    from collector_lint.target import Target  # noqa: PLC0415

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    file = folder / "a.yaml"
    before = sorted(folder.iterdir())
    target = Target("a.yaml", "config", folder, file, file.read_bytes())

    with pytest.raises(KeyboardInterrupt):
        fixing.write(fixing.Change(target, b"x", 1))

    assert sorted(folder.iterdir()) == before
    assert file.read_text("utf-8") == files.CONFIG
