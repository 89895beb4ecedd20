"""Faults of the field: what is shared by accident."""

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

from .saving import LabPuller


class ClassStatePuller(LabPuller):
    """An attribute of the class belongs to all instances, in the contract as well."""

    seen = {}

    def pull(self, retrieving_timestamp):
        self.seen[self.submodule_name] = True
        if len(self.seen) == 2:
            tag = f"{self.tag}.{self.submodule_name}"
            self.send_standard_message("date", tag, {"seen": sorted(self.seen)})
            self.persistence_object.save_state({"seen": len(self.seen)})
            self.running_flag = False


class SpoilingSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        # What the puller did to them is seen here: they are the same objects.
        assert self.module_definition is self.parent_thread.module_definition
        assert self.service_config is self.parent_thread.service_config
        assert self.input_config is self.parent_thread.input_config
        self.collector_variables["spoilt"] = self.service_config["added"]


class SpoilingPuller(LabPuller):
    """Changes what it is given; the next module is given what is in the files."""

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        assert input_config["credentials"] == {"user": "ada"}
        assert sorted(input_definition["services"]) == sorted(
            ["never", "first", "swallows", "shares", "spoils", "rots", "exits",
             "early", "init_alone", "init_with_setup", "setup_breaks", "poison", "unfinished",
             "gives_up", "setup_dies"])
        self.tag = module_definition["module_properties"].pop("tag")
        self.fresh = service_config.pop("fresh")
        self.limit = self.definition_globals.pop("queue_generate_metrics")
        service_config["added"] = "by the puller"
        input_config["credentials"].clear()
        input_config["services"].clear()
        input_definition["services"].clear()
        service_definition.clear()
        module_config["anything"] = True

    def pull(self, retrieving_timestamp):
        message = {"fresh": self.fresh, "setup": self.collector_variables["spoilt"]}
        self.send_standard_message("date", self.tag, message)
        self.persistence_object.save_state({"spoilt": True})
        self.running_flag = False


class RottingPuller(SpoilingPuller):
    pass
