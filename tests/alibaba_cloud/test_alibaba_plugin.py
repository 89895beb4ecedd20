"""What the plugin offers, and what it promises about itself."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy
import pytest

import alibaba_cloud
from alibaba_cloud import errors, problems
from alibaba_cloud.clock import SystemClock, clock_of
from alibaba_cloud.instants import parse_instant, to_text, to_wire
from alibaba_cloud.resources import choose_root, data_root
from collector_host.plugins import spec
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(alibaba_cloud.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
_VENDOR = {"devocollectorsdk", "pluggy"}
_OPTIONAL = {"repeats.py": {"xxhash"}}
"""What does without, where it is missing."""


@pytest.fixture(name="hook")
def _hook() -> Any:
    manager = pluggy.PluginManager(spec.NAME)
    manager.add_hookspecs(spec)
    manager.register(importlib.import_module("alibaba_cloud.plugin"))
    manager.check_pending()
    return manager.hook


@pytest.mark.parametrize(
    "name",
    ["collector_pullers", "collector_setups", "collector_submodule_calculators"],
)
def test_named_classes_can_be_loaded(hook: Any, name: str) -> None:
    """Each name of the catalogue leads to a class of that name, which can be made."""
    (offered,) = getattr(hook, name)()

    for class_name, address in offered.items():
        module_name, _, attribute = address.partition(":")
        found = getattr(importlib.import_module(module_name), attribute)
        assert found.__name__ == class_name
        assert not inspect.isabstract(found)


def test_offered_files_exist(hook: Any) -> None:
    """The catalogue comes first; definitions and schemas are there."""
    (definitions,), (schemas,) = hook.collector_definitions(), hook.collector_schemas()

    assert definitions[0].name == "collector_definitions.yaml"
    assert "actiontrail.yaml" in {path.name for path in definitions[1:]}
    assert len(schemas) >= 4
    assert all(path.is_file() for path in [*definitions, *schemas])


def test_secrets_are_named(hook: Any) -> None:
    """Whatever must not be shown is named below the input."""
    (secrets,) = hook.collector_secrets()

    assert {"credentials.access_key_secret", "credentials.security_token"} <= {*secrets}


def test_data_of_an_installed_package_wins(tmp_path: Path) -> None:
    """`_data` beside the package if there is one, else the checkout."""
    assert choose_root(tmp_path, Path("/checkout")) == tmp_path
    assert choose_root(tmp_path / "none", tmp_path) == tmp_path
    assert (data_root() / "collector_definitions.yaml").is_file()


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_source_stays_usable_under_python_3_9(path: Path) -> None:
    """No newer syntax, and nothing newer of the library that we know of."""
    text = path.read_text(encoding="utf-8")

    ast.parse(text, feature_version=(3, 9))
    for newer in (
        "slots=True",
        "kw_only=",
        "strict=True",
        "import UTC",
        "datetime.UTC",
    ):
        assert newer not in text
    assert text.count("from __future__ import annotations") == (
        0 if path.name == "__init__.py" else 1
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_source_imports_little(path: Path) -> None:
    """The standard library and the SDK's package; the vendor's SDK by name only."""
    found = {*_imports(ast.parse(path.read_text(encoding="utf-8")))}

    is_for_linter = path.name == "plugin.py" or path.name.startswith("lint_")
    linter = {"collector_lint"} if is_for_linter else set[str]()
    optional = _OPTIONAL.get(path.name, set()) | linter
    assert found <= {*sys.stdlib_module_names} | _VENDOR | optional
    assert "pluggy" not in found or path.name == "plugin.py"


@pytest.mark.parametrize(
    ("group", "error_class"),
    [
        (problems.INIT_VARIABLES, errors.InitVariablesError),
        (problems.SETUP, errors.SetupError),
        (problems.PRE_PULL, errors.PrePullError),
        (problems.PULL, errors.PullError),
        (problems.API, errors.ApiError),
    ],
    ids=["init", "setup", "pre-pull", "pull", "api"],
)
def test_numbers_are_unique_and_in_the_range_of_their_class(
    group: tuple[errors.Problem, ...], error_class: type[errors.AlibabaCloudError]
) -> None:
    """A number leads to one line of the documentation, whose class it fits."""
    first, last = error_class.numbers
    numbers = [problem.number for problem in group]

    assert len({*numbers}) == len(numbers)
    assert all(first <= number <= last for number in numbers)
    assert all(problem.hint for problem in group)


def test_every_problem_is_in_a_group() -> None:
    """No problem is left out of the documentation's list."""
    named = {one for one in vars(problems).values() if isinstance(one, errors.Problem)}
    groups = (
        *problems.INIT_VARIABLES,
        *problems.SETUP,
        *problems.PRE_PULL,
        *problems.PULL,
        *problems.API,
    )

    assert named == {*groups}


def test_error_says_number_reason_cause_and_hint() -> None:
    """One line tells what, why and how to mend it."""
    error = errors.SetupError(problems.NOT_USABLE, "no answer")

    assert str(error) == (
        "SetupError [CODE:0100] the service is not usable with this configuration:"
        " no answer (see the remedy of the error named here)"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-05T00:00:00Z", "2023-01-05T00:00:00Z"),
        ("2023-01-05 00:00:00", "2023-01-05T00:00:00Z"),
        ("2023-01-05T08:00:00+08:00", "2023-01-05T00:00:00Z"),
        ("2023-01-05T00:00:00.123Z", "2023-01-05T00:00:00.123000Z"),
        ("2023-01-05T00:00:00.1234567890Z", "2023-01-05T00:00:00.123456Z"),
    ],
    ids=["utc", "no-zone", "offset", "milliseconds", "nanoseconds"],
)
def test_instants_are_read_as_vendors_write_them(text: str, expected: str) -> None:
    """Every usual form means one instant in UTC."""
    assert to_text(parse_instant(text)) == expected


@pytest.mark.parametrize("text", ["", "soon", "2023-13-01T00:00:00Z", "2023-01-05"])
def test_texts_that_are_no_instants_are_refused(text: str) -> None:
    """A wrong text is an error, never another instant."""
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


def test_wire_form_is_in_whole_seconds() -> None:
    """Digits below a second are cut."""
    instant = datetime(2023, 1, 10, 10, 36, 4, 999999, tzinfo=UTC)

    assert to_wire(instant) == "2023-01-10T10:36:04Z"


def test_clock_of_the_host_is_used_if_it_gives_one() -> None:
    """A host without clocks gets the machine's."""

    class Module:
        clock: Any = None

    module = Module()
    fallback = clock_of(module)
    module.clock = ManualClock()

    assert isinstance(fallback, SystemClock)
    assert clock_of(object()) is fallback
    assert clock_of(module) is module.clock
    assert fallback.now().tzinfo is not None
    assert fallback.monotonic() <= fallback.monotonic()
