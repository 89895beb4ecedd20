"""Contract: a puller of the older layout, `agent.inputs` and its siblings.

It makes its setup itself, and `requests_per_second` is a limit there. Its state holds
a datetime and whole numbers as keys.
"""

import datetime

from agent.commons.collector_exceptions import SdkPullerAbstractError
from agent.commons.mine_utils import grams
from agent.inputs.collector_puller_abstract import CollectorPullerAbstract
from agent.message.message import Message

from .salt_setup import SaltSetup


class SaltPuller(CollectorPullerAbstract):

    def create_setup_instance(self, setup_class_name, autosetup_enabled,
                              collector_variables):
        setup_class = globals()[setup_class_name]
        return setup_class(
            self, collector_variables, autosetup_enabled, self.input_id,
            self.input_name, self.input_config, self.input_definition,
            self.service_name, self.service_type, self.service_config,
            self.service_definition, self.module_name, self.module_config,
            self.module_definition, self.persistence_object, self.internal_queue,
            self.submodule_name)

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.__tag = module_definition["module_properties"]["tag"]
        self.__utc = datetime.timezone.utc

    def pre_pull(self, retrieving_timestamp):
        self.__state = self.persistence_object.load_state()
        if not self.__state:
            start = self.service_config["initial_start_time_in_utc"]
            begin = datetime.datetime.strptime(start, "%Y-%m-%dT%H:%M:%SZ")
            self.__state = {"last": begin.replace(tzinfo=self.__utc), "seams": {}}

    def pull(self, retrieving_timestamp):
        started_at = self.clock.monotonic()
        for seam in (1, 2, 3):
            with self.rate_limiter:
                self.__state["seams"][seam] = grams(seam)
        limited = self.clock.monotonic() - started_at >= 2
        self.__state["last"] += datetime.timedelta(hours=1, microseconds=5)
        content = f"{self.__state['last'].isoformat()} {self.collector_variables['lamp']}"
        self.output_queue.put(Message(self.__state["last"], self.__tag, content))
        self.send_standard_message(
            self.__state["last"],
            self.__tag,
            {"setup": self.collector_variables["by"], "limited": limited},
        )
        assert issubclass(SdkPullerAbstractError, Exception)
        self.persistence_object.save_state(self.__state)
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
