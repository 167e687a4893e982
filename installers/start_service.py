"""Where the packaged service begins."""

import sys

from econcierge_assistant.cli import main

sys.exit(main())
