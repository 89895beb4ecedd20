"""Contract: a pull that raises, without a setup: waits of 5 and 25 seconds."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class LonelyPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        self.started_at = []
        assert self.pull_retries_max_in_iterations == -1
        assert self.pull_retries_initial_wait_time_in_sec == 5
        assert self.pull_retries_maximum_wait_time_in_sec == 1800

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        assert self.first_try_of_data_recovery
        self.started_at.append(retrieving_timestamp)
        if len(self.started_at) < 3:
            self.send_standard_message("date", self.tag, f"try {len(self.started_at)}")
            raise ConnectionError("nobody grinds")
        first, second, third = self.started_at
        message = {
            "waited": [
                (second - first).total_seconds() > 4.9,
                (third - second).total_seconds() > 24.9,
            ],
            "timestamp_kept": self.last_execution_timestamp == retrieving_timestamp,
        }
        self.send_standard_message("date", self.tag, message)
        self.persistence_object.save_state({"tries": len(self.started_at)})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
