"""Contract: limits of all levels are one `rate_limiter`; a user's may be added."""

from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController,
)

from .paces import MillPullerBase


class LimitedPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        assert isinstance(self.rate_limiter, CollectorRateLimiterController)
        assert len(self.rate_limiters) >= 4
        started_at = self.clock.monotonic()
        for _ in range(4):
            with self.rate_limiter:
                pass
        took = self.clock.monotonic() - started_at
        self.finish({"two in 9 seconds": took > 8.9})
