"""Unusual ends: before the first pull, and by `sys.exit` in a thread."""

import sys

from .saving import LabPuller


class EarlyPuller(LabPuller):
    """There is nothing to do, and it knows so before the first pull."""

    def pre_pull(self, retrieving_timestamp):
        self.send_standard_message("date", self.tag, "nothing to do")
        self.persistence_object.save_state({"done": True})
        self.running_flag = False

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pull after the end")


class ExitingPuller(LabPuller):
    """Ends its thread by `sys.exit`; it is built again and goes on from its state."""

    def pull(self, retrieving_timestamp):
        state = self.persistence_object.load_state() or {"number": 0}
        state["number"] += 1
        self.send_standard_message("date", self.tag, state)
        self.persistence_object.save_state(state)
        if state["number"] == 1:
            sys.exit(3)
        self.running_flag = False
