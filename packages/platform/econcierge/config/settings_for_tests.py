"""The settings of a test run: the real ones with a key of their own, cheap password hashes, plain links."""

import os

os.environ.setdefault("ECONCIERGE_SECRET_KEY", "only-for-tests")

from econcierge.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # no collected static files are needed
