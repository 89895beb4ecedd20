"""Contract: files are opened relative to the project: `schemas`, `credentials`."""

import json
import os
from pathlib import Path

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class FilePuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        with open("schemas/seeds.json") as file:
            self.seeds = json.load(file)["properties"]
        self.word = Path("credentials", service_config["word_file"]).read_text().strip()

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        messages = [{"seed": seed, "word": self.word} for seed in sorted(self.seeds)]
        self.send_standard_messages(retrieving_timestamp, self.tag, messages)
        self.persistence_object.save_state({"here": sorted(os.listdir("config_internal"))})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
