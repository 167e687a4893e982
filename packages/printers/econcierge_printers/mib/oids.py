"""The objects that a reading is made from: names after their MIB, and what to ask a printer for."""

from __future__ import annotations

from econcierge_printers.snmp.values import Oid

_MIB2: Oid = (1, 3, 6, 1, 2, 1)
ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)

SYS_DESCR: Oid = (*_MIB2, 1, 1, 0)
SYS_OBJECT_ID: Oid = (*_MIB2, 1, 2, 0)
SYS_NAME: Oid = (*_MIB2, 1, 5, 0)
IF_PHYS_ADDRESS: Oid = (*_MIB2, 2, 2, 1, 6)

_HR: Oid = (*_MIB2, 25, 3)
HR_DEVICE_TYPE: Oid = (*_HR, 2, 1, 2)
HR_DEVICE_DESCR: Oid = (*_HR, 2, 1, 3)
HR_DEVICE_STATUS: Oid = (*_HR, 2, 1, 5)
HR_PRINTER_STATUS: Oid = (*_HR, 5, 1, 1)
HR_PRINTER_ERROR_STATE: Oid = (*_HR, 5, 1, 2)
HR_DEVICE_PRINTER: Oid = (*_HR, 1, 5)  # the value of hrDeviceType for a printer

_PRT: Oid = (*_MIB2, 43)
CURRENT_LOCALIZATION: Oid = (*_PRT, 5, 1, 1, 2)
CONSOLE_LOCALIZATION: Oid = (*_PRT, 5, 1, 1, 10)
PRINTER_NAME: Oid = (*_PRT, 5, 1, 1, 16)
SERIAL_NUMBER: Oid = (*_PRT, 5, 1, 1, 17)
LOCALIZATION_CHARACTER_SET: Oid = (*_PRT, 7, 1, 1, 4)

INPUT_CAPACITY: Oid = (*_PRT, 8, 2, 1, 9)
INPUT_LEVEL: Oid = (*_PRT, 8, 2, 1, 10)
INPUT_NAME: Oid = (*_PRT, 8, 2, 1, 13)
INPUT_DESCRIPTION: Oid = (*_PRT, 8, 2, 1, 18)

MARKER_COUNTER_UNIT: Oid = (*_PRT, 10, 2, 1, 3)
MARKER_LIFE_COUNT: Oid = (*_PRT, 10, 2, 1, 4)

SUPPLY_COLORANT: Oid = (*_PRT, 11, 1, 1, 3)
SUPPLY_CLASS: Oid = (*_PRT, 11, 1, 1, 4)
SUPPLY_TYPE: Oid = (*_PRT, 11, 1, 1, 5)
SUPPLY_DESCRIPTION: Oid = (*_PRT, 11, 1, 1, 6)
SUPPLY_UNIT: Oid = (*_PRT, 11, 1, 1, 7)
SUPPLY_CAPACITY: Oid = (*_PRT, 11, 1, 1, 8)
SUPPLY_LEVEL: Oid = (*_PRT, 11, 1, 1, 9)
COLORANT_VALUE: Oid = (*_PRT, 12, 1, 1, 4)

CONSOLE_TEXT: Oid = (*_PRT, 16, 5, 1, 2)

ALERT_SEVERITY: Oid = (*_PRT, 18, 1, 1, 2)
ALERT_GROUP: Oid = (*_PRT, 18, 1, 1, 4)
ALERT_GROUP_INDEX: Oid = (*_PRT, 18, 1, 1, 5)
ALERT_CODE: Oid = (*_PRT, 18, 1, 1, 7)
ALERT_DESCRIPTION: Oid = (*_PRT, 18, 1, 1, 8)

SCALARS = (SYS_DESCR, SYS_OBJECT_ID, SYS_NAME)
# Columns that travel together, each group about one datagram for an ordinary printer.
SUPPLY_COLUMNS = (
    SUPPLY_COLORANT,
    SUPPLY_CLASS,
    SUPPLY_TYPE,
    SUPPLY_DESCRIPTION,
    SUPPLY_UNIT,
    SUPPLY_CAPACITY,
    SUPPLY_LEVEL,
    COLORANT_VALUE,
)
DEVICE_COLUMNS = (
    IF_PHYS_ADDRESS,
    HR_DEVICE_TYPE,
    HR_DEVICE_DESCR,
    HR_DEVICE_STATUS,
    HR_PRINTER_STATUS,
    HR_PRINTER_ERROR_STATE,
    CURRENT_LOCALIZATION,
    CONSOLE_LOCALIZATION,
    PRINTER_NAME,
    SERIAL_NUMBER,
    MARKER_COUNTER_UNIT,
    MARKER_LIFE_COUNT,
)
DETAIL_COLUMNS = (
    LOCALIZATION_CHARACTER_SET,
    CONSOLE_TEXT,
    INPUT_CAPACITY,
    INPUT_LEVEL,
    INPUT_NAME,
    INPUT_DESCRIPTION,
    ALERT_SEVERITY,
    ALERT_GROUP,
    ALERT_GROUP_INDEX,
    ALERT_CODE,
    ALERT_DESCRIPTION,
)
