"""Contract: a stop calls `pull_pause` and `pull_stop` from another thread.

A long pull asks `is_command_in_progress`; what it still sends and saves then counts.
"""

import threading
import time

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract

AT_WORK = set()


class QuarryPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        self.workers = len(input_config["services"]) - 1

    def pre_pull(self, retrieving_timestamp):
        pass

    def begin(self):
        self.send_standard_message("date", self.tag, "begun")
        self.persistence_object.save_state({"begun": True})
        AT_WORK.add(self.getName())

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass


class PollingPuller(QuarryPuller):

    def pull(self, retrieving_timestamp):
        self.begin()
        while not self.is_command_in_progress():
            time.sleep(0.01)
        self.send_standard_message("date", self.tag, {"stopping": self.is_stopping()})
        self.persistence_object.save_state({"ended": "in order"})

    def pull_pause(self, wait=None):
        thread = threading.current_thread()
        self.log_info(f"polling: pull_pause({wait}), own thread: {thread is self}")

    def pull_stop(self):
        thread = threading.current_thread()
        self.log_info(f"polling: pull_stop(), own thread: {thread is self}")


class WaitingPuller(QuarryPuller):
    """It is between two pulls, an hour apart, when the stop comes."""

    def pull(self, retrieving_timestamp):
        self.begin()


class BackingOffPuller(QuarryPuller):
    """Its pull has failed, and the next try is far away."""

    def pull(self, retrieving_timestamp):
        self.begin()
        self.pull_retries_initial_wait_time_in_sec = 1800
        raise OSError("the crane is broken")


class ForemanPuller(QuarryPuller):
    """Says when all others are at work, and ends."""

    def pull(self, retrieving_timestamp):
        while len(AT_WORK) < self.workers:
            time.sleep(0.01)
        self.log_warning("everybody is at work")
        self.running_flag = False
