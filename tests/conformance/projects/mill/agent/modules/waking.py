"""Contract: `wake_up` ends the wait for the next pull."""

import threading
import time

from .paces import MillPullerBase


class WakingPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        if len(self.times) == 1:
            threading.Thread(target=self.__knock, daemon=True).start()
        else:
            waited = (retrieving_timestamp - self.times[0]).total_seconds()
            self.finish({"below_an_hour": waited < 3600})

    def __knock(self):
        # More than once: the first may come while the pull still runs.
        while len(self.times) < 2:
            time.sleep(0.01)
            self.wake_up()
