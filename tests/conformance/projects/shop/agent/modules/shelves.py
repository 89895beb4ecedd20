"""Contract: everything `persistence_object` offers, and every type a state may hold."""

from datetime import datetime, timezone

from devocollectorsdk.commons.collector_exceptions import SdkPersistenceServiceError
from devocollectorsdk.commons.collector_utils import CollectorUtils

from .counters import CounterPuller


class ShelfPuller(CounterPuller):

    def pre_pull(self, retrieving_timestamp):
        shelf = self.persistence_object
        assert shelf.load_state() is None
        assert shelf.load_state(no_log_traces=True) is None
        assert shelf.load_state_old_format(True, "shop_s1_shelves_predefined_X") is None
        assert "shop;s1;shelves" in shelf.unique_identifier
        assert isinstance(shelf.collector_id, str)
        assert (CollectorUtils.collector_name, CollectorUtils.collector_owner) == (
            "shop", "example")

    def pull(self, retrieving_timestamp):
        shelf = self.persistence_object
        shelf.save_state({"first": 1})
        assert shelf.load_state() == {"first": 1}
        shelf.clean_state()
        assert shelf.load_state() is None
        try:
            shelf.save_state({"cannot": object()})
        except SdkPersistenceServiceError as ex:
            self.log_warning(f"refused: {ex}"[:45])
        state = {
            "when": datetime(2023, 1, 5, 10, tzinfo=timezone.utc),
            "naive": datetime(2023, 1, 5, 10),
            "day": datetime(2023, 1, 5).date(),
            7: {"seven": [1, 2.5, None, True, "ü"]},
            "pair": (1, 2),
        }
        shelf.save_state(object_to_save=state, no_log_traces=True,
                         emergency_system_used=False)
        loaded = shelf.load_state()
        assert loaded == state and loaded is not state
        loaded[7]["seven"].append("only in the copy")
        assert shelf.load_state() == state
        self.running_flag = False
