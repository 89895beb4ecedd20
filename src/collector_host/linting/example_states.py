"""State files for the rules' examples, as the collector writes them."""

from __future__ import annotations

from typing import Final

NAME: Final = "state/fruit-f1-pears-77dac401.json"
PREVIOUS: Final = "state/fruit-f1-pears-77dac401.prev.json"
THIRD: Final = """\
{
  "format": 1,
  "generation": 3,
  "owner": "fruit/f1/pears",
  "saved_at": "2026-01-05T00:00:00+00:00",
  "state": {
    "last_run_datetime": "2026-01-05T00:00:00Z"
  },
  "sha256": "d2a2bfdcdd5553b8cf896f9dd86c3e7797dd9ec126524bc8c256468c02fab272"
}
"""
FOURTH: Final = """\
{
  "format": 1,
  "generation": 4,
  "owner": "fruit/f1/pears",
  "saved_at": "2026-01-05T00:00:00+00:00",
  "state": {
    "last_run_datetime": "2026-01-05T00:00:00Z"
  },
  "sha256": "1d9fb41dcda60ac3ecb8a0db62c9cbbedec9946fb89bf924a5aa84a4d35067da"
}
"""
NEWER: Final = """\
{
  "format": 2,
  "generation": 3,
  "owner": "fruit/f1/pears",
  "saved_at": "2026-01-05T00:00:00+00:00",
  "state": {
    "last_run_datetime": "2026-01-05T00:00:00Z"
  },
  "sha256": "2602a754ac77506bc7fcf7825925c07681b6240cf8ebbc0d2377c6806d92fffd"
}
"""
