"""Where the access key comes from: the configuration, a file, or the vendor's chain.

It knows nothing of what the key opens.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, cast

from .errors import ApiError, InitVariablesError
from .importing import import_alone
from .problems import BAD_CREDENTIALS_SETTING, NO_CREDENTIALS


@dataclass(frozen=True)
class Credentials:
    """An access key as the vendor's SDK wants to see it; secrets stay out of repr.

    Attributes:
        access_key_id: Public half of the key.
        access_key_secret: Secret half.
        security_token: Third part of temporary credentials, or None.
        type: Name of the scheme in the vendor's SDK.
        provider_name: Origin, sent along by the vendor's SDK.
    """

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: Optional[str] = field(default=None, repr=False)
    type: str = "access_key"
    provider_name: str = "static_ak"

    @property
    def temporary(self) -> bool:
        """Whether the key expires by itself."""
        return bool(self.security_token)


class CredentialSource:
    """The current credentials, fetched again on request.

    Args:
        fetch: Returns a function that gives the current credentials; called at
            the first use and after every refresh.
        shared_id: Access key id if it never changes, else None.
    """

    def __init__(
        self,
        fetch: Callable[[], Callable[[], Credentials]],
        shared_id: Optional[str] = None,
    ) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._current: Optional[Callable[[], Credentials]] = None
        self.shared_id = shared_id

    def get_credential(self) -> Credentials:
        """Return the current credentials; the vendor's SDK calls this for each call.

        Raises:
            ApiError: There are none.
        """
        with self._lock:
            if self._current is None:
                self._current = self._fetch()
            return self._current()

    def refresh(self) -> None:
        """Forget what is held, so that the next use fetches it again."""
        with self._lock:
            self._current = None


def credential_source(settings: Mapping[str, Any]) -> CredentialSource:
    """Return the source a `credentials` block describes.

    Args:
        settings: `access_key_id` and `access_key_secret`, with `security_token` for
            temporary credentials; or `type: file` with `path`; or `type: default`.

    Raises:
        InitVariablesError: The block is incomplete.
    """
    kind = settings.get("type", "access_key")
    if kind == "default":
        return CredentialSource(_open_default_chain)
    if kind == "file":
        path = Path(_required(settings, "path"))
        return CredentialSource(lambda: lambda: _read_file(path))
    fixed = _from_mapping(settings)
    return CredentialSource(lambda: lambda: fixed, fixed.access_key_id)


def _required(settings: Mapping[str, Any], key: str) -> str:
    value = settings.get(key)
    if not (isinstance(value, str) and value):
        cause = f"credentials.{key} is not set"
        raise InitVariablesError(BAD_CREDENTIALS_SETTING, cause)
    return value


def _printable(settings: Mapping[str, Any], key: str) -> str:
    """Return a part of a key; a line feed or the like cannot be sent in a header."""
    value = _required(settings, key)
    if value.isascii() and value.isprintable():
        return value
    cause = f"credentials.{key} holds a character that is in no key, e.g. a line feed"
    raise InitVariablesError(BAD_CREDENTIALS_SETTING, cause)


def _from_mapping(settings: Mapping[str, Any]) -> Credentials:
    key_id = _printable(settings, "access_key_id")
    secret = _printable(settings, "access_key_secret")
    token = settings.get("security_token")
    if token:
        token = _printable(settings, "security_token")
        return Credentials(key_id, secret, token, "sts", "static_sts")
    return Credentials(key_id, secret)


def _read_file(path: Path) -> Credentials:
    """Read a JSON file that something else keeps up to date.

    It is read for every call, so a rotated key counts at once. The text of a
    parser's error is left out: it may quote the file.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        cause = f"{path} cannot be read as JSON ({type(error).__name__})"
        raise ApiError(NO_CREDENTIALS, cause) from None
    if not isinstance(content, dict):
        raise ApiError(NO_CREDENTIALS, f"{path} holds no JSON object")
    try:
        return _from_mapping(cast("Mapping[str, Any]", content))
    except InitVariablesError as error:
        raise ApiError(NO_CREDENTIALS, f"{path}: {error.cause}") from error


def _open_default_chain() -> Callable[[], Credentials]:
    """Open the vendor's default credential chain; it renews what it found itself."""
    try:
        client: Any = import_alone("alibabacloud_credentials.client").Client()
    except Exception as error:
        raise _nothing_found(error) from error

    def current() -> Credentials:
        try:
            found: Any = client.get_credential()
        except Exception as error:
            raise _nothing_found(error) from error
        return Credentials(
            found.access_key_id,
            found.access_key_secret,
            found.security_token,
            found.type,
            found.provider_name,
        )

    return current


def _nothing_found(error: Exception) -> ApiError:
    """Return our error; the chain's own texts may quote what it found."""
    cause = f"the default chain found none ({type(error).__name__})"
    return ApiError(NO_CREDENTIALS, cause)
