"""Contract: what decides when the next pull begins.

Three modules: one skips a wait, one makes a wait longer once, one pulls at
multiples of its period. A base class of the module's own does what they share.
"""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class MillPullerBase(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        self.times = []

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass

    def finish(self, content):
        self.send_standard_message("date", self.tag, content)
        self.persistence_object.save_state({"pulls": len(self.times)})
        self.running_flag = False


class NoWaitPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        assert not self.no_wait_next_loop
        self.times.append(retrieving_timestamp)
        if len(self.times) < 4:
            self.no_wait_next_loop = True
        else:
            # Three waits of an hour would take longer than this.
            took = (retrieving_timestamp - self.times[0]).total_seconds()
            self.finish({"below_an_hour": took < 3600})


class OffsetPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        if len(self.times) == 1:
            assert self.request_period_in_seconds == 3
            self.retrieval_offset_in_seconds = 20
        else:
            gap = (retrieving_timestamp - self.times[0]).total_seconds()
            once = self.retrieval_offset_in_seconds == 0
            self.finish({"longer": gap >= 20, "once": once})


class SlotPuller(MillPullerBase):

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        if len(self.times) == 3:
            whole = {time.timestamp() % 8 for time in self.times} == {0}
            self.finish({"whole": whole, "different": len(set(self.times)) == 3})


class SlowPuller(MillPullerBase):
    """A pull that takes longer than its period is followed by the next at once."""

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        self.request_period_in_seconds = 0.000001
        if len(self.times) == 2:
            self.finish("no wait")
