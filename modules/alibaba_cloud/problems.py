"""Every problem this plugin can name: number, meaning, remedy, reaction."""

from __future__ import annotations

from .errors import Problem, Reaction

BAD_SETTING = Problem(
    1, "a setting cannot be used", "correct the setting in the configuration"
)
MISSING_SETTING = Problem(
    2, "a setting is missing", "add the setting to the configuration"
)
PLAIN_HTTP = Problem(
    3,
    "the endpoint is not encrypted",
    "use https; plain http is for loopback addresses only",
)
BAD_CREDENTIALS_SETTING = Problem(
    4,
    "the credentials are incomplete",
    "give access_key_id and access_key_secret, or type: default, or type: file",
)

NOT_USABLE = Problem(
    100,
    "the service is not usable with this configuration",
    "see the remedy of the error named here",
)

BAD_STATE = Problem(
    200,
    "the saved state cannot be used",
    "restore the state file, or move it and its .prev.json away to start again",
)

PAGE_LOOP = Problem(
    300,
    "the service repeats itself instead of ending a window",
    "nothing is lost, the pull is tried again; report it to the vendor if it stays",
)
NO_PROGRESS = Problem(
    301,
    "the service refuses to continue a window",
    "nothing is lost, the pull is tried again; report it to the vendor if it stays",
)

SHARD_FAILED = Problem(
    302,
    "shards could not be read",
    "see the error of each shard; the other shards were read",
)

TRANSPORT = Problem(
    400,
    "the service cannot be reached",
    "check name resolution, firewall, proxy and the endpoint",
    Reaction.RETRY,
)
GARBLED = Problem(
    401,
    "the answer is not what LookupEvents documents",
    "check that no proxy or gateway answers in place of the service",
    Reaction.RETRY,
)
SERVER = Problem(
    402, "the service failed", "wait; the call is repeated", Reaction.RETRY
)
THROTTLED = Problem(
    403,
    "the service asks for fewer calls",
    "lower requests_per_second, or stop other users of the same account's quota",
    Reaction.SLOW_DOWN,
)
NONCE_USED = Problem(
    404,
    "a request arrived twice",
    "a proxy repeats requests: configure it not to",
    Reaction.RETRY,
)
TOKEN_EXPIRED = Problem(
    410,
    "the temporary credentials are no longer valid",
    "renew the security token, or use type: default or type: file",
    Reaction.REFRESH,
)
KEY_UNKNOWN = Problem(
    411, "the access key does not exist", "check access_key_id for typing errors"
)
KEY_INACTIVE = Problem(
    412, "the access key is disabled", "enable the key in RAM, or use another one"
)
SIGNATURE = Problem(
    413,
    "the signature does not match",
    "check access_key_secret; a proxy that changes requests has the same effect",
)
CLOCK = Problem(
    414,
    "this machine's clock is wrong",
    "synchronise the clock: more than 15 minutes of difference are refused",
)
PERMISSION = Problem(
    415,
    "the access key may not read events",
    "grant actiontrail:LookupEvents on all resources to the user or role",
)
NO_CREDENTIALS = Problem(
    416,
    "no credentials could be obtained",
    "check the credentials block, and what the credential chain can reach",
)
PAGE_TOKEN = Problem(
    420,
    "the service refuses the token of the next page",
    "nothing to do: the window begins again from the position reached",
    Reaction.RESTART,
)
TIME_RANGE = Problem(
    421,
    "the service refuses the time range",
    "nothing to do if it passes; else check retention_in_days of the definition",
)
REQUEST = Problem(
    422, "the service refuses the request", "report it: the request is built by code"
)
ENDPOINT = Problem(
    423,
    "the endpoint does not offer the service",
    "check region and endpoint; the address must be the service's and use https",
)
NO_STORE = Problem(
    430,
    "the project or Log Store does not exist",
    "check region or endpoint, project and logstore",
)
STORE_PERMISSION = Problem(
    431,
    "the access key may not read the Log Store",
    "grant log:ListShards and log:GetCursorOrData on the Log Store to the user or role",
)
SHARD_GONE = Problem(
    432,
    "the shard does not exist",
    "nothing to do: shards that were split or merged vanish when their data expire",
)
CURSOR_EXPIRED = Problem(
    433,
    "the place to read from is no longer kept",
    "nothing to do: reading goes on at the oldest data kept, and the gap is reported",
)
UNREADABLE = Problem(
    434,
    "the answer cannot be decoded",
    "check that no proxy or gateway changes answers; the call is repeated",
    Reaction.RETRY,
)
CLOSED = Problem(
    435,
    "Log Service is closed for the account or project",
    "open Log Service, or settle what is overdue, in the vendor's console",
)
UNKNOWN = Problem(
    499,
    "the service refused for a reason not known here",
    "look the code up in the vendor's error list; the position is kept",
)

INIT_VARIABLES = (BAD_SETTING, MISSING_SETTING, PLAIN_HTTP, BAD_CREDENTIALS_SETTING)
SETUP = (NOT_USABLE,)
PRE_PULL = (BAD_STATE,)
PULL = (PAGE_LOOP, NO_PROGRESS, SHARD_FAILED)
API = (
    *(TRANSPORT, GARBLED, SERVER, THROTTLED, NONCE_USED),
    *(TOKEN_EXPIRED, KEY_UNKNOWN, KEY_INACTIVE, SIGNATURE, CLOCK, PERMISSION),
    *(NO_CREDENTIALS, PAGE_TOKEN, TIME_RANGE, REQUEST, ENDPOINT),
    *(NO_STORE, STORE_PERMISSION, SHARD_GONE, CURSOR_EXPIRED, UNREADABLE, CLOSED),
    UNKNOWN,
)
