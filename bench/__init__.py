"""Benchmarks: how fast the product is beside a floor that is measured in the same run (`python -m bench`)."""
