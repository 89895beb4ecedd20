"""Faults of the field: modules that take no notice of a stop."""

import threading
import time

from .obedient import AT_WORK, QuarryPuller
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class EndlessPuller(QuarryPuller):
    """A loop without an end that asks for nothing."""

    def pull(self, retrieving_timestamp):
        self.begin()
        while True:
            time.sleep(0.02)


class SleepingPuller(QuarryPuller):
    """Sleeps for a minute."""

    def pull(self, retrieving_timestamp):
        self.begin()
        time.sleep(60)
        self.send_standard_message("date", self.tag, "slept")


class ThreadedPuller(QuarryPuller):
    """Leaves behind a thread that is no daemon and never ends."""

    def pull(self, retrieving_timestamp):
        threading.Thread(target=self.__blast, daemon=False).start()
        self.begin()

    def __blast(self):
        while True:
            time.sleep(0.02)


class HangingStopPuller(QuarryPuller):
    """Its `pull_stop` hangs."""

    def pull(self, retrieving_timestamp):
        self.begin()

    def pull_stop(self):
        time.sleep(60)


class RaisingStopPuller(QuarryPuller):
    """Its `pull_pause` and `pull_stop` raise."""

    def pull(self, retrieving_timestamp):
        self.begin()

    def pull_pause(self, wait=None):
        raise RuntimeError("no pause here")

    def pull_stop(self):
        raise RuntimeError("no stop here")


class DeafSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        AT_WORK.add(self.getName())
        time.sleep(60)


class NeverReadyPuller(QuarryPuller):
    """Its setup takes a minute."""

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pulled before the setup")
