"""A puller in the style of public ones: it fills a lookup and ends."""

from __future__ import annotations

# ruff: noqa: ANN001, ANN002, ANN201, ANN202, FBT003  (such modules are written so)
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.message.lookup_job_factory import LookupJobFactory
from devocollectorsdk.message.message import Message

TAG = "my.app.printers.events"
PAGE = 1000


class PrinterLookupPuller(CollectorPullerAbstract):
    """Creates the lookup in pages, modifies it, removes from it, and saves."""

    def init_variables(self, *args):
        """Read how many printers there are."""
        service_config = args[2]
        self.number = int(service_config["printers"])

    def pre_pull(self, retrieving_timestamp):
        """Do nothing."""

    def pull(self, retrieving_timestamp):
        """Send everything once in the life of a state."""
        if self.persistence_object.load_state():
            self.log_info("The lookup is filled already")
            self.running_flag = False
            return
        self.send_standard_message(retrieving_timestamp, TAG, "before")
        factory = LookupJobFactory(
            lookup_name="Printers_of_the_house",
            headers=["host", "address", "pages", "note"],
            key="host",
            field_types=["str", "ip4", "int8", "str"],
        )
        self._create(factory)
        factory.add_item_to_list_to_modify(["printer-0", "10.9.9.9", None, None])
        factory.add_item_to_list_to_remove([["printer-1"], ["printer-2"]])
        self.send_lookup_messages(factory, start=True, end=True, buffer="Modify")
        self.output_queue.put(
            [Message(retrieving_timestamp, TAG, text) for text in ("between", "them")]
        )
        self.lookup_queue.put(factory.create_job_to_remove_items(True, True))
        self.persistence_object.save_state({"filled": self.number})
        self.running_flag = False

    def _create(self, factory):
        for first in range(0, self.number, PAGE):
            count, rejected = factory.add_item_to_list_to_initialize(
                [row(n) for n in range(first, min(first + PAGE, self.number))]
            )
            for each in rejected:
                self.log_warning(f"{count} rejected: {each['reason']}: {each['item']}")
            last = first + PAGE >= self.number
            self.send_lookup_messages(factory, first == 0, last, "Create")
            factory.clean_initialize_list()

    def pull_pause(self, wait=None):
        """Do nothing."""

    def pull_stop(self):
        """Do nothing."""


def row(number):
    """Return the row of a printer; that of number 3 has a name for an address."""
    address = f"10.0.{number // 250}.{number % 250}"
    if number == 3:
        address = "printer-3.example"
    return [f"printer-{number}", address, number, 'on the 2" shelf']
