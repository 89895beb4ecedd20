"""Contract: messages put into `output_queue` directly, alone and in a list.

A lookup's job may be put into `lookup_queue` in the same way.
"""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.message.lookup_job_factory import LookupJob, LookupJobFactory
from devocollectorsdk.message.message import Message


class QueuePuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        date = "2023-01-05 10:20:30.456"
        self.output_queue.put(Message(date, self.tag, "alone"))
        self.output_queue.put(
            [Message(date, f"{self.tag}.{side}", side) for side in ("left", "right")]
        )
        self.send_standard_message(date, self.tag, "by the method")
        self.output_queue.put([Message(date, self.tag, "last")])
        factory = LookupJobFactory("Garden_tools", ["tool", "age"], "tool", ["str", "int"])
        assert factory.add_item_to_list_to_initialize(["spade", 7]) == [0, []]
        job = factory.create_job_to_initialize_items(send_start=True, send_end=True)
        assert isinstance(job, LookupJob)
        self.lookup_queue.put(job)
        sizes = (self.output_queue.qsize(), self.lookup_queue.qsize())
        assert all(isinstance(size, int) and size >= 0 for size in sizes)
        kept = Message(date, self.tag, "content", is_internal=None)
        assert (kept.tag, kept.content) == (self.tag, "content")
        assert not kept.is_internal
        self.persistence_object.save_state({"put": 4})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
