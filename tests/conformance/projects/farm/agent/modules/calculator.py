"""Contract: a class that calculates the submodules from the input's configuration."""

from devocollectorsdk.inputs.collector_submodules_calculator import (
    CollectorSubmodulesCalculator,
)

from .field_puller import FieldPuller, FieldPullerSetup


class OrchardSubmodulesCalculator(CollectorSubmodulesCalculator):

    @staticmethod
    def calculate_submodules(service_name, submodules_property, input_config):
        trees = input_config["services"][service_name][submodules_property]
        return {
            f"{kind}_{number}": {"kind": kind, "number": number}
            for kind, count in trees.items()
            for number in range(1, count + 1)
        }


class OrchardPuller(FieldPuller):
    pass


class OrchardPullerSetup(FieldPullerSetup):
    pass
