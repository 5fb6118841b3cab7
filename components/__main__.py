"""The plugin's entry point: Pulumi starts it when a program in another language uses the components."""

import sys

import pulumi.provider

from cachewright.hosting.provider import CachewrightProvider
from cachewright.version import VERSION

if __name__ == "__main__":
    pulumi.provider.main(CachewrightProvider(VERSION), sys.argv[1:])
