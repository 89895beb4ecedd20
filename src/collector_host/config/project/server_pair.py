"""The Collector Server's pair of files as one configuration.

One file has the inputs, the other everything else under older names. Every value keeps
the place it has in its own file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.project.faults import breach, config_fault
from collector_lint.document import Document
from collector_lint.findings import shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.document import DataPath, Position
    from collector_lint.findings import Finding, Severity

_RENAMED: Final = {
    "dir": "directory_name",
    "chain_loc": "chain",
    "cert_loc": "cert",
    "key_loc": "key",
    "location": "address",
    "url": "address",
}
_STORE_RENAMED: Final = {"dir": "directory_name"}
_GLOBAL_NAMES: Final = {
    "job_id": "id",
    "job_name": "name",
    "state_store": "persistence",
}
_BESIDE_CONFIG: Final = frozenset(
    {"type", "name", "config", "enabled", "required", "senders", "delivery"}
)
_DEVO: Final = "devo_platform"


@dataclass(frozen=True, slots=True)
class PairedDocument(Document):
    """A document whose parts stand in different files.

    Attributes:
        origins: Path here -> the document and the path where it stands.
    """

    origins: Mapping[DataPath, tuple[Document, DataPath]] = field(
        default_factory=dict[Any, Any], repr=False
    )

    def position(self, path: DataPath, *, at_key: bool = False) -> Position:
        """Return the place in the file the path comes from."""
        document, where = self._origin(path)
        return document.position(where, at_key=at_key)

    def finding(  # noqa: PLR0913  a finding has that many parts
        self,
        path: DataPath,
        code: str,
        message: str,
        *,
        hint: str = "",
        at_key: bool = False,
        severity: Severity = "error",
    ) -> Finding:
        """Make a finding about the value (or the key) the path comes from.

        File and place are those of the origin, the path is that of the whole.
        """
        document, where = self._origin(path)
        finding = document.finding(
            where, code, message, hint=hint, at_key=at_key, severity=severity
        )
        return replace(finding, path=shown_path(path))

    def _origin(self, path: DataPath) -> tuple[Document, DataPath]:
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                document, where = self.origins[path[:length]]
                return document, (*where, *path[length:])
        return self.origins[()]


def paired(
    job: Document, other: Document
) -> tuple[PairedDocument, tuple[Finding, ...]]:
    """Return both files as one configuration, and what is wrong with their structure.

    Args:
        job: The inputs, with `global_overrides` beside them or bare.
        other: Everything else.
    """
    merge = _Merge(job, other)
    merge.take_inputs()
    merge.take_globals()
    merge.take_outputs()
    document = PairedDocument(
        file=job.file,
        data=merge.data,
        keys={},
        values={},
        origins=merge.origins,
    )
    return document, tuple(merge.findings)


class _Merge:
    def __init__(self, job: Document, other: Document) -> None:
        self._job = job
        self._other = other
        self.data: dict[str, Any] = {}
        self.origins: dict[DataPath, tuple[Document, DataPath]] = {(): (other, ())}
        self.findings: list[Finding] = []

    def take_inputs(self) -> None:
        given = self._job.mapping(())
        is_wrapped = "inputs" in given or "global_overrides" in given
        where: DataPath = ("inputs",) if is_wrapped else ()
        inputs = self._job.mapping(where)
        if not inputs:
            self._wrong(self._job, where, 10, "the file of inputs has no inputs")
        self.data["inputs"] = dict(inputs)
        self.origins["inputs",] = (self._job, where)

    def take_globals(self) -> None:
        if not self._other.mapping(()):
            self._wrong(
                self._other, (), 11, "the collector's file is empty or no mapping"
            )
        settings: dict[str, Any] = {}
        for key, value in self._other.mapping(()).items():
            if key != "loggers":
                self._global(settings, self._other, (key,), value)
        given = self._job.mapping(()).get("global_overrides")
        if given is not None and not isinstance(given, dict):
            where = ("global_overrides",)
            self._wrong(self._job, where, 12, "global_overrides must be a mapping")
        for key, value in self._job.mapping(("global_overrides",)).items():
            self._global(settings, self._job, ("global_overrides", key), value)
        self.data["globals"] = settings

    def _global(
        self, settings: dict[str, Any], document: Document, where: DataPath, value: Any
    ) -> None:
        name = _GLOBAL_NAMES.get(str(where[-1]), str(where[-1]))
        settings[name] = value
        self.origins["globals", name] = (document, where)
        if name == "persistence" and isinstance(value, dict):
            block = cast("dict[str, Any]", value)
            settings[name] = self._with_config(
                block, ("globals", name), (document, where), _STORE_RENAMED
            )

    def take_outputs(self) -> None:
        if not self._other.mapping(()):
            return  # said by `take_globals`
        loggers = self._other.mapping(()).get("loggers")
        if not isinstance(loggers, list) or not loggers:
            cause = "loggers must be a list with one at least"
            self._wrong(self._other, ("loggers",), 11, cause)
            loggers = []
        outputs: dict[str, Any] = {}
        for index, logger in enumerate(cast("list[Any]", loggers)):
            if not isinstance(logger, dict):
                cause = "each of loggers must be a mapping"
                self._wrong(self._other, ("loggers", index), 11, cause)
                continue
            block = cast("dict[str, Any]", logger)
            name = str(block.get("name", f"logger_{index + 1}"))
            path, where = ("outputs", name), ("loggers", index)
            self.origins[path] = (self._other, where)
            outputs[name] = _split_port(
                self._with_config(block, path, (self._other, where), _RENAMED)
            )
            if outputs[name].get("type") in {"devo", None}:
                outputs[name]["type"] = _DEVO
        self.data["outputs"] = outputs

    def _with_config(
        self,
        block: dict[str, Any],
        path: DataPath,
        origin: tuple[Document, DataPath],
        renamed: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return a block whose settings are under `config`, under today's names."""
        document, where = origin
        config: dict[str, Any] = {}
        result = {key: block[key] for key in _BESIDE_CONFIG & block.keys()}
        result.pop("name", None)
        nested = block.get("config")
        result["config"] = config
        settings = {
            (key,): value for key, value in block.items() if key not in _BESIDE_CONFIG
        }
        if isinstance(nested, dict):
            inner = cast("dict[str, Any]", nested)
            settings |= {("config", key): value for key, value in inner.items()}
        for place, value in settings.items():
            name = renamed.get(place[-1], place[-1])
            config[name] = value
            self.origins[*path, "config", name] = (document, (*where, *place))
        return result

    def _wrong(
        self, document: Document, path: DataPath, number: int, cause: str
    ) -> None:
        message = config_fault(number, cause)
        self.findings.append(breach(document, path, message))


def _split_port(block: dict[str, Any]) -> dict[str, Any]:
    """Part an address of the form `host:port`, with or without a scheme."""
    config = block["config"]
    address = config.get("address")
    if isinstance(address, str):
        host, _, port = address.rpartition("://")[2].rstrip("/").rpartition(":")
        if host and port.isdecimal():
            config["address"] = host
            config.setdefault("port", int(port))
    return block
