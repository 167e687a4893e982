"""A reading's JSON, packed for the spool: little more than half of what plain zlib needs.

Readings are mostly the same keys and words, so a dictionary of them goes a long way. It is part of the file format:
changing one byte of it makes older spools unreadable, so a new one needs a new schema version in `store`.
"""

from __future__ import annotations

import zlib

_SUPPLY_WORDS = (
    "waste_container,maintenance_kit,transfer_belt,transfer_roller,belt_cleaner,imaging_unit,developer,solid_ink,"
    "staples,other,fuser,drum,ink,toner,overdue,implausible,unrestricted,unknown,some_remaining,filled,impressions,"
    "tenths_of_gram,sheets,stopped,printing,warming_up,sleeping,low_toner,no_toner,low_paper,no_paper,jammed,door_open,"
    "offline,service_requested,critical,snmp-1,ipp,Brother,HP,Canon,Ricoh,Lexmark,Konica Minolta,Kyocera,Xerox,"
    "Cartouche de toner ,Toner Cartridge,Drum Cartridge,Waste Toner Container,Black ,Cyan ,Magenta ,Yellow ,"
)


def _supply(index: int, colour: str) -> str:
    return (
        f'{{"index":"1.{index}","kind":"toner","colour":"{colour}","class":"consumed","description":"{colour} Toner '
        'Cartridge","part_number":null,"serial":null,"unit":"percent","raw_capacity":100,"raw_level":50,'
        '"state":"measured","percent":50.0,"source":"printer-mib"},'
    )


_DICTIONARY = (
    _SUPPLY_WORDS
    + '{"format":1,"read_at":"2026-11-23T08:00:00Z","target":"192.168.1.10","protocol":"snmp-2c","identity":'
    '{"manufacturer":null,"model":null,"serial":null,"hostname":null,"mac":null,"firmware":null,'
    '"sys_object_id":"1.3.6.1.4.1.253.8.62.1.","sys_descr":null,"ieee1284":"MFG:;CMD:PCL,PS;MDL:;CLS:PRINTER;"},'
    '"status":{"state":"idle","conditions":["low_toner"],"console":["Ready"]},'
    '"counters":{"total":null,"unit":"impressions","black":null,"colour":null},"supplies":['
    + "".join(_supply(index, colour) for index, colour in enumerate(("yellow", "magenta", "cyan", "black"), start=1))
    + '{"index":"1.5","kind":"drum","colour":null,"class":"consumed","description":"","part_number":"","serial":"",'
    '"unit":"unknown","raw_capacity":-2,"raw_level":-3,"state":"some_remaining","percent":null,"source":"printer-mib"}],'
    '"alerts":[{"severity":"warning","group":"supplies","supply_index":"1.1","code":1104,"text":"'
    '"}],"trays":[{"index":"1.1","name":"Tray 1","raw_capacity":500,"raw_level":-3,"state":"some_remaining",'
    '"percent":null},{"index":"1.2","name":"Tray 2","raw_capacity":500,"raw_level":250,"state":"measured",'
    '"percent":50.0}]}'
).encode()


def pack(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zdict=_DICTIONARY)
    return packer.compress(body) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Raises `zlib.error` for what `pack` did not write."""
    unpacker = zlib.decompressobj(zdict=_DICTIONARY)
    return unpacker.decompress(packed) + unpacker.flush()
