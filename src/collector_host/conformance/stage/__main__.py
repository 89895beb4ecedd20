"""Makes a process for every order it reads, with everything heavy imported already.

One line of JSON on stdin is an order: its file, where its log goes, where it runs. One
line on stdout is its process's id, another one its exit code. It is a process with one
thread, because only that may be forked.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import selectors
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from collector_host.conformance.stage.orders import Order
from collector_host.conformance.stage.running import run

if TYPE_CHECKING:
    from typing import NoReturn

_SLOW_TO_IMPORT: Final = "collector_host.delivery.transports.devo_transport"


def main() -> None:
    """Serve until stdin ends."""
    importlib.import_module(_SLOW_TO_IMPORT)
    with selectors.DefaultSelector() as waiting:
        waiting.register(0, selectors.EVENT_READ)
        buffered = b""
        while True:
            for key, _ in waiting.select():
                if key.fd != 0:
                    waiting.unregister(key.fd)
                    os.close(key.fd)
                    _say("ended", key.data, _exit_code(key.data))
                    continue
                read = os.read(0, 65_536)
                if not read:
                    return
                *lines, buffered = (buffered + read).split(b"\n")
                for line in lines:
                    process = _fork(json.loads(line))
                    waiting.register(
                        os.pidfd_open(process), selectors.EVENT_READ, process
                    )
                    _say("begun", process, 0)


def _say(what: str, process: int, code: int) -> None:
    os.write(1, f"{json.dumps([what, process, code])}\n".encode())


def _exit_code(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _fork(task: dict[str, Any]) -> int:
    process = os.fork()
    if not process:
        _live(task)
    return process


def _live(task: dict[str, Any]) -> NoReturn:
    """Be the process of one order."""
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(task["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(task["folder"])
        code = run(Order.from_json(Path(task["order"]).read_text("utf-8")))
    except BaseException:
        logging.getLogger(__name__).exception("the stage failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
