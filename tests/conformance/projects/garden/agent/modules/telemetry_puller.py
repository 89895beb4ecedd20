"""Contract: internal messages, and log helpers that also send one at their level."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class TelemetryPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.log_info("telemetry: initialized")

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        self.log_debug("telemetry: nobody asked for this level")
        self.log_warning("telemetry: wind")
        self.log_error("telemetry: storm")
        send = self.send_internal_collector_message
        send("telemetry: a text")
        send(message_content={"weather": "hail"}, level="error", shared_domain=True)
        self.persistence_object.save_state({"told": True})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
