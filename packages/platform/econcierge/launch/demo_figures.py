"""What happened in the demo, counted from its database."""

from __future__ import annotations

from collections.abc import Iterator


def lines() -> Iterator[str]:
    """A line a figure; Django is set up."""
    from django.db.models import Count

    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.coverage import queries as coverage
    from econcierge.fleet.models import Printer
    from econcierge.notifications.models import Delivery
    from econcierge.orders.models import Order
    from econcierge.replenishment.models import MonthlyReport, ProposedOrder
    from econcierge.service.models import ServiceRequest
    from econcierge.supplies.models import Cartridge, LevelChange

    with scoping.transaction_as(Scope.everything()):
        printers = list(Printer.objects.values_list("pk", flat=True))
        decided = coverage.current(Scope.everything(), printer_ids=printers).values()
        statuses: dict[str, int] = {}
        for decision in decided:
            statuses[decision.status] = statuses.get(decision.status, 0) + 1
        yield f"Printers: {len(printers)}; coverage: {_listed(statuses)}"
        yield f"Level changes kept: {LevelChange.objects.count()}; cartridges seen: {Cartridge.objects.count()}"
        for title, rows in (("Orders", Order.objects), ("Repairs", ServiceRequest.objects)):
            yield f"{title}: {_listed(dict(rows.values_list('state').annotate(n=Count('id'))))}"
        proposed = dict(ProposedOrder.objects.values_list("state").annotate(n=Count("id")))
        yield f"Automatic orders: {_listed(proposed)}; monthly reports: {MonthlyReport.objects.count()}"
        sent = Delivery.objects.filter(state="sent").values_list("kind", "language").annotate(n=Count("id"))
        yield f"Mails sent: {_listed({f'{kind} ({language[:2]})': count for kind, language, count in sent})}"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
