"""An imitation of the Devo Collector SDK's host, for tests of modules alone.

Written from the description of its public interface, apart from this project's own
`devocollectorsdk`, with which it shares nothing. It runs modules and keeps what they
send; it delivers nothing. Valid on Python 3.9, the only Python of that SDK.
"""
