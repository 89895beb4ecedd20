from .salt_puller import SaltPuller
