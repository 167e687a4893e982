"""Episodes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer, Dealer
from econcierge.fleet.models import Printer, Site
from econcierge.supplies.models import Cartridge, Slot


class Episode(models.Model):
    """A cartridge reached a threshold: once per cartridge and threshold, whatever the gauge does afterwards."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="episodes")
    cartridge = models.ForeignKey(Cartridge, on_delete=models.CASCADE, related_name="episodes")
    threshold = models.CharField(max_length=12)  # low | almost_empty; early: the dealer's own, closed from the start
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    because = models.CharField(max_length=12)  # device | model | programme | customer | passed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when people were told; None: nobody was, or not yet
    look_again_at = models.DateTimeField(null=True)  # nobody is told as long as what is on its way is in time

    class Meta:
        constraints = [
            models.UniqueConstraint(name="episode_once", fields=["customer", "cartridge", "threshold"]),
        ]
        indexes = [
            # The few that are open, beside those of every cartridge that ever was.
            models.Index(name="episode_open", fields=["customer"], condition=Q(closed_at__isnull=True)),
            models.Index(
                name="episode_look_again",
                fields=["look_again_at"],
                condition=Q(closed_at__isnull=True, look_again_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cartridge_id} {self.threshold}"


class Answer(models.Model):
    """What somebody answered to a notice, from the mail and without signing in (already ordered, remind me later)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    action = models.CharField(max_length=20)  # alerts.types.Action
    quantity = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)  # until then it holds; a reminder is due then
    ended_at = models.DateTimeField(null=True)  # reminded, or taken back

    class Meta:
        indexes = [
            models.Index(name="answer_due", fields=["until_at"], condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id}: {self.action}"


class CustomerMark(models.Model):
    """A customer wants to hear earlier: of everything, of a site, of a printer, of one kind of supply.

    A mark never counts where it is lower than the one that would apply without it (R14).
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE)
    printer = models.ForeignKey(Printer, null=True, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, blank=True)  # of supply; "": every one
    low_percent = models.PositiveSmallIntegerField(null=True)
    almost_empty_percent = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customer_mark_once", fields=["customer", "site", "printer", "kind"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="customer_mark_place", condition=Q(site__isnull=True) | Q(printer__isnull=True)
            ),
            models.CheckConstraint(
                name="customer_mark_percent",
                condition=(Q(low_percent__isnull=True) | Q(low_percent__lte=90))
                & (Q(almost_empty_percent__isnull=True) | Q(almost_empty_percent__lte=90)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}: {self.low_percent}, {self.almost_empty_percent}"


class DealerWish(models.Model):
    """How much earlier than its customers a dealer wants to hear, in points of the gauge; 0: with them."""

    dealer = models.OneToOneField(Dealer, on_delete=models.CASCADE)
    points = models.PositiveSmallIntegerField(default=0)
    wanted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="dealer_wish_points", condition=Q(points__lte=50))]

    def __str__(self) -> str:
        return f"{self.dealer_id}: {self.points} points earlier"
