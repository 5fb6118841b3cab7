"""The version of this package, of the plugin and of the policy pack."""

from typing import Final

VERSION: Final = "0.1.0"
