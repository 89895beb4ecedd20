"""Finds out whether this machine tells its load at all."""

import os

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class SystemLoadPullerSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        cores = os.cpu_count()
        if not cores:
            raise RuntimeError("the number of processor cores is unknown")
        # What the setup learns travels to the puller in this dictionary.
        self.collector_variables["cores"] = cores
        self.log_info(f"Load is measured on {cores} core(s)")
