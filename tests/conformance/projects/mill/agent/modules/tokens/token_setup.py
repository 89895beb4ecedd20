"""Contract: a setup renews a token for its puller, as often as it says itself.

The dictionary `collector_variables` is one object for both.
"""

from devocollectorsdk.inputs.collector_puller_setup_abstract import *


class TokenPullerSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        assert self.collector_variables is self.parent_thread.collector_variables
        assert self.setup_variables is not self.collector_variables
        assert execution_timestamp.utcoffset().total_seconds() == 0
        self.refresh_interval_in_seconds = 5
        if self.collector_variables.get("token_is_fresh"):
            return
        with self.parent_thread.rate_limiter:
            number = self.setup_variables.get("number", 0) + 1
        self.setup_variables["number"] = number
        self.collector_variables["token"] = f"token {number}"
        self.collector_variables["token_is_fresh"] = True
        self.log_info(f"{self.getName()} -> made token {number}")
