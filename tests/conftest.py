"""What holds for every test."""

import os

from hypothesis import settings

# Time is measured in benchmarks/, never asserted here; in CI the same examples run on every machine.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
