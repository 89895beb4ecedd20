"""Sends this machine's load averages, one event for each average chosen."""

import os

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract

AVERAGES = {"one": 0, "five": 1, "fifteen": 2}


class SystemLoadPuller(CollectorPullerAbstract):

    def init_variables(
        self,
        input_config,
        input_definition,
        service_config,
        service_definition,
        module_config,
        module_definition,
        submodule_config,
    ):
        properties = module_definition["module_properties"]
        # A service may have no settings at all: then there is no dictionary.
        settings = service_config or {}
        self.tag = settings.get("override_tag", properties["tag"])
        self.minutes = settings.get("minutes", list(AVERAGES))
        self.pulls_maximum = settings.get("pulls_maximum")
        unknown = [name for name in self.minutes if name not in AVERAGES]
        if unknown:
            raise ValueError(f"minutes: {unknown} is none of {list(AVERAGES)}")

    def pre_pull(self, retrieving_timestamp):
        self.state = self.persistence_object.load_state() or {"events": 0, "pulls": 0}
        self.log_info(f"{self.getName()} goes on after {self.state['events']} event(s)")

    def pull(self, retrieving_timestamp):
        with self.rate_limiter:
            load = os.getloadavg()
        number = self.state["events"]
        messages = []
        for minutes in self.minutes:
            number += 1
            messages.append(
                {
                    "number": number,
                    "measured_at": retrieving_timestamp.isoformat(),
                    "minutes": minutes,
                    "load": load[AVERAGES[minutes]],
                    "cores": self.collector_variables["cores"],
                }
            )
        self.send_standard_messages(retrieving_timestamp, self.tag, messages)
        # First sent, then saved: the state is written once the events are delivered.
        self.state = {"events": number, "pulls": self.state["pulls"] + 1}
        self.persistence_object.save_state(self.state)
        if self.pulls_maximum and self.state["pulls"] >= self.pulls_maximum:
            self.log_info("All pulls are done")
            self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
