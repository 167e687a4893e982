"""New versions: found, checked against signed metadata (TUF), fetched and handed to the system's installer.

Loaded by `econcierge-assistant update` only, in a process of its own: neither the service nor the window carries it.
"""
