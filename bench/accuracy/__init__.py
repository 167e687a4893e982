"""Our reading of every recording beside what others independently found in it (`python -m bench.accuracy`)."""
