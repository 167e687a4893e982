"""From the first page to a placed order in three clicks, once however often the button is pressed."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.notifications import headlines
from econcierge.orders.models import Order


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the form that places the order."""
    form = html[html.index('<form method="post" action="/order/review/"') :]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def test_three_clicks(office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    """R19, G10: order on the first page, choose, place."""
    client = browser(cast.owner, "en-ca")
    first = re.search(r'class="button[^"]*" href="(/printers/\d+/order/\d+/)"', client.get("/").content.decode())
    assert first
    chosen = re.findall(r'href="(/order/review/[^"]*)"', client.get(first[1]).content.decode())
    review = client.get(chosen[-1].replace("&amp;", "&")).content.decode()
    assert "106R03524" in review
    placed = client.post(reverse("review_order"), fields(review))
    assert placed.status_code == 302
    order = client.get(placed.headers["Location"]).content.decode()
    assert "106R03524" in order


def test_a_mail_leads_to_the_review_at_once(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """The supply that is cheapest per page is proposed; the others are one link away."""
    html = browser(cast.owner, "en-ca").get(f"{reverse('review_order')}?slot={office.slot.pk}").content.decode()
    assert "106R03524" in html
    assert "Other capacities" in html


def test_from_the_mail_through_sign_in_to_a_placed_order(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """G10: the mail's button, then the order's; signing in between them leads back."""
    path = headlines.order_path({"slot_id": office.slot.pk})
    cast.owner.user.set_password("a long enough one")
    cast.owner.user.save()
    client = browser(None, "en-ca")
    sign_in = client.get(path).headers["Location"]
    page = client.get(sign_in).content.decode()
    back = re.search(r'name="next" value="([^"]+)"', page[page.index("<h1") :])  # after the form of the language
    assert back
    given = {"login": cast.owner.user.email, "password": "a long enough one", "next": back[1]}
    review = client.post(reverse("account_login"), given, follow=True)
    assert review.redirect_chain == [(path, 302)]
    before = Order.objects.count()
    placed = client.post(reverse("review_order"), fields(review.content.decode()))
    assert placed.status_code == 302
    assert Order.objects.count() == before + 1


@pytest.mark.parametrize("lacking", ["part", "price"])
def test_a_mail_about_what_cannot_be_ordered_leads_to_the_sentence(
    lacking: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.catalogue.models import Fit, Price

    said = {"part": "The catalogue has no black toner for this printer", "price": "Ask your dealer for its price."}
    (Fit if lacking == "part" else Price).objects.all().delete()
    answer = browser(cast.owner, "en-ca").get(headlines.order_path({"slot_id": office.slot.pk}), follow=True)
    assert answer.redirect_chain == [(reverse("choose_supply", args=[office.printer.pk, office.slot.pk]), 302)]
    assert said[lacking] in answer.content.decode()


def test_the_same_form_twice_is_one_order(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.colleague, "en-ca")
    before = Order.objects.count()
    form = fields(client.get(f"{reverse('review_order')}?slot={office.slot.pk}").content.decode())
    once = client.post(reverse("review_order"), form)
    twice = client.post(reverse("review_order"), form, follow=True)
    assert Order.objects.count() == before + 1
    assert twice.redirect_chain[0][0] == once.headers["Location"]
    assert "it was not placed twice" in twice.content.decode()


def test_delivery_and_quantity_change_the_total_that_is_placed(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.owner, "en-ca")
    path = f"{reverse('review_order')}?slot={office.slot.pk}&delivery=express&quantity=2"
    html = client.get(path).content.decode()
    shown = re.search(r"Place the order, ([^<]+)</button>", html)
    assert shown
    order = client.get(client.post(reverse("review_order"), fields(html)).headers["Location"]).content.decode()
    assert shown[1] in order
    assert "Express" in order


def test_beyond_the_credit_there_is_a_sentence_and_no_button(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.payments.models import AccountAgreement

    client = browser(cast.owner, "en-ca")
    path = f"{reverse('review_order')}?slot={office.slot.pk}"
    form = fields(client.get(path).content.decode())
    AccountAgreement.objects.update(credit_limit_minor=100)
    refused = client.get(path).content.decode()
    assert "above what your company may still buy on account" in refused
    assert "Place the order" not in refused
    before = Order.objects.count()
    assert client.post(reverse("review_order"), form).status_code == 400
    assert Order.objects.count() == before


def test_nonsense_is_refused_with_a_sentence(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.owner, "en-ca")
    for query in (
        f"?printer={office.printer.pk}&part=106R03512&quantity=0",
        f"?printer={office.printer.pk}&part=NOTHING",
        f"?printer=x&part=106R03512&quantity={'9' * 400}",
        f"?printer={office.printer.pk}&part=106R03512&quantity=²",
    ):
        answer = client.get(reverse("review_order") + query)
        assert answer.status_code == 400, query
        assert "That did not work" in answer.content.decode()


def test_a_repair_is_asked_for_once_with_its_coverage_said_first(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.service.models import ServiceRequest

    client = browser(cast.viewer, "en-ca")
    path = reverse("ask_for_repair", args=[office.printer.pk])
    html = client.get(path).content.decode()
    assert "This printer is not covered now, so the repair is not free." in html
    key = re.search(r'name="submission_key" value="([^"]+)"', html)
    assert key
    form = {"problem": "Stripes on every page", "contact_name": "Léa", "submission_key": key[1]}
    before = ServiceRequest.objects.count()
    once, twice = client.post(path, form), client.post(path, form)
    assert once.headers["Location"] == twice.headers["Location"]
    assert ServiceRequest.objects.count() == before + 1
    assert "Stripes on every page" in client.get(once.headers["Location"]).content.decode()
    assert "This is not saved yet." in client.post(path, form | {"problem": " "}).content.decode()


def test_a_provider_takes_a_repair_to_its_end(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.technician, "en-ca")
    path = reverse("provider_request", args=[office.repair.pk])
    assert "Give the day of the visit." in client.post(path, {"to_state": "scheduled"}).content.decode()
    assert client.post(path, {"to_state": "scheduled", "visit_on": "2026-11-25"}).status_code == 302
    assert client.post(path, {"to_state": "completed", "note": ""}).status_code == 400
    assert client.post(path, {"to_state": "completed", "note": "New roller"}).status_code == 302
    assert client.post(path, {"to_state": "closed"}).status_code == 302
    assert client.post(path, {"to_state": "closed"}).status_code in {400, 409}
    told = browser(cast.owner, "en-ca").get(reverse("repair", args=[office.repair.pk])).content.decode()
    for fact in ("Visit planned", "New roller", "Closed"):
        assert fact in told
