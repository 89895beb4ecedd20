"""Contract: a puller in the usual style, without a setup.

Star import of the base class's module, `getName()`, a start time that arrives as
text, name-mangled methods, a static helper, and `running_flag = False` at the end.
"""

from datetime import datetime, timedelta

from devocollectorsdk.inputs.collector_puller_abstract import *


class FlowerPuller(CollectorPullerAbstract):

    __TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

    def init_variables(
        self,
        input_config: dict,
        input_definition: dict,
        service_config: dict,
        service_definition: dict,
        module_config: dict,
        module_definition: dict,
        submodule_config
    ):
        self.__start = service_config["initial_start_time_in_utc"]
        self.__tag = module_definition["module_properties"]["tag"]
        self.log_info(
            f"{self.getName()} -> {self.__start} is of type {type(self.__start).__name__}"
        )
        # Everything the contract names is there before this method is called.
        assert self.name == self.getName()
        assert self.module_config == {} and self.submodule_name is None
        assert self.persistence_object.is_ok() and self.rate_limiter is not None
        assert self.setup_instance is None and self.running_flag is True
        assert input_config["persistence"]["type"] == "filesystem"
        assert self.input_id == "g1" and isinstance(self.input_id, str)
        assert (self.production_mode, self.last_execution_timestamp) == (False, None)
        assert self.self_monitoring_tag == "devo.collectors.out.garden.flowers"

    def pre_pull(self, retrieving_timestamp: datetime):
        assert retrieving_timestamp.utcoffset() == timedelta(0)
        self.__state = self.persistence_object.load_state(no_log_traces=True)
        if self.__state is None:
            self.__state = {"last_seen": self.__start, "number": 0}
            self.persistence_object.save_state(self.__state, no_log_traces=True)

    def pull(self, retrieving_timestamp: datetime):
        for flower in self.__fetch(3):
            self.send_standard_message(flower["seen"], self.__tag, flower)
            self.__state["last_seen"] = flower["seen"]
            self.__state["number"] += 1
        self.persistence_object.save_state(self.__state)
        self.running_flag = False

    def __fetch(self, number):
        start = datetime.strptime(self.__state["last_seen"], self.__TIME_FORMAT)
        for day in range(1, number + 1):
            seen = self.as_text(start + timedelta(days=day))
            yield {"seen": seen, "flower": self.__state["number"]}

    @staticmethod
    def as_text(moment):
        return moment.strftime(FlowerPuller.__TIME_FORMAT)

    def pull_pause(self, wait: bool = None):
        pass

    def pull_stop(self):
        pass
