"""Where the packaged desktop application begins."""

import sys

from econcierge_assistant.desktop.__main__ import main

sys.exit(main())
