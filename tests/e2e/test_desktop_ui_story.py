"""The assistant's promise: from a first start to a delivered order without leaving the desk (R02 to R04, R11, R12).

The platform, the monitoring service, the virtual printers and the distributor are processes of their own; the window
is the real one, without a screen; the approval happens in a real browser.
"""

from __future__ import annotations

import json
import platform as this_platform
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from PySide6 import QtGui, QtWidgets
from pytestqt.qtbot import QtBot
from running_desktop import Desk, monitoring_service, take_away
from running_product import PICTURES, Product, eventually

from econcierge_assistant.desktop.ui.application import Desktop
from econcierge_printers.clock import DemoClock
from econcierge_virtual.printers.fleet import PLACES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CLAIRE = "claire@boreal.example"
SITE = "Montréal"
THE_DEMOS_OWN = "Montréal, réception"


@pytest.fixture
def face(product: Product, tmp_path: Path) -> Iterator[Path]:
    with monitoring_service(product, folder=tmp_path) as found:
        yield found


@pytest.fixture
def desk(qtbot: QtBot, product: Product, face: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """On its first day, on a computer that speaks French."""
    monkeypatch.setenv("LANGUAGE", "fr_CA")
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    opened: list[str] = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    environment = {
        "ECONCIERGE_LOCAL_FACE": str(face),
        "ECONCIERGE_NO_KEYRING": "1",
        "ECONCIERGE_DESKTOP_SCHEME": "light",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    app.setStyle("Fusion")
    clock = DemoClock(product.data / "demo" / "clock.json")
    desk = Desk(Desktop(app=app, data=tmp_path / "desktop", environment=environment, clock=clock), qtbot, opened)
    desk.app.session.noticed.connect(desk.notices.append)
    desk.app.start(in_background=False)
    yield desk
    take_away(desk)


def service_says(face: Path) -> dict[str, Any]:
    """The service's own word for how it is."""
    told = json.loads(face.read_text())
    headers = {"Authorization": f"Bearer {told['key']}"}
    return httpx.get(f"http://127.0.0.1:{told['port']}/v1/status", headers=headers, timeout=10).json()


def test_from_a_first_start_to_a_delivered_order(
    product: Product, desk: Desk, face: Path, signed_in: Callable[..., Page]
) -> None:
    claire = signed_in(CLAIRE)
    _disconnect(claire, product, THE_DEMOS_OWN)  # from here on only the service of this test tells of its printers
    _connected_by_one_approval(desk, face, product, claire)
    _the_fleet_appears(desk, face)
    order = _two_clicks_from_notification_to_order(desk, product)
    repair = _a_repair_is_asked_for(desk)
    claire.goto(f"{product.web}/repairs/")
    expect(claire.locator("main")).to_contain_text(repair)
    _the_order_arrives(desk, order)
    _in_english(desk)
    _disconnected_in_the_portal(desk, face, product, claire)


def _disconnect(page: Page, product: Product, name: str) -> None:
    page.goto(f"{product.web}/computers/")
    computer = page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))
    computer.locator("a[href$='/disconnect/']").click()
    page.locator("main form[method=post] button").click()
    page.wait_for_url(re.compile(r"/computers/$"))
    expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(0)


def _connected_by_one_approval(desk: Desk, face: Path, product: Product, page: Page) -> None:
    desk.see("Associer cet ordinateur")
    desk.picture("01-first-start-fr")
    (address,) = desk.widgets(QtWidgets.QLineEdit)
    desk.bot.keyClicks(address, product.web)
    desk.click("Obtenir un code")
    desk.see("Approuver ce code dans le portail")
    desk.picture("02-code-fr")
    desk.click("Ouvrir le portail")
    page.goto(desk.opened[-1])
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", desk.text())
    assert code is not None
    expect(page.locator("main")).to_contain_text(code.group())
    page.select_option("select[name=site]", label=f"Boréal Conseil, {SITE}")
    page.screenshot(path=PICTURES / "desktop-03-approve-fr.png", full_page=True)
    page.click("button[value=approve]")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    desk.until(lambda: desk.app.session.me, "who is signed in")
    eventually(lambda: service_says(face)["state"] == "working", "the service works by the same approval")
    assert service_says(face)["site"] == SITE


def _the_fleet_appears(desk: Desk, face: Path) -> None:
    here = {place.name for place in PLACES if (place.customer, place.site) == ("Boréal Conseil", SITE)}
    desk.until(lambda: service_says(face)["printers"] == len(here), "the service found the printers of its site")
    desk.until(lambda: service_says(face)["last_delivered_at"], "the service delivered")

    def read() -> set[str]:
        printers = desk.app.session.fleet.printers
        return {each.name for each in printers if any(supply.percent is not None for supply in each.supplies)}

    desk.until(lambda: here <= read(), "levels")
    desk.picture("04-printers-fr")


def _two_clicks_from_notification_to_order(desk: Desk, product: Product) -> str:
    """What was low from the start is told together; the black toner that is almost empty now, for itself."""
    product.print_until_left("reception", pages_left=200)

    def about_reception() -> bool:
        told = [[(need.printer.name, need.supply.colour) for need in notice.needs] for notice in desk.notices[-1:]]
        return told == [[("Reception", "black")]]

    desk.until(about_reception, "the notification of Reception's black toner alone")
    desk.app.tray.icon.messageClicked.emit()  # click 1: the system tells that its notification was clicked
    desk.see("Commander le toner noir", "Reception", "Total", "TPS", "TVQ")
    options = desk.widgets(QtWidgets.QRadioButton)
    assert sum(each.objectName().startswith("option-") for each in options) >= 2
    assert sum(each.isChecked() for each in options if each.objectName().startswith("option-")) == 1
    desk.picture("05-order-fr")
    desk.click("Commander pour")  # click 2
    desk.see("est passée")
    desk.picture("06-placed-fr")
    number = re.search(r"[A-Z]+-\d{4}-\d{5}", desk.text())
    assert number is not None
    return number.group()


def _a_repair_is_asked_for(desk: Desk) -> str:
    desk.click("Toutes les imprimantes")
    reception = next(each for each in desk.app.session.fleet.printers if each.name == "Reception")
    desk.window.show_printer(reception.key)
    desk.see("Demander une réparation", "1 fourniture commandée sur 2")
    desk.picture("07-printer-fr")
    desk.click("Demander une réparation")
    dialog = desk.until(lambda: desk.widgets(QtWidgets.QDialog), "the repair request")[0]
    desk.bot.keyClicks(dialog.text, "Bourrage a repetition dans le bac 2.")
    desk.bot.keyClicks(dialog.phone, "514 555-0199")
    dialog.grab().save(str(PICTURES / "desktop-08-repair-fr.png"))
    desk.click("Envoyer la demande", inside=dialog)
    desk.see("Demande de réparation R-")
    number = re.search(r"R-\d{6}-[0-9A-F]{8}", desk.text())
    assert number is not None
    return number.group()


def _the_order_arrives(desk: Desk, number: str) -> None:
    desk.click("Commandes")
    desk.see(number)
    desk.picture("09-orders-fr")
    desk.click(number)
    desk.see("livrée · ", "Acceptée", "Expédiée", "Livrée")
    desk.picture("10-delivered-fr")


def _in_english(desk: Desk) -> None:
    desk.click("Paramètres")
    desk.picture("11-settings-fr")
    (box,) = desk.widgets(QtWidgets.QComboBox)
    box.setCurrentIndex(box.findData("en"))
    box.activated.emit(box.currentIndex())
    desk.see("Monitoring service on this computer")
    desk.picture("12-settings-en")
    desk.click("Orders")
    desk.see("| delivered |")
    desk.picture("13-orders-en")
    desk.click("Printers")
    desk.see("printers are fine")
    desk.picture("14-printers-en")


def _disconnected_in_the_portal(desk: Desk, face: Path, product: Product, page: Page) -> None:
    """The service stops quietly and says why; the person at the desk is still signed in."""
    _disconnect(page, product, this_platform.node())
    desk.until(lambda: service_says(face)["state"] == "revoked", "the service knows that it is disconnected")
    desk.see("access was withdrawn in the portal", "Connect again")
    desk.picture("15-disconnected-en")
    assert desk.app.session.standing.may_write
    desk.click("Orders")
    desk.see("| delivered |")
