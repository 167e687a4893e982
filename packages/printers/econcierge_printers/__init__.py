"""Knows printers: asks them over the network, decodes what they say, and keeps what they said.

Three steps, each alone and testable: bytes, then plain values, then the frozen dataclasses of `model`.
Reads only, reads gently, and never invents a number.
"""
