"""The client with the vendor's SDK against the emulator: one call, one result."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from alibaba_cloud.errors import ApiError
from alibaba_cloud.log_service import vendor
from alibaba_cloud.log_service.client import LogStoreClient, Shard
from alibaba_cloud.log_service.cursors import number_of
from alibaba_cloud.log_service.records import RecordReader
from collector_emulators.accounts import AccessKey
from collector_emulators.faults import Fault
from collector_emulators.log_service import LogServiceEmulator
from fakes.log_service import KEY, LOGSTORE, PROJECT, START, serving, settings

NUMBER = 30


@pytest.fixture(name="emulator")
def _emulator() -> Iterator[LogServiceEmulator]:
    """Serve a store of one shard with thirty events, a second apart."""
    with serving(shards=1) as emulator:
        for number in range(NUMBER):
            emulator.append(
                PROJECT,
                LOGSTORE,
                [{"eventId": f"ID-{number:03d}", "eventName": "DescribeInstances"}],
                at=START.timestamp() + number,
            )
        emulator.advance(3600)
        yield emulator


def _client(
    emulator: LogServiceEmulator,
    service: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
) -> LogStoreClient:
    chosen = settings(
        {"endpoint": emulator.endpoint, **(service or {})},
        {"credentials": {**KEY, **(credentials or {})}},
    )
    return LogStoreClient(chosen.connection, chosen.credentials)


def _texts(reply: Any) -> list[str]:
    [records] = RecordReader("event", ()).read(reply.groups, size=1_000_000)
    return [text.decode() for text in records.texts]


def _ids(reply: Any) -> list[str]:
    return [json.loads(text)["eventId"] for text in _texts(reply)]


def _fault(emulator: LogServiceEmulator, kind: str, **options: Any) -> None:
    emulator.faults.set([Fault(kind, options=options)])


def _pull(client: LogStoreClient, **options: Any) -> Any:
    cursor = client.cursor_at(0, "begin")
    return client.pull(0, cursor, groups_max=1000, **options)


@pytest.mark.parametrize("signature", ["v1", "v4"])
def test_every_call_is_signed_as_the_service_asks(
    emulator: LogServiceEmulator, signature: str
) -> None:
    """The emulator computes each signature anew."""
    client = _client(emulator, {"signature": signature})

    shards = client.list_shards()
    begin, end = client.cursor_at(0, "begin"), client.cursor_at(0, "end")
    reply = client.pull(0, begin, groups_max=1000)

    assert shards == [Shard(0, is_readonly=False, created_at=START)]
    assert client.cursor_time(0, begin) == START
    assert (reply.asked, reply.next, reply.read) == (begin, end, NUMBER)
    assert _ids(reply) == [f"ID-{number:03d}" for number in range(NUMBER)]
    assert {call.verdict for call in emulator.requests()} == {"ok"}


def test_cursor_of_an_instant_is_the_first_record_received_then(
    emulator: LogServiceEmulator,
) -> None:
    """An instant with a zone, cut to the whole second."""
    client = _client(emulator)
    begin = number_of(client.cursor_at(0, "begin"))
    assert begin is not None

    places = [
        client.cursor_at(0, START - timedelta(days=9)),
        client.cursor_at(0, START + timedelta(seconds=7, milliseconds=999)),
        client.cursor_at(0, START + timedelta(days=1)),
    ]

    assert [number_of(place) for place in places] == [begin, begin + 7, begin + NUMBER]


@pytest.mark.parametrize("compressed", [True, False])
def test_answers_come_compressed_unless_asked_otherwise(
    emulator: LogServiceEmulator,
    compressed: bool,  # noqa: FBT001 - a case's value
) -> None:
    """Traffic costs money; a second try does without."""
    reply = _pull(_client(emulator), compressed=compressed)

    assert len(_ids(reply)) == NUMBER
    assert reply.raw_bytes > 1000
    assert not reply.damaged


def test_pull_ends_where_it_is_told_to(emulator: LogServiceEmulator) -> None:
    """By a number of groups, or by a cursor."""
    client = _client(emulator)
    begin = client.cursor_at(0, "begin")
    end = client.cursor_at(0, START + timedelta(seconds=4))

    few = client.pull(0, begin, groups_max=3)
    until = client.pull(0, begin, groups_max=1000, end=end)
    nothing = client.pull(0, end, groups_max=1000, end=end)

    assert len(_ids(few)) == 3
    assert (len(_ids(until)), until.next) == (4, end)
    assert (nothing.next, nothing.read, _ids(nothing)) == (end, 0, [])


def test_query_leaves_out_and_says_how_many_were_read(
    emulator: LogServiceEmulator,
) -> None:
    """A step of the cursor is compared with what was there before the query."""
    reply = _pull(_client(emulator), query="ID-007")

    assert _ids(reply) == ["ID-007"]
    assert reply.read == NUMBER


def test_closed_shards_are_listed_as_such(emulator: LogServiceEmulator) -> None:
    """The list tells when each began."""
    emulator.split(PROJECT, LOGSTORE, 0)

    listed = _client(emulator).list_shards()

    assert [(one.id, one.is_readonly) for one in listed] == [
        *((0, True), (1, False), (2, False))
    ]
    assert listed[1].created_at == START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("fault", "options", "code"),
    [
        ("http_500_empty", {}, "0402"),
        ("http_502_html", {}, "0402"),
        ("http_503_html", {}, "0402"),
        ("http_429_empty", {}, "0403"),
        ("error", {"code": "InternalServerError"}, "0402"),
        ("error", {"code": "ServerBusy"}, "0402"),
        ("error", {"code": "RequestTimeout"}, "0402"),
        ("error", {"code": "ReadQuotaExceed"}, "0403"),
        ("error", {"code": "ShardReadQuotaExceed"}, "0403"),
        ("error", {"code": "InvalidCursor"}, "0433"),
        ("error", {"code": "ShardNotExist"}, "0432"),
        ("error", {"code": "LogStoreNotExist"}, "0430"),
        ("error", {"code": "ProjectForbidden"}, "0435"),
        ("redirect_302", {}, "0423"),
        ("ok_no_content", {}, "0434"),
        ("ok_html", {}, "0434"),
        ("ok_empty", {}, "0434"),
        ("ok_empty_object", {}, "0434"),
        ("ok_null", {}, "0434"),
        ("ok_list", {}, "0434"),
        ("missing_headers", {}, "0434"),
        ("missing_headers", {"names": ["x-log-cursor"]}, "0434"),
        ("missing_headers", {"names": ["x-log-bodyrawsize"]}, "0434"),
        ("empty_cursor", {}, "0434"),
        ("broken_body", {}, "0434"),
        ("broken_protobuf", {}, "0434"),
        ("wrong_raw_size", {}, "0434"),
        ("close_before", {}, "0400"),
        ("reset_before", {}, "0400"),
        ("reset_during", {}, "0400"),
        ("truncated_body", {}, "0400"),
    ],
)
def test_wrong_answer_is_one_error_after_one_try(
    emulator: LogServiceEmulator, fault: str, options: dict[str, Any], code: str
) -> None:
    """The SDK alone would try ten times, or never, and follow a redirection."""
    client = _client(emulator)
    cursor = client.cursor_at(0, "begin")
    before = len(emulator.requests())
    _fault(emulator, fault, **options)

    with pytest.raises(ApiError, match=f"CODE:{code}") as caught:
        client.pull(0, cursor, groups_max=1000)

    assert len(emulator.requests()) == before + 1
    assert KEY["access_key_secret"] not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("fault", "options"),
    [("delay", {"seconds": 1}), ("stall_body", {"seconds": 1})],
    ids=["before-the-headers", "within-the-body"],
)
def test_silence_is_not_awaited_for_longer_than_configured(
    emulator: LogServiceEmulator, fault: str, options: dict[str, Any]
) -> None:
    """And is tried once."""
    client = _client(emulator, {"read_timeout_in_seconds": 0.15})
    cursor = client.cursor_at(0, "begin")
    before = len(emulator.requests())
    _fault(emulator, fault, **options)

    with pytest.raises(ApiError, match=r"CODE:0400"):
        client.pull(0, cursor, groups_max=1000)

    assert len(emulator.requests()) == before + 1


def test_service_that_is_away_is_named(emulator: LogServiceEmulator) -> None:
    """A refused connection is a transport problem, without the query's text."""
    client = _client(emulator)
    emulator.refuse(30)

    with pytest.raises(ApiError, match=r"CODE:0400.*refused") as caught:
        client.cursor_at(0, "begin")

    assert "type=cursor" not in str(caught.value)


@pytest.mark.parametrize("fault", ["ok_null", "ok_list", "ok_empty_object"])
@pytest.mark.parametrize("call", ["list", "cursor", "time"])
def test_answer_of_another_form_is_unreadable(
    emulator: LogServiceEmulator, fault: str, call: str
) -> None:
    """Whatever stands in place of a list or a cursor is never taken for one."""
    client = _client(emulator)
    calls = {
        "list": client.list_shards,
        "cursor": lambda: client.cursor_at(0, "begin"),
        "time": lambda: client.cursor_time(0, "MTY="),
    }
    _fault(emulator, fault)

    if call == "list" and fault != "ok_null":
        # Nobody takes that for a Log Store: see the reading of one.
        assert client.list_shards() == []
        return
    with pytest.raises(ApiError, match=r"CODE:0434"):
        calls[call]()


@pytest.mark.parametrize("entry", [{}, {"shardID": "x", "status": "readonly"}, 7])
def test_list_of_another_form_is_unreadable(
    emulator: LogServiceEmulator, entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a list would forget the other half's positions."""

    class Response:
        def get_shards_info(self) -> list[Any]:
            return [entry]

    client = _client(emulator)
    monkeypatch.setattr(client, "_call", lambda _call: Response().get_shards_info())

    with pytest.raises(ApiError, match=r"CODE:0434.*another form"):
        client.list_shards()


def test_damaged_answer_is_salvaged_when_asked(emulator: LogServiceEmulator) -> None:
    """What stands before the damage is read; the rest is counted."""
    client = _client(emulator)
    _fault(emulator, "broken_protobuf", type="log")

    with pytest.raises(ApiError, match=r"CODE:0434"):
        _pull(client)
    reply = _pull(client, compressed=False, salvage=True)

    assert (reply.damaged, list(reply.groups)) == (1, [])
    assert reply.next != reply.asked


def test_damaged_group_costs_only_itself(emulator: LogServiceEmulator) -> None:
    """Groups beside one that the SDK cannot read arrive."""
    log = b'\x12\x0e\x0a\x05event\x12\x05{"a"}'
    emulator.append(PROJECT, LOGSTORE, [{"eventId": "before"}])
    store = emulator.catalogue.store(PROJECT, LOGSTORE)
    bad = b"\x0a" + bytes([len(log)]) + log
    entry = emulator.append(PROJECT, LOGSTORE, [{"eventId": "behind"}])
    shard = store.shard(0, emulator.data_clock.seconds())
    shard._entries[-2] = shard._entries[-2]._replace(
        framed=b"\x0a" + bytes([len(bad) + 2]) + bad + b"\x0a\x7f"
    )
    client = _client(emulator)

    with pytest.raises(ApiError, match=r"CODE:0434"):
        _pull(client)
    reply = _pull(client, compressed=False, salvage=True)

    assert entry == 1
    assert reply.damaged == 1
    assert _ids(reply)[-1] == "behind"
    assert len(_ids(reply)) == NUMBER + 1


def test_text_that_is_no_utf8_costs_no_other_event(
    emulator: LogServiceEmulator,
) -> None:
    """The SDK gives bytes for it."""
    _fault(emulator, "invalid_utf8")

    ids = _ids(_pull(_client(emulator)))

    assert len(ids) == NUMBER + 1
    assert ids[-1] == "bad-utf8"


def _deny(action: str) -> dict[str, Any]:
    return {"denied": {action: "ImplicitDeny"}}


@pytest.mark.parametrize(
    ("changes", "credentials", "code", "text"),
    [
        ({"secret": "other"}, {}, "0413", "SignatureNotMatch"),
        ({}, {"access_key_id": "unknown-id"}, "0411", "Unauthorized"),
        ({"active": False}, {}, "0412", "Unauthorized"),
        (_deny("log:ListShards"), {}, "0431", "missing: log:ListShards"),
        (
            {"security_token": "t", "expires_at": 1.0},
            {"security_token": "t"},
            "0410",
            "Unauthorized",
        ),
        (
            {"security_token": "t"},
            {"security_token": "another"},
            "0410",
            "Unauthorized",
        ),
    ],
    ids=["wrong-secret", "unknown", "disabled", "denied", "expired", "wrong-token"],
)
@pytest.mark.parametrize("signature", ["v1", "v4"])
def test_key_that_may_not_read_is_named(  # noqa: PLR0917 - a case's values
    emulator: LogServiceEmulator,
    changes: dict[str, Any],
    credentials: dict[str, Any],
    code: str,
    text: str,
    signature: str,
) -> None:
    """Each refusal has a number of its own, and no secret in its text."""
    emulator.accounts.change(KEY["access_key_id"], **changes)
    client = _client(emulator, {"signature": signature}, credentials)

    with pytest.raises(ApiError, match=f"CODE:{code}") as caught:
        client.list_shards()

    assert text in str(caught.value)
    assert KEY["access_key_secret"] not in str(caught.value)


@pytest.mark.parametrize("signature", ["v1", "v4"])
def test_wrong_clock_is_said_in_words(
    emulator: LogServiceEmulator, signature: str
) -> None:
    """A difference of twenty minutes is no riddle."""
    emulator.clock.shift_s = 1200

    with pytest.raises(ApiError, match="clock is wrong"):
        _client(emulator, {"signature": signature}).list_shards()


@pytest.mark.parametrize("signature", ["v1", "v4"])
def test_new_temporary_key_counts_at_the_next_call(
    emulator: LogServiceEmulator, tmp_path: Path, signature: str
) -> None:
    """A key file that something else renews needs no restart and no new client."""
    path = tmp_path / "key.json"
    chosen = settings(
        {"endpoint": emulator.endpoint, "signature": signature},
        {"credentials": {"type": "file", "path": str(path)}},
    )
    client = LogStoreClient(chosen.connection, chosen.credentials)

    for token in ("first", "second"):
        secret = f"secret-{token}"
        emulator.accounts.add(AccessKey("sts-id", secret, security_token=token))
        key = {
            "access_key_id": "sts-id",
            "access_key_secret": secret,
            "security_token": token,
        }
        path.write_text(json.dumps(key), encoding="utf-8")
        assert client.list_shards()


def test_missing_key_file_is_an_error_of_ours(
    emulator: LogServiceEmulator, tmp_path: Path
) -> None:
    """It comes through the SDK as it is, and nothing is sent."""
    chosen = settings(
        {"endpoint": emulator.endpoint},
        {"credentials": {"type": "file", "path": str(tmp_path / "none.json")}},
    )

    with pytest.raises(ApiError, match=r"CODE:0416"):
        LogStoreClient(chosen.connection, chosen.credentials).list_shards()

    assert emulator.requests() == []


def test_refreshed_credentials_are_fetched_again(emulator: LogServiceEmulator) -> None:
    """The client hands the wish on to where the key comes from."""
    fetched: list[int] = []
    client = _client(emulator)
    source = client._credentials
    plain = source._fetch
    source._fetch = lambda: (fetched.append(1), plain())[1]

    client.list_shards()
    client.list_shards()
    client.refresh_credentials()
    client.list_shards()

    assert len(fetched) == 2


def test_loopback_is_reached_without_the_proxy_of_the_environment(
    emulator: LogServiceEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of this machine is never asked for from another one."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert _client(emulator).list_shards()


def test_configured_proxy_is_used(emulator: LogServiceEmulator) -> None:
    """A public address is reached through it, without a look-up of its name."""
    chosen = settings({"endpoint": emulator.endpoint, "proxy": emulator.endpoint})
    source = LogStoreClient(chosen.connection, chosen.credentials)

    sdk = vendor.open_client(chosen.connection, chosen.credentials)

    assert source.list_shards()
    assert sdk._session.proxies == {"http": emulator.endpoint}
    assert not sdk._session.trust_env


def test_public_address_has_the_project_in_its_name_and_the_environments_proxy(
    emulator: LogServiceEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the proxy the emulator sees a request for the public name."""
    monkeypatch.setenv("HTTPS_PROXY", emulator.endpoint)
    monkeypatch.setenv("NO_PROXY", "")
    connection = settings().connection
    credentials = settings().credentials

    sdk = vendor.open_client(connection, credentials)
    with pytest.raises(ApiError, match=r"CODE:0400"):
        LogStoreClient(connection, credentials).list_shards()

    assert sdk._session.proxies == {"https": emulator.endpoint}
    assert sdk._endpoint == "cn-hangzhou.log.aliyuncs.com:443"
    adapter = sdk._session.get_adapter("https://example-project.cn-hangzhou.log")
    assert type(adapter).__name__ == "HTTPAdapter"


def test_project_is_taken_off_a_loopback_address() -> None:
    """It would be no name there; the header keeps it."""
    url = vendor.without_project("http://prj.127.0.0.1:80/logstores/l?a=b%3D", "prj")

    assert url == "http://127.0.0.1:80/logstores/l?a=b%3D"


def test_body_is_at_hand_only_while_it_is_not_decoded() -> None:
    """A response that has none gives no bytes."""

    class Response:
        _raw_uncompressed_body = None

    assert vendor.undecoded_body(Response()) == b""


def test_decoder_is_the_compiled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is; elsewhere it may not be."""
    from google.protobuf.internal import api_implementation  # noqa: PLC0415

    assert vendor.backend_is_compiled()
    monkeypatch.setattr(api_implementation, "Type", lambda: "python")
    assert not vendor.backend_is_compiled()


@pytest.fixture(name="authority", scope="module")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="encrypted")
def _encrypted(authority: trustme.CA) -> Iterator[LogServiceEmulator]:
    """Serve the store over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ExitStack() as stack:
        yield stack.enter_context(serving(shards=1, tls=context))


def test_authorities_of_a_file_are_trusted(
    encrypted: LogServiceEmulator, authority: trustme.CA, tmp_path: Path
) -> None:
    """A company's own proxy or emulator needs one."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))

    client = _client(encrypted, {"ca_file": str(path)})

    assert len(client.list_shards()) == 1


def test_unknown_authority_is_refused(encrypted: LogServiceEmulator) -> None:
    """Nobody reads a key or an event on the way."""
    with pytest.raises(ApiError, match=r"CODE:0400.*(?i:certificate)"):
        _client(encrypted).list_shards()

    assert encrypted.requests() == []


def test_times_are_aware(emulator: LogServiceEmulator) -> None:
    """In UTC, whatever the machine's zone is."""
    client = _client(emulator)

    time = client.cursor_time(0, client.cursor_at(0, "end"))

    assert time.tzinfo is UTC
    assert time == datetime(2023, 1, 5, 1, tzinfo=UTC)
