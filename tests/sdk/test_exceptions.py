"""How the contract's exceptions look."""

from __future__ import annotations

import pytest

from devocollectorsdk.commons import collector_exceptions
from devocollectorsdk.commons.collector_exceptions import (
    CollectorConfigurationException,
    SdkDefinitionsInitializationError,
    SdkError,
    SdkPullerAbstractError,
)
from devocollectorsdk.templates.exceptions.exceptions import (
    ApiError,
    CustomModuleError,
    InitVariablesError,
    ModuleError,
    PrePullError,
    PullError,
    SetupError,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            SdkPullerAbstractError(200, "no"),
            "SdkPullerAbstractError[CODE:0050-200] Error in puller: no",
        ),
        (
            SdkDefinitionsInitializationError(1, "no"),
            (
                "SdkDefinitionsInitializationError[CODE:0002-01]"
                " Error in the definitions: no"
            ),
        ),
        (
            CollectorConfigurationException(13, "bad name"),
            (
                "CollectorConfigurationException [CODE:0013] Error in configuration,"
                ' cause: "bad name"'
            ),
        ),
        (SetupError(101, "expired"), "SetupError [CODE:0101] reason: expired"),
    ],
    ids=["sdk", "two digits", "configuration", "template"],
)
def test_exceptions_print_in_the_contracts_form(error: Exception, text: str) -> None:
    """Class, code, sub code, title and cause."""
    assert str(error) == text


def test_codes_are_those_of_the_contract_and_no_two_share_one() -> None:
    """One number an area."""
    kinds = [
        kind
        for kind in vars(collector_exceptions).values()
        if isinstance(kind, type) and issubclass(kind, SdkError)
    ]
    codes = [kind.code for kind in kinds]

    assert len(set(codes)) == len(codes)
    assert {1, 2, 7, 24, 30, 38, 50, 55, 70, 80, 82, 84, 86, 90, 91, 92, 93} <= {*codes}


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (InitVariablesError, 0, 99),
        (SetupError, 100, 199),
        (PrePullError, 200, 299),
        (PullError, 300, 399),
        (ApiError, 400, 499),
        (CustomModuleError, 500, 799),
    ],
)
def test_templates_refuse_codes_outside_their_range(
    kind: type[ModuleError], first: int, last: int
) -> None:
    """A code tells the phase, so it cannot be another phase's."""
    assert (kind(first, "x").code, kind(last, "x").cause) == (first, "x")
    for code in (first - 1, last + 1):
        with pytest.raises(ValueError, match=f"has codes {first} to {last}"):
            kind(code, "x")
