"""Certificates and keys for the rules' examples: made up, and good for nothing else.

The first three belong to `KEY`. Dates count from the day of the examples, 2026-06-01.
"""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files

CERTIFICATE: Final = """\
-----BEGIN CERTIFICATE-----
MIHOMIGBoAMCAQICAQEwBQYDK2VwMBAxDjAMBgNVBAMMBWZydWl0MCAXDTI2MDEw
MTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAwWjAQMQ4wDAYDVQQDDAVmcnVpdDAqMAUG
AytlcAMhADsNF/vYaDtVb16AfGbG/ZAdwK4t+5WuqSOa3Y3ED9SuMAUGAytlcANB
AGNeNGCw5TEsL1QPD70A763EsCq7qz13lmoqsNwfTWwffbtANNhduMcjz2z3QfR3
EkpSy87LFGIKc15WIQSxnwY=
-----END CERTIFICATE-----
"""
"""Valid from 2026 to 2099."""
EXPIRED: Final = """\
-----BEGIN CERTIFICATE-----
MIHLMH+gAwIBAgIBATAFBgMrZXAwEDEOMAwGA1UEAwwFZnJ1aXQwHhcNMjUwMTAx
MDAwMDAwWhcNMjYwMTAxMDAwMDAwWjAQMQ4wDAYDVQQDDAVmcnVpdDAqMAUGAytl
cAMhADsNF/vYaDtVb16AfGbG/ZAdwK4t+5WuqSOa3Y3ED9SuMAUGAytlcANBAHAH
sJkE99doSxn/w/m96daWR3JQpFosdaeS4J9OJM37uVcA9mGENPEHELE2ip6QJDnB
NmwALQrQkJy5dU5kYwA=
-----END CERTIFICATE-----
"""
"""Valid in 2025."""
ENDING: Final = """\
-----BEGIN CERTIFICATE-----
MIHLMH+gAwIBAgIBATAFBgMrZXAwEDEOMAwGA1UEAwwFZnJ1aXQwHhcNMjUwNjE1
MDAwMDAwWhcNMjYwNjE1MDAwMDAwWjAQMQ4wDAYDVQQDDAVmcnVpdDAqMAUGAytl
cAMhADsNF/vYaDtVb16AfGbG/ZAdwK4t+5WuqSOa3Y3ED9SuMAUGAytlcANBABne
eKzgxhe2l+rpyFjAB9YVChMmu5RSvp7Rc6gz2B7kg05GgQuL3yIeYz4U5mVu2Ty2
O2Tyvhcz4E6DpvRPoAo=
-----END CERTIFICATE-----
"""
"""Valid until 2026-06-15."""
KEY: Final = """\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIHWe1kaBeT6o1hTX59100hbzZAugmxT0zcxkaUMEFTZu
-----END PRIVATE KEY-----
"""
ANOTHER_KEY: Final = """\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINVX06ZwMump4WZjh4uqjMUlTWIKBnE2kI3LlaJBCAom
-----END PRIVATE KEY-----
"""


def output(key_name: str = "domain.key", **texts: str) -> dict[str, str]:
    """Return a configuration with an output over TLS, and the files that it names.

    Args:
        key_name: Name of the file of the key.
        **texts: What `chain`, `cert` and `key` hold, where it is something else.
    """
    return {
        **files.config(
            "  console_1:\n    type: console",
            "  devo_1:\n    type: devo_platform\n    config:\n"
            "      address: collector-eu.devo.io\n"
            f"      chain: chain.crt\n      cert: domain.crt\n      key: {key_name}",
        ),
        "chain.crt": texts.get("chain", CERTIFICATE),
        "domain.crt": texts.get("cert", CERTIFICATE),
        key_name: texts.get("key", KEY),
    }
