"""Modules that cannot be initialized, and still kill nobody else."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

from .saving import LabPuller


class LabException(Exception):

    def __init__(self, code, cause):
        self.code, self.cause = code, cause

    def __str__(self):
        return f"{type(self).__name__}[CODE:{self.code:04d}] {self.cause}"


class QuietSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        pass


class BreakingSetup(CollectorPullerSetupAbstract):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        raise LabException(9, "the flask is empty")

    def setup(self, execution_timestamp):
        pass


class InitAlonePuller(LabPuller):
    """`init_variables` raises; there is no setup."""

    def init_variables(self, *args):
        raise LabException(8, "no credentials, alone")

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pulled without variables")

    def pull_stop(self):
        raise RuntimeError("stopped without variables")


class InitWithSetupPuller(InitAlonePuller):
    """`init_variables` raises; the setup is never made."""

    def init_variables(self, *args):
        raise LabException(7, "no credentials, with setup")


class SetupBreaksPuller(LabPuller):
    """The constructor of its setup raises."""

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pulled without a setup")


class UnfinishedPuller(CollectorPullerAbstract):
    """Lacks `pull_pause` and `pull_stop`, which are abstract."""

    def init_variables(self, *args):
        pass

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pulled unfinished")
