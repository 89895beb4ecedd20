"""Contract: the date of a message as datetime (naive, aware), text, int, float."""

from datetime import datetime, timedelta, timezone

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class DatePuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        east = timezone(timedelta(hours=2))
        dates = {
            "naive": datetime(2023, 1, 5, 10, 20, 30, 456000),
            "aware": datetime(2023, 1, 5, 12, 20, 30, 456000, tzinfo=east),
            "text": "2023-01-05 10:20:30.456",
            "any text": "date",
            "seconds": 1672914030,
            "milliseconds": 1672914030456,
            "float": 1672914030.456,
        }
        for kind, date in dates.items():
            self.send_standard_message(date, self.tag, kind)
        self.send_standard_messages(dates["milliseconds"], self.tag, ["a list", "of it"])
        self.persistence_object.save_state({"kinds": len(dates)})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
