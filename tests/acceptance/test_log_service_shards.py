"""The life of shards: split, merged, closed, vanished, expired, out of order.

The whole collector runs in this process. Each story is told once more with a
mechanism taken out, and must then show a loss.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector_emulators.faults import Fault
from collector_emulators.log_service import Knobs
from collector_emulators.log_service.knobs import ExpiredCursor
from support.log_store import CLEAN, DAY_S, PROJECT, STORE, LogStoreStage
from support.mutants import log_store as mutants
from support.mutants.patching import Patch
from support.quick import SPEED, run_quickly

FORMS: tuple[ExpiredCursor, ...] = ("error", "jump")
SMALL_PAGES = 30_000


def _stage(folder: Path, certificates: Path, **knobs: object) -> LogStoreStage:
    """Return a source whose shards take several pulls each."""
    chosen = Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, max_page_bytes=SMALL_PAGES)
    chosen.update(knobs)
    return LogStoreStage(
        folder, certificates=certificates, count=120, ttl_days=1, knobs=chosen
    )


def _read(stage: LogStoreStage, *, pulls: int = 1) -> str:
    ended = run_quickly(stage.folder, pulls=pulls)
    assert ended.code == 0, ended.log
    return ended.log


def _struck(kind: str, number: int, **options: object) -> Fault:
    options = {"type": "log", **options}
    return Fault(kind, at_calls=frozenset({number}), options=options)


def _split_and_merge(stage: LogStoreStage) -> int:
    """Change the shards between and within runs, with records in each; count losses."""
    with stage:
        stage.source.faults.set([_struck("split_shard", 2, target=0)])
        _read(stage)
        stage.receive(30)
        stage.source.faults.set([_struck("merge_shards", 2, target=2)])
        _read(stage)
        stage.receive(30)
        stage.split(1)
        stage.receive(30)
        _read(stage, pulls=2)

        assert stage.shard_ids() == [0, 1, 2, 3, 4, 5, 6]
        closed = {"0", "1", "2", "3"}
        assert not closed & {*stage.unfinished()}
        return stage.compare().lost


def test_split_and_merge_cost_nothing(tmp_path: Path, certificates: Path) -> None:
    """Parents are read to their end, children from their beginning, each once."""
    stage = _stage(tmp_path, certificates)

    assert _split_and_merge(stage) == 0

    assert stage.figures() == CLEAN


def _more_comes(stage: LogStoreStage) -> int:
    """Let more come to shards that were read to their end; count losses."""
    with stage:
        _read(stage, pulls=2)
        stage.receive(30)
        _read(stage)
        return stage.compare().lost


def _short_answer(stage: LogStoreStage) -> int:
    """Move the cursor past two log groups that are not given; count losses."""
    with stage:
        fault = _struck("skipped_groups", 2, groups=2)
        stage.source.faults.set([fault])
        log = _read(stage)

        assert "left out log groups" in log
        return stage.compare().lost


def test_log_groups_left_out_are_asked_for_again(
    tmp_path: Path, certificates: Path
) -> None:
    """An empty answer with a moved cursor is not believed at once."""
    stage = _stage(tmp_path, certificates)

    assert _short_answer(stage) == 0

    assert stage.figures() == CLEAN


def test_cursor_that_always_runs_ahead_is_followed(
    tmp_path: Path, certificates: Path
) -> None:
    """Where it is the service's way, it is looked at a few times and then let be."""
    with _stage(tmp_path, certificates) as stage:
        fault = Fault("skipped_groups", options={"type": "log", "groups": 1})
        stage.source.faults.set([fault])

        log = _read(stage)

        assert 2 <= log.count("did so when asked again: it is followed") <= 6
        # Each of 60 groups in two shards, a look at the first ones, and no more.
        pulls = sum(call.action == "PullLogs" for call in stage.calls)
    assert pulls <= 60 * 2 + 2 * 3 + 2


def _expiring(stage: LogStoreStage) -> tuple[int, str]:
    """Let everything expire while it is read, and more be there; return its loss."""
    with stage:
        now = stage.source.data_clock.seconds()
        stage.receive(20, at=now + 10)
        kept = stage.receive(40, at=now + DAY_S + 20)
        fault = _struck("time_passes", 3, seconds=DAY_S + 25)
        stage.source.faults.set([fault])
        log = _read(stage)

        assert stage.compare().altered == 0
        return len({one.sha256 for one in kept} - stage.delivered()), log


@pytest.mark.parametrize("form", FORMS)
def test_cursor_that_expires_while_it_is_read_goes_on_at_the_oldest(
    form: ExpiredCursor, tmp_path: Path, certificates: Path
) -> None:
    """What is kept arrives; what is gone is a WARNING and a gap in the state."""
    stage = _stage(tmp_path, certificates, expired_cursor=form)

    missing, log = _expiring(stage)

    assert missing == 0, log
    assert log.count("are lost: they expired before they were read") >= 1
    gaps = stage.state()["gaps"]
    assert gaps
    assert {gap["reason"] for gap in gaps} == {"expired"}
    assert stage.compare().duplicates == 0


def _jump_behind_a_part(stage: LogStoreStage) -> int:
    """Jump where a part of an answer was sent; return what is missing behind it."""
    with stage:
        stuck = [_struck("stuck_cursor", 1, shard=str(n)) for n in (0, 1)]
        stage.source.faults.set(stuck)
        ended = run_quickly(stage.folder)
        assert ended.code == 1, ended.log
        skips = [one["skip"] for one in stage.state()["shards"].values()]
        assert all(skips)

        now = stage.source.data_clock.seconds()
        kept = stage.receive(60, at=now + DAY_S)
        fault = _struck("time_passes", 1, seconds=DAY_S)
        stage.source.faults.set([fault])
        _read(stage, pulls=2)
        return len({one.sha256 for one in kept} - stage.delivered())


def test_what_was_counted_before_a_jump_is_not_skipped_behind_it(
    tmp_path: Path, certificates: Path
) -> None:
    """The count belongs to the cursor it was saved with."""
    stage = _stage(tmp_path, certificates, expired_cursor="jump")

    assert _jump_behind_a_part(stage) == 0


def _closed_expiry(stage: LogStoreStage) -> int:
    """Miss something while nothing runs; return what is missing of the rest."""
    with stage:
        _read(stage)
        stage.miss(20)
        kept = stage.receive(20)
        _read(stage)
        return len({one.sha256 for one in kept} - stage.delivered())


STORIES: dict[str, tuple[Callable[[LogStoreStage], int], ExpiredCursor]] = {
    "split and merge": (_split_and_merge, "error"),
    "more comes": (_more_comes, "error"),
    "jump behind a part": (_jump_behind_a_part, "jump"),
    "expired while nothing ran": (_closed_expiry, "error"),
    "expired while reading": (lambda stage: _expiring(stage)[0], "error"),
}
MUTANTS = [
    ("split and merge", mutants.new_shards_begin_at_the_end),
    ("more comes", mutants.quiet_shards_are_finished),
    ("jump behind a part", mutants.skip_is_kept),
    ("expired while nothing ran", mutants.expired_means_the_end),
    ("expired while reading", mutants.expired_means_the_end),
]


@pytest.mark.parametrize(
    ("story", "mutant"),
    MUTANTS,
    ids=[f"{story}: {mutant.__name__}" for story, mutant in MUTANTS],
)
def test_story_shows_a_loss_without_its_mechanism(
    story: str,
    mutant: Callable[[Patch], None],
    tmp_path: Path,
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tests above would find it."""
    mutant(monkeypatch.setattr)
    tell, form = STORIES[story]

    lost = tell(_stage(tmp_path, certificates, expired_cursor=form))

    assert lost > 0


def test_short_answer_is_a_loss_if_it_is_believed(
    tmp_path: Path, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two log groups are missing then."""
    mutants.short_answers_are_believed(monkeypatch.setattr)
    with _stage(tmp_path, certificates) as stage:
        stage.source.faults.set([_struck("skipped_groups", 2, groups=2)])
        _read(stage)

        assert stage.compare().lost == 2


def test_shard_that_vanishes_unread_is_a_gap_and_no_more(
    tmp_path: Path, certificates: Path
) -> None:
    """The others are read; the position of the vanished one is dropped."""
    with _stage(tmp_path, certificates) as stage:
        fault = _struck("shard_vanishes", 2, shard="0")
        stage.source.faults.set([fault])

        log = _read(stage)

        assert "Shard 0 of" in log
        assert "vanished before it was read to its end" in log
        state = stage.state()
        held = stage.source.catalogue.store(PROJECT, STORE)
        assert [shard.shard_id for shard in held.shards(0)] == [1]
    assert list(state["shards"]) == ["1"]
    assert [(one["shard"], one["reason"]) for one in state["gaps"]] == [(0, "vanished")]


def test_log_store_made_again_under_its_name_is_read_from_its_beginning(
    tmp_path: Path, certificates: Path
) -> None:
    """Cursors of the old one are as good as expired."""
    with _stage(tmp_path, certificates) as stage:
        _read(stage)
        stage.source.delete_store(PROJECT, STORE)
        stage.add_store(STORE)
        stage.receive(40)

        _read(stage)

        assert stage.figures() == CLEAN


@pytest.mark.parametrize("code", ["ParameterInvalid", "ServerBusy", "Unauthorized"])
def test_one_bad_shard_does_not_stop_the_others(
    code: str, tmp_path: Path, certificates: Path
) -> None:
    """It is named, the run ends with 1, its position stays; later it is read, too."""
    with _stage(tmp_path, certificates) as stage:
        stage.receive(30, shard=1)
        bad = {"type": "log", "shard": "0", "code": code}
        stage.source.faults.set([Fault("error", options=bad)])

        ended = run_quickly(tmp_path)

        lost = stage.compare().lost
        stage.source.faults.set([])
        assert ended.code == 1, ended.log
        assert "ERROR Shard 0 of example-project/actiontrail_example" in ended.log
        assert lost == 60

        _read(stage)
        assert stage.figures() == CLEAN


def test_cursor_that_stays_for_ever_is_an_error_and_no_flood(
    tmp_path: Path, certificates: Path
) -> None:
    """Its records are sent once, however often it is asked; the others are read."""
    with _stage(tmp_path, certificates) as stage:
        always = {"type": "log", "shard": "0"}
        stage.source.faults.set([Fault("stuck_cursor", options=always)])

        ended = run_quickly(tmp_path, pulls=4)

        result = stage.compare()
        asked = [call.parameters.get("shard") for call in stage.calls]
        stage.source.faults.set([])
        assert ended.code == 1, ended.log
        assert "no cursor behind them" in ended.log
        assert result.duplicates == 0
        assert 0 < result.lost < 60
        assert asked.count("0") < 20

        _read(stage)
        assert stage.figures() == CLEAN


def test_quota_is_kept_to_and_costs_only_time(
    tmp_path: Path, certificates: Path
) -> None:
    """Both buckets of a shard, in the collector's own time."""
    with _stage(
        tmp_path,
        certificates,
        rate_clock="data",
        shard_reads_per_s=0.25,
        shard_bytes_per_s=20_000.0,
    ) as stage:
        stage.source.data_clock.set(speed=SPEED)

        log = _read(stage)

        refused = stage.source.ledger.summary().verdicts["ShardReadQuotaExceed"]
        assert refused > 0
        assert stage.figures() == CLEAN, log
