"""Contract: a setup in steps, on the template; the first token has expired."""

from devocollectorsdk.templates.template_1_puller_setup import *


class LetterPullerSetup(Template1CollectorPullerSetup):

    def service_auth_is_defined(self) -> bool:
        return "token" in self.collector_variables

    def build_authentication(self):
        self.collector_variables["token"] = "old"

    def service_auth_is_valid(self) -> bool:
        return self.collector_variables["token"] == "new"

    def refresh_auth(self):
        self.collector_variables["token"] = "new"

    def remote_source_is_pullable(self) -> bool:
        return self.collector_variables["base_url"].startswith("https://")
