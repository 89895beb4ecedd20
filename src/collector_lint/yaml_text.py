"""From YAML text to plain data with places, by PyYAML's rules of YAML 1.1.

Two rules differ on purpose: timestamps stay text, because modules expect the text the
user wrote, and a mapping's keys are text and unique. It knows nothing of schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import yaml

from collector_lint import codes
from collector_lint.document import START, DataPath, Document, Position, finding_at
from collector_lint.lines import Lines
from collector_lint.yaml_guard import RefusedError, guard, place
from collector_lint.yaml_scalars import (
    KINDS,
    MERGE,
    TAG,
    TEXT,
    PlainResolver,
    ScalarError,
    construct,
)

if TYPE_CHECKING:
    from collector_lint.findings import Finding

_ANCHOR = "a text that starts with & must be in quotes"
_TEMPLATE = "a text that starts with { must be in quotes; {{ }} is filled in by nobody"
_LINE_OF_ITS_OWN = "write it without quotes, on a line of its own outside [ ] and { }"
_Pair: TypeAlias = tuple[yaml.ScalarNode, yaml.Node]


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = PlainResolver.yaml_implicit_resolvers


def parse_yaml(text: str, name: str) -> tuple[Document | None, list[Finding]]:
    """Build a document from YAML text.

    Returns:
        The document, or None when the text cannot be built, and every mistake found.
    """
    lines = Lines(text)
    try:
        idle_anchors = guard(lines)
        node = yaml.compose(text, Loader=_Loader)
    except RefusedError as err:
        return None, [finding_at(name, err.position, err.code, str(err), hint=err.hint)]
    except yaml.YAMLError as err:
        return None, [_syntax(name, lines, err)]
    if node is None:
        return None, [finding_at(name, START, codes.DOCUMENTS, "the file is empty")]
    builder = _Builder(name, lines, idle_anchors)
    data = builder.build(node, ())
    if data is None and not builder.findings:
        # Each missing key would be told, though what is missing is all of it.
        spot = builder.values[()]
        return None, [finding_at(name, spot, codes.DOCUMENTS, "the file holds no data")]
    document = Document(
        file=name,
        data=data,
        keys=builder.keys,
        values=builder.values,
        plain=frozenset(builder.plain),
        damaged=frozenset(builder.damaged),
        quoted=builder.quoted,
    )
    return document, builder.findings


class _Builder:
    def __init__(self, name: str, lines: Lines, idle_anchors: frozenset[int]) -> None:
        self._idle_anchors = idle_anchors
        self._name = name
        self._lines = lines
        self.keys: dict[DataPath, Position] = {}
        self.values: dict[DataPath, Position] = {}
        self.plain: set[DataPath] = set()
        self.damaged: set[DataPath] = set()
        self.quoted: dict[DataPath, str] = {}
        self._is_flow = False
        self.findings: list[Finding] = []

    def _place(self, node: yaml.Node) -> Position:
        return place(node, self._lines)

    def build(self, node: yaml.Node, path: DataPath) -> object:
        outside = self._is_flow
        if isinstance(node, yaml.CollectionNode):
            self._is_flow = outside or bool(node.flow_style)
        built = self._built(node, path)
        self._is_flow = outside
        return built

    def _built(self, node: yaml.Node, path: DataPath) -> object:
        self.values[path] = self._place(node)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{TAG}map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{TAG}seq":
            entries = cast("list[yaml.Node]", node.value)
            return [self.build(entry, (*path, i)) for i, entry in enumerate(entries)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        return self._tagged(node, path)

    def _scalar(self, node: yaml.ScalarNode, path: DataPath) -> object:
        text = cast("str", node.value)
        if not text and node.start_mark and node.start_mark.index in self._idle_anchors:
            message = "the value is an anchor for aliases, and nothing else"
            return self._damage(node, path, codes.ALIAS, message, _ANCHOR)
        if not node.style:
            self.plain.add(path)
        elif self._is_flow and "${" in text:
            self.quoted[path] = _LINE_OF_ITS_OWN
        if node.tag in {TEXT, MERGE}:
            return text
        if node.tag not in KINDS:
            return self._tagged(node, path)
        try:
            return construct(node.tag, text)
        except ScalarError as err:
            return self._damage(node, path, codes.SCALAR, str(err))

    def _tagged(self, node: yaml.Node, path: DataPath) -> None:
        # The tag is not shown: it may be a password that starts with "!".
        message = "a type tag is not allowed"
        hint = "only plain data is; a text that starts with ! must be in quotes"
        self._damage(node, path, codes.TAG, message, hint)

    def _mapping(self, node: yaml.MappingNode, path: DataPath) -> dict[str, object]:
        built: dict[str, object] = {}
        for key_node, value_node in self._merged(node, path):
            key = cast("str", key_node.value)
            self.keys[*path, key] = self._place(key_node)
            built[key] = self.build(value_node, (*path, key))
        return built

    def _merged(self, node: yaml.MappingNode, path: DataPath) -> list[_Pair]:
        """Return the pairs that stand: own ones, then merged ones not overridden."""
        pairs: dict[str, _Pair] = {}
        inherited: list[_Pair] = []
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if key.tag == MERGE:
                inherited += self._inherited(value, path)
            elif not isinstance(key, yaml.ScalarNode):
                hint = _TEMPLATE if isinstance(key, yaml.MappingNode) else ""
                self._note(key, path, codes.KEY_TYPE, "a key must be text", hint)
            else:
                self._check_key(key, value, path, known=key.value in pairs)
                pairs[cast("str", key.value)] = (key, value)
        for pair in inherited:
            pairs.setdefault(cast("str", pair[0].value), pair)
        return list(pairs.values())

    def _inherited(self, value: yaml.Node, path: DataPath) -> list[_Pair]:
        if isinstance(value, yaml.MappingNode):
            return self._merged(value, path)
        if isinstance(value, yaml.SequenceNode):
            entries = cast("list[yaml.Node]", value.value)
            if all(isinstance(entry, yaml.MappingNode) for entry in entries):
                return [p for entry in entries for p in self._inherited(entry, path)]
        message = "<< merges a mapping or a list of mappings"
        self._note(value, path, codes.ALIAS, message)
        return []

    def _check_key(
        self, key: yaml.ScalarNode, value: yaml.Node, path: DataPath, *, known: bool
    ) -> None:
        if known:
            message = "the key is given twice"
            self._note(key, path, codes.DUPLICATE_KEY, message, "remove one of them")
            # What is wrong with one of two values is no news; below them it is.
            if isinstance(value, yaml.ScalarNode):
                self.damaged.add((*path, cast("str", key.value)))
        if key.tag != TEXT:
            read_as = KINDS.get(key.tag, "something else")
            message = f"the key is read as {read_as}, not as text"
            self._note(key, path, codes.KEY_TYPE, message, "write it in quotes")

    def _damage(
        self,
        node: yaml.Node,
        path: DataPath,
        code: str,
        message: str,
        hint: str = "",
    ) -> None:
        self.damaged.add(path)
        self._note(node, path, code, message, hint)

    def _note(
        self,
        node: yaml.Node,
        path: DataPath,
        code: str,
        message: str,
        hint: str = "",
    ) -> None:
        finding = finding_at(
            self._name, self._place(node), code, message, path=path, hint=hint
        )
        self.findings.append(finding)


def _syntax(name: str, lines: Lines, err: yaml.YAMLError) -> Finding:
    # Most files are right: they wait for none of this.
    from collector_lint.diagnosis.trouble import Trouble  # noqa: PLC0415
    from collector_lint.diagnosis.yaml_syntax import diagnose  # noqa: PLC0415

    mark = err.problem_mark if isinstance(err, yaml.MarkedYAMLError) else None
    if not isinstance(err, yaml.MarkedYAMLError) or mark is None:
        return finding_at(name, START, codes.SYNTAX, "not YAML")
    since = err.context_mark.index if err.context_mark else -1
    found = diagnose(
        Trouble(lines, err.problem or "", mark.index, err.context or "", since)
    )
    place = Position(*lines.place(found.offset))
    return finding_at(name, place, codes.SYNTAX, found.message, hint=found.hint)
