"""A Devo relay on loopback: mutual TLS, a ledger of what it stored, faults."""
