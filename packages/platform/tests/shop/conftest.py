"""A shop to order in: a printer, parts with prices, an agreement on account, and a distributor that really answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from econcierge_virtual import serving
from econcierge_virtual.distributor import app
from econcierge_virtual.distributor.store import Store

SECRET = "between-us"
BLACK, BLACK_HIGH, CYAN, UNPRICED, CONTRACT = "106R03512", "106R03524", "106R03522", "108R01121", "106R03536"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@dataclass
class ShopClock:
    """The platform's and the distributor's time, moved by the test."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class VirtualDistributor:
    """The sandbox distributor on a port of its own, in a thread of this process."""

    path: Path
    clock: ShopClock
    port: int = 0
    faults: list[str] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _server: serving.HttpServer | None = None
    _store: Store | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        assert self._loop is not None
        asyncio.set_event_loop(self._loop)
        self._store = Store(self.path)
        made = app.create_app(store=self._store, clock=self.clock, secret=SECRET, faults=app.new_faults())
        self._server = self._loop.run_until_complete(serving.serve(made, address="127.0.0.1", port=self.port))
        self.port = self._server.port
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._server.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._store.close()
        self._loop.close()

    def stop(self) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def fault(self, mode: str, **more: Any) -> None:
        httpx.post(f"{self.url}/control/faults", json={"mode": mode, **more}, timeout=10).raise_for_status()

    def received(self) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/control/purchase-orders", timeout=10).raise_for_status().json()
        return list(answer["purchase_orders"])

    def cancel(self, number: str) -> None:
        httpx.post(f"{self.url}/control/purchase-orders/{number}/cancel", timeout=10).raise_for_status()


@pytest.fixture
def clock() -> ShopClock:
    return ShopClock()


@pytest.fixture
def distributor(tmp_path: Path, clock: ShopClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualDistributor]:
    monkeypatch.setenv("SHOP_DISTRIBUTOR_SECRET", SECRET)
    running = VirtualDistributor(tmp_path / "distributor.sqlite", clock)
    running.start()
    yield running
    running.stop()


def stock_the_shop(cast: SimpleNamespace, *, url: str = "http://127.0.0.1:9") -> SimpleNamespace:
    """Under the operator's scope: what a dealer has to have before anybody can order."""
    from econcierge.catalogue.models import Fit, Part, Price, PrinterModel
    from econcierge.fleet.models import Printer
    from econcierge.fulfilment.models import DealerDistributor, Distributor, Stock
    from econcierge.payments.models import AccountAgreement

    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    parts = {}
    for number, colour, pages, price, sold in (
        (BLACK, "black", 5000, 16495, "retail"),
        (BLACK_HIGH, "black", 10500, 27995, "retail"),
        (CYAN, "cyan", 4800, 19995, "retail"),
        (UNPRICED, "cyan", 8000, None, "retail"),
        (CONTRACT, "black", 10500, 10000, "contract"),
    ):
        part = Part.objects.create(
            part_number=number, kind="toner", colour=colour, sold=sold, regions=["NA"], yield_pages=pages
        )
        Fit.objects.create(part=part, model=model)
        if price:
            Price.objects.create(dealer=cast.dealer, part=part, unit_price_minor=price, valid_from=date(2026, 1, 1))
        parts[number] = part
    main = Distributor.objects.create(
        slug="laurentien", name="Laurentien", kind="sandbox", base_url=url, secret_variable="SHOP_DISTRIBUTOR_SECRET"
    )
    DealerDistributor.objects.create(dealer=cast.dealer, distributor=main, account_number="A-1", preference=1)
    for number in (BLACK, BLACK_HIGH, CYAN):
        Stock.objects.create(distributor=main, part=parts[number], quantity=20, lead_days=1, as_of=MONDAY)
    agreement = AccountAgreement.objects.create(
        customer=cast.erable, credit_limit_minor=100_000, agreed_on=date(2026, 1, 1)
    )
    site = cast.sites["erable"]
    printer = Printer.objects.create(customer=cast.erable, site=site, model=model, label="Reception")
    return SimpleNamespace(
        cast=cast, model=model, parts=parts, distributor=main, agreement=agreement, site=site, printer=printer
    )


@pytest.fixture
def shop(cast: SimpleNamespace) -> SimpleNamespace:
    return stock_the_shop(cast)


@pytest.fixture
def live_shop(cast: SimpleNamespace, distributor: VirtualDistributor) -> SimpleNamespace:
    """The shop whose distributor answers."""
    return stock_the_shop(cast, url=distributor.url)


@pytest.fixture
def order(now: datetime) -> Callable[..., Any]:
    """Places an order as somebody; the usual one is two black toners for the reception's printer."""
    import uuid

    from econcierge.accounts import scoping
    from econcierge.journeys import check_out

    def place(shop: SimpleNamespace, *, by: Any = None, lines: Any = None, **changes: Any) -> check_out.Placed:
        person = by or shop.cast.colleague
        scoping.enter(person.actor.scope)
        wanted = lines or (check_out.LineWanted(BLACK, shop.printer.pk, 2),)
        asked = {
            "submission_key": uuid.uuid4(),
            "site_id": shop.site.pk,
            "delivery": "ground",
            "customer_reference": "",
            "now": now,
            **changes,
        }
        return check_out.place(actor=person.actor, lines=wanted, **asked)

    return place
