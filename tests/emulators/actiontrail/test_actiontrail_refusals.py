"""Who is let in: signatures, keys, clocks, tokens, rights and rates."""

from __future__ import annotations

import http.client
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_actiontrail20200706 import models
from alibabacloud_tea_openapi.exceptions import ClientException, ThrottlingException

from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from collector_emulators.actiontrail import ActionTrailEmulator, Knobs
from collector_emulators.actiontrail.service import Service
from collector_emulators.clock import DataClock
from emulators.actiontrail.vendor import NOW, event, lookup, make_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from alibabacloud_actiontrail20200706.client import Client

    from collector_emulators.http_server import Answer, Request

ACTION = "actiontrail:LookupEvents"


def refused_code(client: Client) -> str:
    """Return the code LookupEvents is refused with."""
    with pytest.raises(ClientException) as caught:
        lookup(client)
    return caught.value.code


def test_wrong_secret_does_not_match(emulator: ActionTrailEmulator) -> None:
    """A wrong secret is told from a wrong key, and no secret is in the answer."""
    client = make_client(emulator, access_key_secret="wrong")  # noqa: S106 - not a secret

    with pytest.raises(ClientException) as caught:
        lookup(client)

    assert caught.value.code == "SignatureDoesNotMatch"
    assert EXAMPLE_KEY_SECRET not in str(caught.value.data)


def test_unknown_key_is_not_found(emulator: ActionTrailEmulator) -> None:
    """A key nobody made is a 404."""
    with pytest.raises(ClientException) as caught:
        lookup(make_client(emulator, access_key_id="nobody"))

    assert caught.value.code == "InvalidAccessKeyId.NotFound"
    assert caught.value.status_code == 404


def test_disabled_key_is_refused_until_enabled(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """Disabling and enabling a key takes effect at the next call."""
    emulator.accounts.change(EXAMPLE_KEY_ID, active=False)
    assert refused_code(client) == "InvalidAccessKeyId.Inactive"

    emulator.accounts.change(EXAMPLE_KEY_ID, active=True)
    assert lookup(client).events == []


@pytest.mark.parametrize("shift_s", [-960.0, 960.0])
def test_clock_off_by_more_than_a_quarter_hour_is_refused(
    emulator: ActionTrailEmulator, client: Client, shift_s: float
) -> None:
    """A request whose date is far from the server's clock has expired."""
    emulator.clock.shift_s = shift_s

    assert refused_code(client) == "InvalidTimeStamp.Expired"


def test_clock_off_by_ten_minutes_is_accepted(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A small error of the clock does no harm."""
    emulator.clock.shift_s = 600

    assert lookup(client).events == []


def test_temporary_key_works_until_it_expires(emulator: ActionTrailEmulator) -> None:
    """An STS key needs its token, and ends at its time of transport."""
    now = emulator.clock.seconds()
    key = emulator.accounts.assume_role(EXAMPLE_KEY_ID, now=now, duration_s=300)
    pair = {"access_key_id": key.key_id, "access_key_secret": key.secret}
    client = make_client(emulator, **pair, security_token=key.security_token)

    assert lookup(client).events == []
    emulator.clock.shift_s = 301
    assert refused_code(client) == "InvalidSecurityToken.Expired"


def test_wrong_security_token_is_malformed(emulator: ActionTrailEmulator) -> None:
    """A token that is not the key's own is refused."""
    key = emulator.accounts.assume_role(EXAMPLE_KEY_ID, now=0, duration_s=1e12)
    pair = {"access_key_id": key.key_id, "access_key_secret": key.secret}

    with_other = make_client(emulator, **pair, security_token="another")  # noqa: S106 - not a secret
    without = make_client(emulator, **pair)

    assert refused_code(with_other) == "InvalidSecurityToken.Malformed"
    assert refused_code(without) == "InvalidAccessKeyId.NotFound"


def test_security_token_with_a_lasting_key_mismatches(
    emulator: ActionTrailEmulator,
) -> None:
    """A lasting key must not come with a token."""
    client = make_client(emulator, security_token="one")  # noqa: S106 - not a secret

    assert refused_code(client) == "InvalidSecurityToken.MismatchWithAccessKey"


def test_missing_right_names_action_and_principal(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A denied action is a 403 that says what was denied to whom, until granted."""
    emulator.accounts.change(EXAMPLE_KEY_ID, denied={ACTION: "ExplicitDeny"})

    with pytest.raises(ClientException) as caught:
        lookup(client)
    emulator.accounts.change(EXAMPLE_KEY_ID, denied={})

    detail = caught.value.data["AccessDeniedDetail"]
    assert (caught.value.code, caught.value.status_code) == ("NoPermission", 403)
    assert detail["AuthAction"] == ACTION
    assert detail["NoPermissionType"] == "ExplicitDeny"
    assert detail["AuthPrincipalType"] == "SubUser"
    assert lookup(client).events == []


def test_call_beyond_the_rate_is_throttled() -> None:
    """Two calls fit into one second of the data clock, the third does not."""
    clock = DataClock(NOW, speed=0)
    knobs = Knobs(rate_clock="data")
    with ActionTrailEmulator(data_clock=clock, knobs=knobs) as emulator:
        client = make_client(emulator)

        lookup(client)
        lookup(client)
        assert refused_code(client) == "Throttling.User"
        clock.advance(0.5)
        lookup(client)
        assert refused_code(client) == "Throttling.User"


def test_throttling_can_say_when_to_come_back() -> None:
    """With the retry-after knob the SDK raises its throttling class."""
    knobs = Knobs(
        rate_clock="data", rate_per_s=1, retry_after_ms=1500, throttle_status=429
    )
    with ActionTrailEmulator(
        data_clock=DataClock(NOW, speed=0), knobs=knobs
    ) as emulator:
        client = make_client(emulator)
        lookup(client)

        with pytest.raises(ThrottlingException) as caught:
            lookup(client)

    assert (caught.value.retry_after, caught.value.status_code) == (1500, 429)


@pytest.fixture
def recorded(
    emulator: ActionTrailEmulator, monkeypatch: pytest.MonkeyPatch
) -> list[Request]:
    """Requests as the SDK sent them, one LookupEvents to start with."""
    requests: list[Request] = []
    respond: Callable[[Service, Request], Answer] = Service.respond

    def record(service: Service, request: Request) -> Answer:
        requests.append(request)
        return respond(service, request)

    monkeypatch.setattr(Service, "respond", record)
    with ActionTrailEmulator(knobs=emulator.knobs) as other:
        lookup(make_client(other), start_time=None, end_time=None)
    return requests


def send(emulator: ActionTrailEmulator, request: Request) -> tuple[int, str]:
    """Send a recorded request by hand; return status and body."""
    connection = http.client.HTTPConnection(emulator.host, emulator.port, timeout=5)
    target = f"{request.path}?{request.query}"
    headers = {**request.headers, "content-length": str(len(request.body))}
    connection.request(request.method, target, request.body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_recorded_request_is_accepted_once(
    emulator: ActionTrailEmulator, recorded: list[Request]
) -> None:
    """The same request sent twice is a nonce used twice."""
    first = send(emulator, recorded[0])
    second = send(emulator, recorded[0])

    assert first[0] == 200
    assert second[0] == 400
    assert "SignatureNonceUsed" in second[1]


def _header(name: str, value: str) -> Callable[[Request], Request]:
    return lambda request: replace(request, headers={**request.headers, name: value})


def _authorization(pattern: str, new: str) -> Callable[[Request], Request]:
    def change(request: Request) -> Request:
        text = re.sub(pattern, new, request.headers["authorization"])
        return _header("authorization", text)(request)

    return change


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        pytest.param(
            lambda r: replace(r, query=r.query.replace("=50", "=49")),
            "SignatureDoesNotMatch",
            id="query",
        ),
        pytest.param(
            lambda r: replace(r, body=b"MaxResults=9"),
            "SignatureDoesNotMatch",
            id="body",
        ),
        pytest.param(
            _header("x-acs-signature-nonce", "other"),
            "SignatureDoesNotMatch",
            id="nonce",
        ),
        pytest.param(
            _header("x-acs-date", "2026-01-01"), "InvalidTimeStamp.Format", id="date"
        ),
        pytest.param(_header("authorization", ""), "IncompleteSignature", id="none"),
        pytest.param(
            _authorization("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3"),
            "IncompleteSignature",
            id="algorithm",
        ),
        pytest.param(
            _authorization("x-acs-date;", ""), "IncompleteSignature", id="unsigned-date"
        ),
        pytest.param(
            _authorization("accept;host", "host;accept"),
            "IncompleteSignature",
            id="header-order",
        ),
        pytest.param(
            _authorization("accept;", ""), "SignatureDoesNotMatch", id="header-list"
        ),
        pytest.param(
            _header("x-acs-version", "2017-12-04"), "InvalidVersion", id="version"
        ),
        pytest.param(
            _header("x-acs-action", "CreateTrail"), "InvalidApi.NotFound", id="action"
        ),
        pytest.param(_header("x-acs-action", ""), "MissingAction", id="no-action"),
        pytest.param(
            lambda r: replace(r, path="/other"), "InvalidApi.NotFound", id="path"
        ),
    ],
)
def test_tampered_request_is_refused(
    emulator: ActionTrailEmulator,
    recorded: list[Request],
    tamper: Callable[[Request], Request],
    code: str,
) -> None:
    """Nothing in a signed request can be changed on its way."""
    _status, text = send(emulator, tamper(recorded[0]))

    assert f'"Code":"{code}"' in text
    assert emulator.ledger.calls()[-1].verdict == code


def test_odd_characters_survive_the_canonical_query(
    emulator: ActionTrailEmulator, client: Client
) -> None:
    """A question mark and a plus in parameters survive the canonical form."""
    emulator.load([event("a", 5, eventName="Read + write? ~*'ü")])
    name = models.LookupEventsRequestLookupAttribute(
        key="EventName", value="Read + write? ~*'ü"
    )

    assert len(lookup(client, lookup_attribute=[name]).events) == 1


def test_side_calls_answer_for_an_account_without_trails(client: Client) -> None:
    """The calls beside LookupEvents go through the same gate."""
    regions: Any = client.describe_regions(models.DescribeRegionsRequest()).body
    trails = client.describe_trails(models.DescribeTrailsRequest()).body
    storage = client.get_global_events_storage_region().body

    assert [region.region_id for region in regions.regions.region] == ["cn-hangzhou"]
    assert trails.trail_list == []
    assert storage.storage_region == "cn-hangzhou"
    with pytest.raises(ClientException) as caught:
        client.get_trail_status(models.GetTrailStatusRequest(name="audit-trail"))
    assert caught.value.code == "TrailNotFoundException"
