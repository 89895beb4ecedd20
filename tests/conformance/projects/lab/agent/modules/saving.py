"""Faults of the field: a state that comes too early, and none at all."""

import logging

from devocollectorsdk.inputs.collector_puller_abstract import *

log = logging.getLogger(__name__)


class LabPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass


class NeverSavesPuller(LabPuller):
    """Keeps no state and begins anew with each start; logs by `logging` itself."""

    def pull(self, retrieving_timestamp):
        log.info("module logger: begins anew")
        log.debug("module logger: not asked for")
        self.send_standard_messages("date", self.tag, ["again 1", "again 2"])
        self.log_info({"a dict": ["is", "logged"]})
        try:
            {}["nothing"]
        except KeyError:
            log.exception("module logger: caught")
        self.running_flag = False


class SavesFirstPuller(LabPuller):
    """Saves first and sends then: a crash in between loses what was counted as sent."""

    def pull(self, retrieving_timestamp):
        state = self.persistence_object.load_state() or {"number": 0}
        state["number"] += 2
        self.persistence_object.save_state(state)
        for number in (state["number"] - 1, state["number"]):
            self.send_standard_message("date", self.tag, {"number": number})
        if state["number"] == 4:
            self.running_flag = False


class SwallowingPuller(LabPuller):
    """Swallows what its source raises, goes on, and has a `clock` of its own."""

    def pull(self, retrieving_timestamp):
        self.clock = "noon"
        sent = 0
        for number in range(4):
            try:
                content = {"number": number, "share": 12 / (number - 2)}
            except Exception:
                continue
            self.send_standard_message("date", self.tag, content)
            sent += 1
        self.persistence_object.save_state({"sent": sent, "clock": self.clock})
        self.running_flag = False
