import sys

from econcierge_assistant.desktop.main import main

sys.exit(main())
