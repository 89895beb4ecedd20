"""`collector state show`: saved positions for people and for programs."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from collector_host.cli.chosen import choosing
from collector_host.cli.start import STATE_UNUSABLE
from collector_host.runtime.inspection import Saved, inspect
from collector_host.telemetry.lines import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.cli.chosen import Chosen

_DAY: Final = timedelta(days=1)


@click.command()
@choosing
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
def show(chosen: Chosen, form: str) -> None:
    """Show what is saved for every module, on stdout.

    It only reads, and may be used while a collector runs. Exit code 3 when a state
    cannot be used.
    """
    out = sys.stdout
    with chosen.exit_codes():
        config, classes = chosen.load()
        found = inspect(config, classes, datetime.now(UTC))
    if form == "json":
        click.echo(json.dumps([_fields(one) for one in found], indent=2), out)
    else:
        click.echo("\n\n".join("\n".join(_lines(one)) for one in found), out)
    sys.exit(STATE_UNUSABLE if any(one.error for one in found) else 0)


def _fields(saved: Saved) -> dict[str, Any]:
    replay = saved.replay
    return {
        "owner": saved.owner,
        "configured": saved.configured,
        "file": str(saved.file),
        "generation": saved.generation,
        "saved_at": _text(saved.saved_at),
        "position": _text(saved.position),
        "replay": replay
        and {
            "age_in_days": round(replay.age / _DAY, 4),
            "retention_in_days": replay.retention / _DAY,
            "share_of_retention": round(replay.share, 4),
            "lost_from": _text(replay.lost_from),
        },
        "gaps": [{key: str(value) for key, value in gap.items()} for gap in saved.gaps],
        "counts": saved.counts,
        "warning": saved.warning,
        "error": saved.error,
    }


def _lines(saved: Saved) -> Iterator[str]:
    unused = "" if saved.configured else " (not in the configuration)"
    yield one_line(f"{saved.owner}{unused}")
    for name, value in _facts(saved):
        yield one_line(f"  {name:<12} {value}")


def _facts(saved: Saved) -> Iterator[tuple[str, object]]:
    yield "file", saved.file
    if saved.error:
        yield "ERROR", saved.error
    elif saved.generation is None:
        yield "saved", "nothing yet"
    else:
        yield "generation", f"{saved.generation}, saved at {_text(saved.saved_at)}"
        yield "position", _text(saved.position) or "not known"
        yield "replay", _replay(saved)
        yield from (("gap", _gap(gap)) for gap in saved.gaps)
        yield from (("remembered", f"{key}: {n}") for key, n in saved.counts.items())
    if saved.warning:
        yield "WARNING", saved.warning


def _replay(saved: Saved) -> str:
    replay = saved.replay
    if replay is None:
        return "not known"
    return (
        f"{replay.age / _DAY:.1f} of {replay.retention / _DAY:g} days"
        f" ({replay.share:.0%}); undelivered events are lost from"
        f" {_text(replay.lost_from)} on"
    )


def _gap(gap: Any) -> str:
    known = {"start", "end", "reason"}
    if known <= gap.keys():
        return f"{gap['start']} to {gap['end']} was never read ({gap['reason']})"
    return json.dumps(gap, default=str)


def _text(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
