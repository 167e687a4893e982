"""What a job does while a worker runs it: procrastinate has a connection of its own there."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.core import jobs


@pytest.mark.usefixtures("committing")
def test_a_job_that_a_job_asks_for_is_written_with_its_change_or_not_at_all() -> None:
    def change_and_fail() -> None:
        try:
            with transaction.atomic():
                jobs.defer("coverage.decide", printer_ids=[7])
                raise InterruptedError
        finally:
            connection.close()

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):
            async with app.open_async():
                with pytest.raises(InterruptedError):
                    await asyncio.to_thread(change_and_fail)

    asyncio.run(work())
    assert not ProcrastinateJob.objects.exists()
