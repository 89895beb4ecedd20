"""Contract: a pre_pull that raises is repeated after 60 seconds; then it is done."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class PrePullPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        self.calls = []

    def pre_pull(self, retrieving_timestamp):
        self.calls.append("pre_pull")
        if len(self.calls) == 1:
            self.asked_first = retrieving_timestamp
            raise KeyError("grain")
        assert (retrieving_timestamp - self.asked_first).total_seconds() > 59

    def pull(self, retrieving_timestamp):
        self.calls.append("pull")
        if len(self.calls) == 4:
            self.send_standard_message(
                retrieving_timestamp, self.tag, ", ".join(self.calls)
            )
            self.persistence_object.save_state({"calls": self.calls})
            self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
