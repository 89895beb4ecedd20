"""Contract: a lookup filled in pages, modified, thinned out; one bad row is refused."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.message.lookup_job_factory import LookupJobFactory


class LookupPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        factory = LookupJobFactory(
            lookup_name="Garden_beds",
            headers=["bed", "address", "plants"],
            key="bed",
            field_types=["str", "ip4", "int8"],
            historic_tag=None,
        )
        self.__create(factory, retrieving_timestamp)
        factory.add_item_to_list_to_modify([["north", "10.0.0.9", 90]])
        self.send_lookup_messages(factory, start=True, end=True, buffer="Modify")
        factory.add_item_to_list_to_remove(["south"])
        self.send_lookup_messages(factory, True, True, "Remove")
        assert factory.get_size() == 2
        factory.clean_modify_list()
        factory.clean_remove_list()
        self.persistence_object.save_state({"filled": True})
        self.running_flag = False

    def __create(self, factory, date):
        rejected, rows = factory.add_item_to_list_to_initialize(
            [["north", "10.0.0.1", 10], ["shed", "host-name", 0]]
        )
        self.send_standard_message(
            date, self.tag, {"rejected": rejected, "row": rows[0]["item"]}
        )
        self.send_lookup_messages(factory, True, False, "Create")
        factory.clean_initialize_list()
        factory.add_item_to_list_to_initialize([["south", "10.0.0.2", None]])
        self.send_lookup_messages(factory, False, True, "Create")
        factory.clean_initialize_list()

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
