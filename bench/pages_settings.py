"""The platform's settings, with one address more: a page that does nothing, the floor of every other page."""

from econcierge.config.settings import *  # noqa: F403  every setting, as Django wants them

ROOT_URLCONF = "bench.pages_urls"
