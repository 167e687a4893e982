"""Registers the service with systemd, launchd or the Windows service manager, and takes everything back."""
