"""Contract: threads of the module's own: they send, and they work off a queue."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

from .paces import MillPullerBase


class WorkerPuller(MillPullerBase):
    """Threads that each send to a table of their own; saved when all have ended."""

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        with ThreadPoolExecutor(max_workers=3) as pool:
            sent = list(pool.map(self.__grind, ("rye", "oat", "corn")))
        self.finish({"sent": sent})

    def __grind(self, grain):
        for number in range(50):
            self.send_standard_message("date", f"{self.tag}.{grain}", {"sack": number})
        return f"{grain} 50"


class ConsumerPuller(MillPullerBase):
    """A producer fills a queue, a consumer of the module sends what is in it."""

    def pre_pull(self, retrieving_timestamp):
        self.__queue = queue.Queue(maxsize=10)
        self.__consumer = threading.Thread(target=self.__consume, daemon=True)
        self.__consumer.start()

    def pull(self, retrieving_timestamp):
        self.times.append(retrieving_timestamp)
        for number in range(100):
            self.__queue.put({"bag": number})
        self.__queue.put(None)
        self.__consumer.join()
        self.finish("consumed")

    def __consume(self):
        while (item := self.__queue.get()) is not None:
            self.send_standard_message("date", f"{self.tag}.bags", item)
