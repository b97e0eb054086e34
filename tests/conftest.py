"""What all tests share."""

from hypothesis import settings

# the time of one example says nothing on a machine that does other things too
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
