"""What a module sends when nothing goes wrong, and how what arrived differs from it.

Plain runs are held against each other first. Fields that change from run to run
(clocks, ids of a pull) are left out of the comparison; where what remains cannot tell
the messages apart, no verdict is given.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from collector_host.conformance.runs import Arrived

Path: TypeAlias = tuple[str | int, ...]
Parts: TypeAlias = "dict[Path, str]"
_TOKENS: Final = re.compile(r"([\s,;|=\"<>()\[\]{}]+)")
_SHOWN: Final = 5
_DIGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """How what arrived differs from what should have.

    Attributes:
        expected: Messages of the plain run.
        lost: Those that never arrived, as `table #number (hash)`.
        repeated: Those that arrived more often.
        misplaced: Those that came before one that stands before them.
        unexpected: How many messages arrived that no plain run has.
    """

    expected: int
    lost: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    unexpected: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The messages of one table in a plain run.

    Attributes:
        tag: Its name.
        keys: One for each message, in order: a digest of what does not change.
        varying: Places inside a message that change from run to run.
        why_not: Why it cannot be compared, or "".
        keeps_order: Whether it has an order that can be judged.
    """

    tag: str
    keys: tuple[str, ...]
    varying: frozenset[Path] = frozenset()
    why_not: str = ""
    keeps_order: bool = True

    def key(self, message: bytes) -> str:
        """Return what stands for a message in comparisons."""
        return _digest(_parts(message), self.varying)

    def difference(self, messages: Iterable[bytes]) -> Difference:
        """Hold what arrived against the plain run."""
        came = [self.key(message) for message in messages]
        expected, found = Counter(self.keys), Counter(came)
        known = [key for key in came if key in expected]
        return Difference(
            expected=len(self.keys),
            lost=self._named(expected - found),
            # What a plain run itself sends twice may well be sent once more.
            repeated=self._named(
                {k: found[k] - 1 for k, n in expected.items() if n == 1 < found[k]}
            ),
            misplaced=self._misplaced(known) if self.keeps_order else (),
            unexpected=len(came) - len(known),
        )

    def _named(self, keys: Mapping[str, int]) -> tuple[str, ...]:
        left = dict(keys)
        names: list[str] = []
        for number, key in enumerate(self.keys, 1):
            if left.get(key, 0) > 0:
                left[key] = 0
                names += [f"{self.tag} #{number} ({key[:_DIGEST]})"] * keys[key]
        return tuple(names)

    def _misplaced(self, came: Sequence[str]) -> tuple[str, ...]:
        """Return what came late: first arrivals that belong before earlier ones."""
        place: dict[str, int] = {}
        for number, key in enumerate(self.keys):
            place.setdefault(key, number)
        late: dict[str, int] = {}
        highest = -1
        for key in dict.fromkeys(came):
            if place[key] < highest:
                late[key] = 1
            highest = max(highest, place[key])
        return self._named(late)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a plain run delivers, table by table.

    Attributes:
        tables: By name.
    """

    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])

    @classmethod
    def of(cls, *runs: Iterable[Arrived]) -> Truth:
        """Learn from plain runs, at least two; the first gives the order."""
        by_run = [by_table(run) for run in runs]
        tags = sorted({tag for tables in by_run for tag in tables})
        return cls({tag: _table(tag, [run[tag] for run in by_run]) for tag in tags})

    def without(self, tables: Collection[str], why: str) -> Truth:
        """Return a truth in which some tables are not compared."""
        return Truth(
            {
                tag: Table(tag, (), why_not=why) if tag in tables else table
                for tag, table in self.tables.items()
            }
        )

    def unordered(self, tables: Collection[str]) -> Truth:
        """Return a truth in which the order of some tables is not judged."""
        return Truth(
            {
                tag: replace(table, keeps_order=table.keeps_order and tag not in tables)
                for tag, table in self.tables.items()
            }
        )

    @property
    def why_not(self) -> str:
        """Return why nothing can be compared, or ""."""
        reasons = [f"{t.tag}: {t.why_not}" for t in self.tables.values() if t.why_not]
        if not self.tables:
            return "a plain run delivers nothing"
        return "; ".join(reasons) if len(reasons) == len(self.tables) else ""

    @property
    def messages(self) -> int:
        """Return how many messages can be compared."""
        return sum(len(t.keys) for t in self.tables.values() if not t.why_not)

    def difference(
        self, arrived: Iterable[Arrived], tables: Collection[str] | None = None
    ) -> Difference:
        """Hold what arrived against the plain run.

        Args:
            arrived: In order.
            tables: Which tables; by default all that can be compared.
        """
        came = by_table(arrived)
        return _sum(
            table.difference(came[tag])
            for tag, table in self.tables.items()
            if not table.why_not and (tables is None or tag in tables)
        )

    def notes(self) -> Iterator[str]:
        """Yield what could not be compared, or only in part."""
        for table in self.tables.values():
            if table.why_not:
                yield f"{table.tag} is not compared: {table.why_not}"
            elif table.varying:
                names = sorted(map(_shown_place, table.varying))
                yield (
                    f"{table.tag} is compared without what changes from run to run:"
                    f" {', '.join(names)}"
                )
            if not table.keeps_order:
                yield f"{table.tag}: chance makes its order, which is not judged"


def by_table(arrived: Iterable[Arrived]) -> defaultdict[str, list[bytes]]:
    """Return the messages of each table, in order."""
    tables: defaultdict[str, list[bytes]] = defaultdict(list)
    for one in arrived:
        tables[one.tag].append(one.message)
    return tables


def shown(names: Sequence[str]) -> str:
    """Return a list of messages as a report shows it: the first ones, and how many."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _table(tag: str, runs: Sequence[Sequence[bytes]]) -> Table:
    numbers = [len(messages) for messages in runs]
    if len({*numbers}) > 1:
        listed = " and ".join(map(str, numbers))
        return Table(tag, (), why_not=f"plain runs delivered {listed} messages")
    parts = [list(map(_parts, messages)) for messages in runs]
    varying = frozenset[Path]().union(
        *(_varying(parts[0], others) for others in parts[1:])
    )
    keys = [tuple(_digest(each, varying) for each in run) for run in parts]
    if any(Counter(others) != Counter(keys[0]) for others in keys):
        return Table(tag, (), why_not="plain runs delivered different messages")
    if varying and len({*keys[0]}) < len({*runs[0]}):
        why = "its messages differ only by what changes from run to run"
        return Table(tag, (), why_not=why)
    return Table(tag, keys[0], varying, keeps_order=len({*keys}) == 1)


def _varying(one: Sequence[Parts], two: Sequence[Parts]) -> frozenset[Path]:
    """Return the places whose values are others in the other run, in any order."""
    values: tuple[defaultdict[Path, Counter[str]], ...] = tuple(
        defaultdict(Counter) for _ in range(2)
    )
    for seen, messages in zip(values, (one, two), strict=True):
        for parts in messages:
            for path, text in parts.items():
                seen[path][text] += 1
    first, second = values
    return frozenset(p for p in first.keys() | second.keys() if first[p] != second[p])


def _shown_place(path: Path) -> str:
    match path:
        case (int(pieces), int(index)):
            return f"word {index // 2 + 1} of texts with {pieces // 2 + 1}"
        case _:
            return ".".join(map(str, path))


def _sum(differences: Iterable[Difference]) -> Difference:
    all_of = list(differences)
    return Difference(
        expected=sum(one.expected for one in all_of),
        lost=tuple(name for one in all_of for name in one.lost),
        repeated=tuple(name for one in all_of for name in one.repeated),
        misplaced=tuple(name for one in all_of for name in one.misplaced),
        unexpected=sum(one.unexpected for one in all_of),
    )


def _parts(message: bytes) -> Parts:
    """Return a message in pieces: the fields of its JSON, or else its words."""
    text = message.decode("utf-8", "replace")
    try:
        data: object = json.loads(text)
    except ValueError:
        data = None
    if isinstance(data, dict):
        return dict(_fields(cast("dict[str, Any]", data), ()))
    words = _TOKENS.split(text)
    return {(len(words), index): word for index, word in enumerate(words)}


def _fields(data: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield from _fields(cast("dict[str, Any]", value), (*path, key))
        else:
            yield (*path, key), json.dumps(value, sort_keys=True)


def _digest(parts: Parts, without: frozenset[Path]) -> str:
    kept = [f"{path}={text}" for path, text in parts.items() if path not in without]
    return sha256("\n".join(kept).encode()).hexdigest()
