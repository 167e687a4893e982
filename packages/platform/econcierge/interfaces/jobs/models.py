"""Which daily jobs ran last on which day."""

from __future__ import annotations

from django.db import models


class DailyRun(models.Model):
    name = models.CharField(max_length=60, unique=True)
    last_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} on {self.last_on}"
