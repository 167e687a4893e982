"""SNMP in three steps: `values` and `codec` (bytes, no sockets), then `client` (one socket, many devices)."""
