"""Signing up by oneself, a dealer's invitation, a colleague's: who may, what is carried along, what ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

pytestmark = pytest.mark.django_db
SITE = {
    "company": "Pin gris inc.", "address_line_1": "1, rue du Pin", "city": "Laval", "region": "QC",
    "postal_code": "h2x1y4",
}  # fmt: skip
PASSWORD = "quatre chevaux verts"
Browsers = Callable[..., Any]


@pytest.fixture(autouse=True)
def mailed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of invitations are done where they are asked for, as no worker runs here."""
    from contextlib import nullcontext

    from econcierge.core import jobs
    from econcierge.interfaces.jobs import invitations as work
    from econcierge.interfaces.web.public import join as pages

    pages.ASKING.clear()
    monkeypatch.setattr(work.scoping, "transaction_as", lambda _scope: nullcontext())

    def done(task: str, **arguments: Any) -> None:
        assert task == "invitations.send"
        work.send(**arguments)

    monkeypatch.setattr(jobs, "defer", done)


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/d/\S+)", message.body)
    assert found
    return found[1]


def sign_up(browser: Any, **instead: str) -> Any:
    said = {"company": "Pin gris inc.", "name": "Anne Pin", "email": "anne@pingris.test", "language": "fr-ca"}
    return browser.post("/d/papeterie/sign-up/", said | instead)


def test_a_company_signs_up_by_itself(cast: SimpleNamespace, browser: Browsers) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Customer, Membership
    from econcierge.accounts.types import Scope

    visitor = browser()
    assert "anne@pingris.test" in sign_up(visitor).content.decode()
    (message,) = mail.outbox
    assert (message.to, message.reply_to[0].split(" <")[0]) == (["anne@pingris.test"], "Papeterie du Port")
    assert "Il reste une étape" in message.body or "One step is left" in message.body
    scoping.enter(Scope.everything())
    assert not Customer.objects.filter(name="Pin gris inc.").exists()  # nothing is opened before the link is used
    link = link_in(message)
    page = visitor.get(link).content.decode()
    assert 'value="Pin gris inc."' in page
    assert 'value="Anne Pin"' in page
    proof = re.search(r'name="m" value="([^"]+)"', page)
    answer = visitor.post(link, SITE | {"name": "Anne Pin", "password": PASSWORD, "m": proof and proof[1]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/start/")
    assert visitor.get("/start/").status_code == 200
    scoping.enter(Scope.everything())
    customer = Customer.objects.get(name="Pin gris inc.")
    assert (customer.dealer, customer.slug, customer.language) == (cast.dealer, "pin-gris-inc", "fr-ca")
    assert [site.postal_code for site in customer.sites.all()] == ["H2X 1Y4"]
    member = Membership.objects.get(customer=customer)
    assert (member.role, member.user.email) == ("customer_admin", "anne@pingris.test")
    assert member.user.emailaddress_set.get().verified
    assert browser().get(link).status_code == 404  # used


def test_signing_up_again_within_minutes_sends_no_second_mail(cast: SimpleNamespace, browser: Browsers) -> None:
    for _ in range(2):
        assert "Look in your mail" in sign_up(browser()).content.decode()
    assert len(mail.outbox) == 1


def test_a_known_address_is_not_told_apart(cast: SimpleNamespace, browser: Browsers) -> None:
    def answered(email: str) -> str:
        page = sign_up(browser(), email=email).content.decode().replace(email, "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    assert answered("owner@example.test") == answered("anne@pingris.test")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "wrong", [{"company": ""}, {"email": "no address"}, {"language": "xx"}, {"name": ""}, {"company": "x" * 200}]
)
def test_what_is_missing_is_said(wrong: dict[str, str], cast: SimpleNamespace, browser: Browsers) -> None:
    assert sign_up(browser(), **wrong).status_code == 400
    assert mail.outbox == []


def invite_customer(browser: Any) -> str:
    said = {"company": "Pin gris inc.", "name": "Anne Pin", "email": "anne@pingris.test", "language": "en-ca"}
    assert browser.post("/dealer/invite/", said).status_code == 302
    return link_in(mail.outbox[-1])


def test_a_dealer_invites_a_customer(cast: SimpleNamespace, browser: Browsers) -> None:
    seller, visitor = browser(cast.seller), browser()
    link = invite_customer(seller)
    page = seller.get("/dealer/invite/").content.decode()
    assert link.partition("?")[0] in page
    assert "m=" not in page  # the dealer hands over the link without the proof of the mail
    assert "Pin gris" not in browser(cast.rival).get("/dealer/invite/").content.decode()
    assert "toner on time" in mail.outbox[0].subject
    page = visitor.get(link).content.decode()
    assert "Papeterie du Port" in page
    said = SITE | {"name": "Anne Pin", "password": PASSWORD, "m": link.partition("m=")[2].replace("%3A", ":")}
    assert visitor.post(link, said).status_code == 302


def test_the_link_alone_lets_nobody_in_but_is_mailed(cast: SimpleNamespace, browser: Browsers) -> None:
    link = invite_customer(browser(cast.seller))
    bare, visitor = link.partition("?")[0], browser()
    page = visitor.get(bare).content.decode()
    assert "is sent to the address that was invited" in page
    assert "password" not in page.lower().replace("forgot", "")
    for proof in ("", "wrong"):
        answer = visitor.post(bare, SITE | {"name": "A", "password": PASSWORD, "m": proof})
        assert "The link is on its way" in answer.content.decode()
    assert link_in(mail.outbox[-1]).startswith(bare)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short"}, "at least 12"),
        ({"password": "password123456"}, "common"),
        ({"postal_code": "12345"}, "A Canadian postal code is like"),
        ({"region": "XX"}, "XX is not one of"),
        ({"address_line_1": ""}, "required"),
    ],
)
def test_what_is_wrong_when_joining_is_said(
    wrong: dict[str, str], sentence: str, cast: SimpleNamespace, browser: Browsers
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import User
    from econcierge.accounts.types import Scope

    link = invite_customer(browser(cast.seller))
    answer = browser().post(link + "", SITE | {"name": "A", "password": PASSWORD, "m": _proof(link)} | wrong)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    scoping.enter(Scope.everything())
    assert not User.objects.filter(email="anne@pingris.test").exists()


def _proof(link: str) -> str:
    from urllib.parse import parse_qs, urlsplit

    return parse_qs(urlsplit(link).query)["m"][0]


def test_a_colleague_is_invited_into_ones_own_company(cast: SimpleNamespace, browser: Browsers) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Membership
    from econcierge.accounts.types import Scope

    said = {"name": "Luc", "email": "luc@erable.test", "language": "en-ca", "role": "customer_buyer"}
    assert browser(cast.owner).post("/people/invite/", said).status_code == 302
    link, visitor = link_in(mail.outbox[-1]), browser()
    answer = visitor.post(link, {"name": "Luc", "password": PASSWORD, "m": _proof(link)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    scoping.enter(Scope.everything())
    member = Membership.objects.get(user__email="luc@erable.test")
    assert (member.customer, member.role) == (cast.erable, "customer_buyer")


def test_who_has_an_account_signs_in_and_gets_the_company_added(cast: SimpleNamespace, browser: Browsers) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Membership
    from econcierge.accounts.types import Scope

    said = {"name": "", "email": "Stranger@example.test", "language": "en-ca", "role": "customer_viewer"}
    assert browser(cast.owner).post("/people/invite/", said).status_code == 302
    link = link_in(mail.outbox[-1])
    for visitor in (browser(), browser(cast.neighbour)):
        page = visitor.get(link).content.decode()
        assert "has an account already" in page
        assert visitor.post(link, {"m": _proof(link)}).status_code == 200
    scoping.enter(Scope.everything())
    assert not Membership.objects.filter(user=cast.stranger.user, customer=cast.erable).exists()
    answer = browser(cast.stranger).post(link.partition("?")[0])  # signed in as the one invited: no proof is needed
    assert answer.status_code == 302
    scoping.enter(Scope.everything())
    assert Membership.objects.get(user=cast.stranger.user, customer=cast.erable).role == "customer_viewer"


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("colleague", "/people/invite/", 403), ("viewer", "/people/invite/", 403), ("seller", "/people/invite/", 403),
        ("owner", "/dealer/invite/", 403), ("technician", "/dealer/invite/", 403),
    ],
)  # fmt: skip
def test_who_may_not_invite(who: str, page: str, status: int, cast: SimpleNamespace, browser: Browsers) -> None:
    said = {"company": "X", "name": "", "email": "x@x.test", "language": "en-ca", "role": "customer_buyer"}
    assert browser(getattr(cast, who)).post(page, said).status_code == status
    assert mail.outbox == []


def test_nobody_is_invited_as_more_than_a_customers_role(cast: SimpleNamespace, browser: Browsers) -> None:
    said = {"name": "", "email": "x@x.test", "language": "en-ca", "role": "operator_admin"}
    assert browser(cast.owner).post("/people/invite/", said).status_code == 400
    assert browser(cast.owner).post("/people/invite/", said | {"email": "viewer@example.test"}).status_code == 400


def test_withdrawn_by_those_who_may(cast: SimpleNamespace, browser: Browsers) -> None:
    from econcierge.accounts.models import Invitation

    link = invite_customer(browser(cast.seller))
    page = f"/invitations/{Invitation.objects.get().pk}/withdraw/"
    for who, status in ((cast.rival, 404), (cast.owner, 404), (cast.viewer, 403), (cast.seller, 302)):
        assert browser(who).post(page).status_code == status
    assert browser().get(link).status_code == 404


def test_an_invitation_ends_after_a_month_and_belongs_to_its_dealer(
    cast: SimpleNamespace, browser: Browsers, wall: Any
) -> None:
    link = invite_customer(browser(cast.seller))
    assert browser().get(link.replace("/papeterie/", "/prairie/")).status_code == 404
    wall.pass_s(30 * 86_400 + 1)
    assert browser().get(link).status_code == 404


def test_a_computer_that_carries_an_invitation_leads_there_and_back(
    cast: SimpleNamespace, browser: Browsers, computer: Callable[..., Any]
) -> None:
    link = invite_customer(browser(cast.seller))
    code = link.partition("?")[0].rstrip("/").rpartition("/")[2]
    service = computer()
    service.ask(invitation=f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()[:16])
    visitor = browser()
    to_join = visitor.get("/pair/", {"code": service.asked["user_code"]}).headers["Location"]
    assert f"/d/papeterie/join/{code}/" in to_join
    visitor.post(to_join.partition("8000")[2] or to_join, {"next": f"/pair/?code={service.asked['user_code']}"})
    link = link_in(mail.outbox[-1])
    said = SITE | {"name": "Anne Pin", "password": PASSWORD, "m": _proof(link)}
    answer = visitor.post(link, said | {"next": f"/pair/?code={service.asked['user_code']}"})
    assert answer.headers["Location"] == f"/pair/?code={service.asked['user_code']}"
    assert "Pin gris inc., Laval" in visitor.get(answer.headers["Location"]).content.decode()


def test_a_computer_with_an_invitation_that_is_none_is_told_so(
    cast: SimpleNamespace, browser: Browsers, computer: Callable[..., Any], wall: Any
) -> None:
    code = invite_customer(browser(cast.seller)).partition("?")[0].rstrip("/").rpartition("/")[2]

    def asked(invitation: str) -> Any:
        said = {"client_id": "assistant", "invitation": invitation}
        return computer().http.post("/gateway/v1/pair", said)

    assert asked(code).status_code == 200
    for none in ("BBBBBBBBBBBB", "no code", "x" * 500):
        answer = asked(none)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    wall.pass_s(30 * 86_400 + 1)
    assert asked(code).status_code == 400


def test_nobody_is_led_elsewhere(cast: SimpleNamespace, browser: Browsers) -> None:
    said = {"name": "Luc", "email": "luc@erable.test", "language": "en-ca", "role": "customer_buyer"}
    browser(cast.owner).post("/people/invite/", said)
    link = link_in(mail.outbox[-1])
    answer = browser().post(link, {"name": "L", "password": PASSWORD, "m": _proof(link), "next": "//evil.test/"})
    assert answer.headers["Location"] == "/"
