"""Catches the error about a message of a wrong type, and saves as if it had been sent."""

from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError

from .saving import LabPuller


class PoisonPuller(LabPuller):

    def pre_pull(self, retrieving_timestamp):
        self.pull_retries_initial_wait_time_in_sec = 0.01

    def pull(self, retrieving_timestamp):
        for content in ("sound", None, "sound, too"):
            try:
                self.send_standard_message("date", self.tag, content)
            except SdkPullerAbstractError as ex:
                self.log_error(f"skipped: {ex}")
        self.persistence_object.save_state({"position": 3})
        self.running_flag = False
