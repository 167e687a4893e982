"""The worker's jobs: one function a job, each a transaction around one call."""
