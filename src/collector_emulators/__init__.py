"""Loopback stand-ins for the services and the receiver; no code of the product."""
