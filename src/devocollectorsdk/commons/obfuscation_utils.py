"""Masking as modules may ask for it; the puller masks what it sends by itself."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from devocollectorsdk.commons.collector_exceptions import SdkObfuscationError
from devocollectorsdk.commons.masking import Masking, read_entries
from devocollectorsdk.commons.masks import TYPE_MISMATCH, UNSUPPORTED_TYPE, Masks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_logger = logging.getLogger(__name__)
_BAD_JSON = 1205
_RAISED = {TYPE_MISMATCH, UNSUPPORTED_TYPE}


class ObfuscationUtils:
    """Masks values in JSON data."""

    @staticmethod
    def process_json(
        data: Any,
        keys: Iterable[Mapping[str, Any]] | None,
        as_str: bool = False,
        custom_mask_values: Mapping[str, Any] | None = None,
        check_types: bool = True,
    ) -> Any:
        """Return a copy of `data` with the values at `keys` masked.

        Args:
            data: A dict or list, or the JSON text of one. It is not changed.
            keys: `{name: [key, "*", ...], value?, string_patterns?: [regex]}`; a list
                on the way is entered. With patterns only what their groups match is
                masked, else the whole value.
            as_str: Whether to return JSON text instead of data.
            custom_mask_values: `boolean`, `string`, `integer`, `float` and
                `string_pattern`, instead of False, `****SANITIZED****` and -1; for
                this call alone.
            check_types: Whether a `value` must have the type of what it replaces.

        Raises:
            SdkObfuscationError: 1201, a replacement has another type; 1202, there is
                no mask for a value's type; 1203, an entry has a wrong form; 1205, the
                text is no JSON. A name that leads nowhere (1200) is logged, and so is
                one that leads into a text (1203), which is masked as a whole.
        """
        masks = Masks.from_values(custom_mask_values)
        masking = Masking(
            read_entries(None if keys is None else list(keys)),
            masks,
            check_types=check_types,
        )
        masked, reports = masking.masked(_loaded(data))
        for report in reports:
            if report.problem.sub_code in _RAISED:
                raise report.error()
            _logger.debug("%s", report.error())
        return json.dumps(masked, ensure_ascii=False) if as_str else masked


def _loaded(data: Any) -> Any:
    if not isinstance(data, str | bytes):
        return data
    try:
        return json.loads(data)
    except ValueError:
        # The reason would quote the text, which is what shall be hidden.
        raise SdkObfuscationError(_BAD_JSON, "the text is no JSON") from None
