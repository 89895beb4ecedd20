"""The Collector Server's pair of files as one configuration.

One file has the inputs, the other everything else under older names. Every value keeps
the place it has in its own file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.project import codes
from collector_host.config.project.faults import breach, config_fault
from collector_lint.document import Document
from collector_lint.findings import shown_key, shown_path

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
_JOB_KEYS: Final = frozenset({"inputs", "global_overrides"})


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
        for key in given.keys() - _JOB_KEYS if is_wrapped else ():
            message = "nothing reads this key here: outputs and settings stand in the"
            message += " collector's file, and settings also under global_overrides"
            self._warn(self._job, (key,), message, code=codes.UNREAD, at_key=True)
        self.data["inputs"] = dict(inputs)
        self.origins["inputs",] = (self._job, where)

    def take_globals(self) -> None:
        if not self._other.mapping(()):
            self._wrong(self._other, (), 11, "the collector's file is no mapping")
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
        known = self.origins.get(("globals", name))
        # What a job overrides contradicts nothing: it is meant to differ.
        if known is not None and known[0] is document:
            at = known[1]
            if document.mapping(at[:-1]).get(str(at[-1])) != value:
                self._contradicted(document, at, str(where[-1]))
        settings[name] = value
        self.origins["globals", name] = (document, where)
        if name == "persistence" and isinstance(value, dict):
            block = cast("dict[str, Any]", value)
            settings[name] = self._with_config(
                block, ("globals", name), (document, where), _STORE_RENAMED
            )

    def take_outputs(self) -> None:
        loggers = self._other.mapping(()).get("loggers")
        if not isinstance(loggers, list) or not loggers:
            self._wrong(self._other, ("loggers",), 11, "loggers must be a list")
            loggers = []
        outputs: dict[str, Any] = {}
        for index, logger in enumerate(cast("list[Any]", loggers)):
            block = cast("dict[str, Any]", logger if isinstance(logger, dict) else {})
            name = str(block.get("name", f"logger_{index + 1}"))
            path, where = ("outputs", name), ("loggers", index)
            if name in outputs:
                message = "a later logger has the same name: this one gets nothing"
                hint = "give each logger a name of its own"
                self._warn(self._other, self.origins[path][1], message, hint=hint)
            self.origins[path] = (self._other, where)
            outputs[name] = self._with_port(
                path, self._with_config(block, path, (self._other, where), _RENAMED)
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
            at = (*path, "config", name)
            if name in config and config[name] != value:
                self._contradicted(document, self.origins[at][1], str(place[-1]))
            config[name] = value
            self.origins[at] = (document, (*where, *place))
        return result

    def _with_port(self, path: DataPath, block: dict[str, Any]) -> dict[str, Any]:
        """Part an address of the form `host:port`, with or without a scheme."""
        config = block["config"]
        address = config.get("address")
        if isinstance(address, str):
            host, _, port = address.rpartition("://")[2].rstrip("/").rpartition(":")
            if host and port.isdecimal():
                config["address"] = host
                given = config.setdefault("port", int(port))
                if str(given) != port:
                    document, where = self.origins[*path, "config", "address"]
                    self._contradicted(document, where, "port")
        return block

    def _contradicted(self, document: Document, path: DataPath, other: str) -> None:
        message = f"{shown_key(other)} says something else, and counts"
        self._warn(document, path, message, hint="keep one of them")

    def _warn(  # noqa: PLR0913  a finding has that many parts
        self,
        document: Document,
        path: DataPath,
        message: str,
        *,
        hint: str = "",
        code: str = codes.CONTRADICTION,
        at_key: bool = False,
    ) -> None:
        self.findings.append(
            document.finding(
                path, code, message, hint=hint, at_key=at_key, severity="warning"
            )
        )

    def _wrong(
        self, document: Document, path: DataPath, number: int, cause: str
    ) -> None:
        message = config_fault(number, cause)
        self.findings.append(breach(document, path, message))
