"""The README's promise, from a low toner to a closed repair, in a real browser over real UDP, HTTP and SMTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from running_product import PICTURES, Product, eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
expect.set_options(timeout=60_000)

CLAIRE = "claire@boreal.example"
TOM = "tom@boreal.example"


def picture(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def accessible(page: Page) -> None:
    """No violation that axe can find."""
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []


def open_reception(page: Page, product: Product) -> None:
    page.goto(product.web)
    page.get_by_role("link", name="Reception").first.click()
    page.wait_for_url(re.compile(r"/printers/\d+/$"))


def subjects(product: Product, to: str) -> str:
    return " | ".join(str(message["subject"]) for message in product.mails(to=to)).lower()


def see(page: Page, product: Product, words: str) -> None:
    """Look at the printer's page again and again until it says so."""

    def look() -> bool:
        open_reception(page, product)
        text = " ".join(page.inner_text("main").split())  # French sets spaces that do not break
        return words.lower() in text.lower()

    eventually(look, words)


def orders_of_reception(page: Page, product: Product) -> set[str | None]:
    """Other printers of the demo may order by themselves meanwhile."""
    open_reception(page, product)
    return {link.get_attribute("href") for link in page.locator("main a[href^='/orders/']").all()}


def order_black(page: Page, product: Product, *, double_click: bool = False) -> None:
    """From the printer's page: choose, confirm; the order's page is open at the end."""
    open_reception(page, product)
    page.locator("a[href*='/order/']").first.click()
    page.locator("a[href*='/order/review/']").first.click()
    button = page.locator("form:has(input[name=submission_key]) button:not([formaction])")
    if double_click:
        button.dblclick()
    else:
        button.click()
    page.wait_for_url(re.compile(r"/orders/\d+/"))


def test_from_a_low_toner_to_a_closed_repair(product: Product, signed_in: Callable[..., Page]) -> None:
    claire = signed_in(CLAIRE)
    _the_fleet_with_levels(claire, product)
    _low_and_almost_empty(claire, product)
    _ordered_in_a_few_clicks(claire, product)
    _covered_after_two(claire, product)
    _shipped_and_delivered(claire, product)
    number = _a_repair_is_asked_for(claire, product)
    _mails_in_both_languages(product)
    _the_others_see_their_part(product, signed_in, number)
    _days_pass(product)


def _the_fleet_with_levels(page: Page, product: Product) -> None:
    for name in ("Reception", "Comptabilité", "Direction", "Juridique"):
        eventually(lambda: page.goto(product.web) and page.get_by_role("link", name=name).count(), name)  # noqa: B023
    expect(page.locator("body")).to_contain_text("%")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^fr"))
    accessible(page)
    picture(page, "01-home-fr")


def _low_and_almost_empty(page: Page, product: Product) -> None:
    """The printer prints until its black toner is low, then almost empty; the page and the mails say so."""
    eventually(lambda: [m for m in product.mails(to=CLAIRE) if "faible" in str(m)], "the mail that it is low")
    page.goto(product.web)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Rien")
    see(page, product, "0 fourniture commandée sur 2")
    expect(page.locator("main")).to_contain_text("faible")
    product.print_until_left("reception", pages_left=200)
    for to, words in ((CLAIRE, "presque épuisé"), (TOM, "almost empty")):
        eventually(lambda: words in subjects(product, to), f"the mail to {to}: {words}")  # noqa: B023
    accessible(page)
    picture(page, "02-printer-low-fr")


def _ordered_in_a_few_clicks(page: Page, product: Product) -> None:
    open_reception(page, product)
    page.locator("a[href*='/order/']").first.click()
    options = page.locator("section.option")
    expect(options.first).to_be_visible()
    assert options.count() >= 2, "standard and high capacity stand side by side"
    accessible(page)
    picture(page, "03-choose-fr")
    page.locator("a[href*='/order/review/']").first.click()
    accessible(page)
    picture(page, "04-review-fr")
    order_black(page, product)
    accessible(page)
    picture(page, "05-order-placed-fr")


def _covered_after_two(page: Page, product: Product) -> None:
    see(page, product, "1 fourniture commandée sur 2")
    picture(page, "06-one-of-two-fr")
    order_black(page, product, double_click=True)
    assert len(orders_of_reception(page, product)) == 2, "a double click is one order"
    eventually(lambda: [m for m in product.mails(to=CLAIRE) if "couvert" in str(m).lower()], "the mail: covered")
    see(page, product, "couverte")
    picture(page, "07-covered-fr")


def _shipped_and_delivered(page: Page, product: Product) -> None:
    page.goto(f"{product.web}/orders/")
    page.locator("main a[href^='/orders/']").last.click()
    for state in ("Acceptée", "Expédiée", "Livrée"):
        happened = page.locator("ol.line li:not(.next)").filter(has_text=state)
        expect(happened.first).to_be_visible(timeout=150_000)
    picture(page, "08-delivered-fr")


def _a_repair_is_asked_for(page: Page, product: Product) -> str:
    open_reception(page, product)
    page.locator("a[href$='/repair/']").first.click()
    page.fill("textarea[name=problem]", "Bourrage à répétition dans le bac 2.")
    accessible(page)
    picture(page, "09-ask-for-repair-fr")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url(re.compile(r"/repairs/\d+/"))
    eventually(lambda: page.reload() and "Répare-Tout" in page.inner_text("main"), "the provider it goes to")
    picture(page, "10-repair-fr")
    number = re.search(r"R-\d{6}-[0-9A-F]{8}", page.content())
    assert number is not None
    return number.group()


def _mails_in_both_languages(product: Product) -> None:
    for to, words in (
        (CLAIRE, ("faible", "presque épuisé", "Commande", "expédiée", "couverte")),
        (TOM, ("low", "almost empty", "covered")),
    ):
        for word in words:
            eventually(lambda: word.lower() in subjects(product, to), f"the mail to {to}: {word}")  # noqa: B023


def _the_others_see_their_part(product: Product, signed_in: Callable[..., Page], number: str) -> None:
    dealer = signed_in("ventes@papeterie.example")
    expect(dealer.locator("body")).to_contain_text("Papeterie du Port")
    accessible(dealer)
    picture(dealer, "11-dealer-fr")
    dealer.goto(f"{product.web}/dealer/customers/")
    dealer.get_by_role("link", name="Boréal Conseil").click()
    expect(dealer.locator("main")).to_contain_text("Reception")
    picture(dealer, "12-dealer-customer-fr")
    dealer.goto(f"{product.web}/orders/")
    assert dealer.locator("main a[href^='/orders/']").count() >= 2

    operator = signed_in("operator@programme.example", locale="en-CA")
    expect(operator.locator("main")).to_contain_text("VersaLink C405")
    expect(operator.locator("main")).to_contain_text("R28")
    accessible(operator)
    picture(operator, "13-operator-en")

    technician = signed_in("atelier@repare.example")
    technician.get_by_role("link", name=number).click()
    technician.fill("form:has(input[value=completed]) textarea", "Rouleau remplacé.")
    technician.locator("form:has(input[value=completed]) button").click()
    technician.locator("form:has(input[value=closed]) button").click()
    expect(technician.locator("main")).to_contain_text(re.compile("fermée|close", re.IGNORECASE))
    picture(technician, "14-provider-closed-fr")


def _days_pass(product: Product) -> None:
    """The demo's command on the running product: its people act for three days, then it counts what happened."""
    command = [sys.executable, "-m", "econcierge", "demo", "--days", "3", "--speed", "43200"]
    environment = {**os.environ, "ECONCIERGE_DATA_DIR": str(product.data), "PORT": str(product.port)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    figures = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    assert figures["Printers"].startswith("12; coverage: ")
    assert set(figures) >= {"Printers", "Orders", "Repairs", "Mails sent"}


def test_at_phone_width_in_english_and_without_javascript(product: Product, signed_in: Callable[..., Page]) -> None:
    tom = signed_in(TOM, width=390, locale="en-CA", javascript=False)
    see(tom, product, "%")
    tom.goto(product.web)
    expect(tom.locator("html")).to_have_attribute("lang", re.compile("^en"))
    picture(tom, "20-home-en-phone")
    open_reception(tom, product)
    picture(tom, "21-printer-en-phone")
    tom.locator("a[href*='/order/']").first.click()
    picture(tom, "22-choose-en-phone")
    tom.locator("a[href*='/order/review/']").first.click()
    picture(tom, "23-review-en-phone")
    for path in ("/", "/orders/", "/repairs/", "/preferences/"):
        tom.goto(f"{product.web}{path}")
        assert _fits(tom), f"{path} fits a phone"


def test_a_basket_is_filled_at_the_desk_and_ordered_from_a_phone(
    product: Product, signed_in: Callable[..., Page]
) -> None:
    """Two supplies, one order; a double click is no second one."""
    desk = signed_in(TOM, locale="en-CA")
    for nth in range(2):
        _put_into_basket(desk, product, nth)
    expect(desk.get_by_role("link", name="Basket (2)")).to_be_visible()
    button = desk.get_by_role("button", name="Place the order")
    before = button.inner_text()
    desk.get_by_label("Quantity, Black toner").select_option("2")
    expect(button).not_to_have_text(before)
    accessible(desk)
    picture(desk, "30-basket-en")
    phone = signed_in(TOM, locale="en-CA", width=390)
    phone.goto(f"{product.web}/basket/")
    assert _fits(phone)
    picture(phone, "31-basket-en-phone")
    phone.get_by_role("button", name="Place the order").dblclick()
    phone.wait_for_url(re.compile(r"/orders/\d+/$"))
    expect(phone.locator("body")).not_to_contain_text("Basket (")
    expect(phone.locator("main")).to_contain_text("Cyan toner")
    desk.goto(f"{product.web}/basket/")
    expect(desk.locator("main")).to_contain_text("Your basket is empty.")


def _put_into_basket(page: Page, product: Product, nth: int) -> None:
    name = "Salle de courrier"
    eventually(lambda: page.goto(product.web) and page.get_by_role("link", name=name).count(), name)
    page.get_by_role("link", name=name).first.click()
    page.locator("a.button.second[href*='/order/']").nth(nth).click()
    page.locator("a[href*='/order/review/']").first.click()
    page.get_by_role("button", name="Put into the basket").click()
    page.wait_for_url(re.compile("/basket/$"))


def _fits(page: Page) -> bool:
    """Nothing sticks out to the right; asked of the layout, because scripts are off."""
    width = page.locator("body").bounding_box()["width"]
    return width <= 390


def test_a_stranger_is_asked_to_sign_in_and_everybody_reads_the_list(
    product: Product, browser: object, signed_in: Callable[..., Page]
) -> None:
    context = browser.new_context(locale="en-CA")
    page = context.new_page()
    page.goto(f"{product.web}/orders/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    picture(page, "30-sign-in-en")
    page.goto(f"{product.web}/eligible-products")
    expect(page.locator("main")).to_contain_text("VersaLink C405")
    accessible(page)
    picture(page, "31-eligible-products-en")
    context.close()
