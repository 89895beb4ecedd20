"""What Redis does in one step, in its own language, and under which keys.

A script rather than WATCH and MULTI: the check and the write are one step on the
server, in one round trip, without a retry when another key's writer was faster; and
nothing hangs on the connection on which the check was made. All keys of a collector
share one hash tag, so that one server of a cluster has them all.

    collector:{<id>}:lease     token of the host at work; expires when it is silent
    collector:{<id>}:holder    hash: fence, token, who, since, commit
    collector:{<id>}:states    hash: owner -> current generation, JSON
    collector:{<id>}:previous  hash: owner -> the generation before
    collector:{<id>}:damaged   hash: owner and time -> what was moved aside

The genuine SDK's keys are plain addresses (`input;id;service;submodule`), which this
prefix cannot meet: they are read once and stay as they are.

`holder` is the fence. Each host that takes the lease raises `fence` and leaves its
token there, for good; whoever is not named there may write no more, however long it
slept and whatever the lease says. The lease alone tells when another may come. So a
host that was silent for too long, and whom nobody replaced, simply goes on.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "collector:"

ACQUIRE: Final = """
-- KEYS lease, holder; ARGV token, lease in ms, who, since
local lease = redis.call('GET', KEYS[1])
if lease == ARGV[1] then
  return {tonumber(redis.call('HGET', KEYS[2], 'fence')), 0, '', '', ''}
end
if lease then
  local seen = redis.call('HMGET', KEYS[2], 'who', 'since')
  return {0, redis.call('PTTL', KEYS[1]), lease, seen[1] or '', seen[2] or ''}
end
local fence = redis.call('HINCRBY', KEYS[2], 'fence', 1)
redis.call('HSET', KEYS[2], 'token', ARGV[1], 'who', ARGV[3], 'since', ARGV[4],
           'commit', 0)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {fence, 0, '', '', ''}
"""
"""Take the lease unless another host has it. Returns the fence, or 0 and the ms left
to that host, its token, who it is and since when."""

_HELD: Final = """
-- KEYS lease, holder, ...; ARGV token, lease in ms, who, since, fence, ...
local token = redis.call('HGET', KEYS[2], 'token')
local lease = redis.call('GET', KEYS[1])
if (token and token ~= ARGV[1]) or (lease and lease ~= ARGV[1]) then
  local seen = redis.call('HMGET', KEYS[2], 'who', 'since', 'fence')
  return {-1, seen[1] or '', seen[2] or '', seen[3] or ''}
end
if not token then
  redis.call('HSET', KEYS[2], 'token', ARGV[1], 'who', ARGV[3], 'since', ARGV[4],
             'fence', ARGV[5], 'commit', 0)
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local last = tonumber(redis.call('HGET', KEYS[2], 'commit'))
"""
"""Goes on only for the host that is named in `holder`, or when nobody is: then Redis
has lost everything, and nobody came since."""

RENEW: Final = f"{_HELD} return {{last}}"
"""Returns the number of the last commit, or -1 and who has it now."""

COMMIT: Final = f"""{_HELD}
-- KEYS lease, holder, states, previous; ARGV ..., number, then owner and document
local number = tonumber(ARGV[6])
if number <= last then return {{last}} end
for i = 7, #ARGV, 2 do
  local old = redis.call('HGET', KEYS[3], ARGV[i])
  if old and old ~= ARGV[i + 1] then
    redis.call('HSET', KEYS[4], ARGV[i], old)
  end
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[2], 'commit', ARGV[6])
return {{last}}
"""
"""Write documents. A commit whose number is not above the last one changes nothing:
it was repeated, or it was on its way when a later one overtook it. Returns the number
before, or -1 and who has it now."""

SET_ASIDE: Final = f"""{_HELD}
-- KEYS lease, holder, states, damaged; ARGV ..., owner, name to keep it under
local old = redis.call('HGET', KEYS[3], ARGV[6])
if old then
  redis.call('HSET', KEYS[4], ARGV[7], old)
  redis.call('HDEL', KEYS[3], ARGV[6])
end
return {{last}}
"""

RELEASE: Final = """
-- KEYS lease; ARGV token
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


def key(collector_id: str, what: str) -> str:
    """Return the key under which something of a collector is kept."""
    return f"{PREFIX}{{{collector_id}}}:{what}"
