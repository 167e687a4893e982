"""Living virtual printers: what they are, how they live, and how they answer over SNMP."""
