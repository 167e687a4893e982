"""The demo goes on where it was, also on other ports than before."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from econcierge.fleet.models import SiteSettings
from econcierge.fulfilment.models import Distributor
from econcierge.launch import demo
from econcierge.launch.demo_facts import Assistant, DemoFacts

pytestmark = pytest.mark.django_db


def test_its_partners_are_asked_where_they_answer_now(cast: SimpleNamespace) -> None:
    Distributor.objects.create(slug="sandbox", name="D", kind="sandbox", base_url="http://127.0.0.1:8003")
    before = DemoFacts(assistants=[Assistant(name="a", token_file="t", ranges=["127.0.1.11:8004", "127.0.1.12:8004"])])
    now = demo.moved(before, distributor_url="http://127.0.0.1:8083", printers_port=8084)
    assert now.assistants[0].ranges == ["127.0.1.11:8084", "127.0.1.12:8084"]
    assert Distributor.objects.get().base_url == "http://127.0.0.1:8083"


def test_a_newly_connected_computer_is_told_where_the_virtual_printers_are(
    cast: SimpleNamespace, now: datetime
) -> None:
    facts = DemoFacts(assistants=[Assistant(name="erable-main", token_file="t", ranges=["127.0.1.11:8004"])])
    demo.tell_ranges(facts, now=now)
    demo.tell_ranges(facts, now=now)
    told = SiteSettings.objects.get()
    assert (told.site, told.ranges, told.version) == (cast.sites["erable"], ["127.0.1.11:8004"], 1)
    moved = demo.moved(facts, distributor_url="http://127.0.0.1:8083", printers_port=8084)
    demo.tell_ranges(moved, now=now)
    told.refresh_from_db()
    assert (told.ranges, told.version) == (["127.0.1.11:8084"], 2)
