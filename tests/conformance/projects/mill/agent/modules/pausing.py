"""Contract: pause and unpause, asked for by another thread.

`pull_pause` is called in that thread, before the pause; no pull begins in between.
"""

import threading
import time

from .paces import MillPullerBase


class PausingPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        if len(self.times) == 1:
            self.notes = []
            self.__miller = threading.Thread(target=self.__rest, name="miller")
            self.__miller.start()
            while not self.is_command_in_progress():
                time.sleep(0.005)
            self.notes.append(["seen", self.is_pausing(), self.is_stopping()])
        else:
            self.__miller.join()
            self.finish({"notes": self.notes})

    def __rest(self):
        self.pause(True)
        while len(self.notes) < 2:
            time.sleep(0.005)
        # Long enough for some pulls, if there were any.
        time.sleep(0.2)
        self.notes.append(["pulls in the pause", len(self.times)])
        self.unpause()

    def pull_pause(self, wait=None):
        name = threading.current_thread().name
        if name == "miller":
            self.notes.append(["pull_pause", name, wait, self.is_pausing()])
