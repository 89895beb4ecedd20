"""Contract: a puller in steps, on the template.

Settings are checked against schemas and merged, a state of version 1 is brought to
version 2, a pull goes on until its data is up to date and reports what it did.
"""

from devocollectorsdk.templates.exceptions.exceptions import *
from devocollectorsdk.templates.template_1_puller import *


class LetterPuller(Template1CollectorPuller):

    def run_custom_init_variables_validations(self):
        variables = self.collector_variables
        if variables["letters"] > 100:
            raise InitVariablesError(30, "nobody writes so many letters")
        self.tag = variables["tag"]

    def prepull_default_state(self, retrieving_ts):
        return {"number": 0, "written": [], "base_url": None}

    def prepull_persistence_upgrade_steps(self, default_state, state, retrieving_ts):
        if state.get("@persistence_version") == 1:
            self.log_info(f"upgrading {state}")
            state = {"number": int(state["count"]), "written": [], "base_url": None}
        return state

    def prepull_persistence_corrections_steps(self, default_state, state, retrieving_ts):
        state["base_url"] = self.collector_variables["base_url"]
        return state

    def prepull_persistence_reset_steps(self, default_state, state, retrieving_ts):
        return default_state if state["number"] < 0 else state

    def prepull_build_extra_rate_limiters(self):
        self.built = True

    def execute_pull_logic(self, statistics):
        assert self.built and self.collector_variables["token"] == "new"
        assert isinstance(self.collector_variables["devo_pulling_id"], str)
        state = self.persistence_object.load_state()
        state["number"] += 1
        letter = {
            "number": state["number"],
            "to": {"names": ["Ada", "Bob"]},
            "base_url": self.collector_variables["base_url"],
        }
        letters = self.flatten_dict_key(letter, ["to", "names"])
        date = self.collector_variables["retrieving_timestamp"]
        self.deliver_batch_of_messages(date, self.tag, letters)
        state["written"].append(state["number"])
        self.persistence_object.save_state(state)
        self.done = len(state["written"]) == self.collector_variables["letters"]

    def is_data_up_to_date(self):
        self.running_flag = not self.done
        return self.done

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass


class StampPuller(LetterPuller):
    """Texts that hold the identifier of the pull, and one that need not; no state."""

    def execute_pull_logic(self, statistics):
        pulling_id = self.collector_variables["devo_pulling_id"]
        text = f'{{"stamp": 1, "@devo_pulling_id": "{pulling_id}"}}'
        self.deliver_batch_of_messages(None, self.tag, [text])
        self.deliver_batch_of_messages(None, self.tag, ["bare"], True)
        assert self.persistence_object.load_state() is None
        self.done = True
