"""The desktop application: tray, window, notifications. `core` knows no Qt, `ui` is Qt widgets, `os`
has one module a system.

All network work is QtNetwork's, to the platform and to the service on this computer; the process imports no ssl, http
or asyncio, because it sits beside a person's work all day (R04).
"""
