"""What the project itself has below `agent.commons` stands beside the SDK's names."""


def grams(ounces):
    return round(ounces * 31.1, 1)
