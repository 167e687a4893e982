"""Ordering: the options side by side, what is in the basket, the total, and one click that orders on account."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import fields, moments, ordering, parsing, wording
from econcierge_assistant.desktop.core.ordering import Line, State
from econcierge_assistant.desktop.core.problems import Problem, Trouble
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import BasketLine, Choices, Money, Option, Printer, Quote, Supply
from econcierge_assistant.desktop.ui import parts
from econcierge_assistant.desktop.ui.http import Answer
from econcierge_assistant.desktop.ui.session import Session


class OrderPage(parts.Column):
    back_wanted = QtCore.Signal()
    order_chosen = QtCore.Signal(str)

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.flow = ordering.Flow()
        self._slot_id = ""
        self._choices: Choices | None = None
        self._option: Option | None = None
        self._said = ""
        self._options_row: QtWidgets.QWidget | None = None
        self.confirm: QtWidgets.QPushButton | None = None
        session.basket_changed.connect(self._basket_changed)

    def open(self, slot_id: str) -> None:
        """Choose for a slot ("" shows the basket). An order whose outcome is unknown is finished first."""
        if self.flow.may_change:
            self.flow = ordering.Flow()
            self._slot_id, self._choices, self._option, self._said = slot_id, None, None, ""
            if slot_id:
                self._session.ask(f"/slots/{slot_id}/choices", self._choices_came)
            else:
                self._session.ask_basket()
                self._requote()
        self.show_again()

    # What comes from the platform

    def _choices_came(self, answer: Answer) -> None:
        try:
            if answer.problem is not None:
                raise fields.Unreadable("choices")
            found = parsing.choices(answer.body)
        except fields.Unreadable:
            self._said = answer.problem.text if answer.problem else _("The options could not be read. Try again.")
            self.show_again()
            return
        if found.slot_id == self._slot_id:
            self._choices, self._option = found, found.recommended
            self._said = found.why_not
            self._requote()
            self._focus_option()

    def _focus_option(self) -> None:
        """Not on the button that orders: Enter held down a moment too long would be an order."""
        if self._option is not None:
            card = self.findChild(QtWidgets.QRadioButton, f"option-{self._option.part_number}")
            if card is not None:
                card.setFocus()

    def _requote(self) -> None:
        self._ask_price(self.flow.choose(self._lines(), delivery=self.flow.delivery))

    def _ask_price(self, serial: int | None) -> None:
        if serial is not None:
            self._session.send("/quotes", self.flow.question(), lambda answer: self._quoted(serial, answer))
        self.show_again()

    def _lines(self) -> tuple[Line, ...]:
        """The supply that was chosen, at once and alone; or what is in the basket."""
        if self._slot_id:
            return (Line(self._slot_id, self._option.part_number),) if self._option is not None else ()
        inside = ordering.next_order(self._session.basket)
        return tuple(Line(line.slot_id, line.part_number, line.quantity) for line in inside)

    def _basket_changed(self) -> None:
        """Put in or taken out, here or in the portal, while it is looked at."""
        if not self._slot_id and self.isVisible() and self.flow.may_change and self.flow.state is not State.PLACED:
            self._requote()

    def _quoted(self, serial: int, answer: Answer) -> None:
        if answer.problem is not None:
            self.flow.not_quoted(serial, answer.problem)
        else:
            try:
                self.flow.quoted(serial, parsing.quote(answer.body))
            except fields.Unreadable:
                self.flow.not_quoted(serial, _unreadable())
        self.show_again()

    def _place(self) -> None:
        if self.flow.state not in {State.READY, State.UNSURE}:
            return
        if self._needs_number() and not self.flow.purchase_order_number:
            self._said = _("Your company wants its purchase order number on each order: enter it above the button.")
            self.show_again()
            return
        self._said, by_keyboard = "", parts.has_keyboard()
        self._session.send("/orders", self.flow.place(), lambda answer: self._placed(answer, by_keyboard=by_keyboard))
        self.show_again()

    def _placed(self, answer: Answer, *, by_keyboard: bool) -> None:
        if answer.problem is not None:
            serial = self.flow.not_placed(answer.problem)
            if serial is not None:
                self._ask_price(serial)
        else:
            try:
                order = parsing.order(answer.body)
            except fields.Unreadable:
                self.flow.not_placed(_unreadable())
            else:
                self.flow.placed(order)
                self._session.ask_basket()
                self._session.order_placed.emit(order)
                self._session.refresh()
        self.show_again()
        following = self.findChild(parts.Button, "follow")
        parts.give_focus(following or self.confirm, by_keyboard=by_keyboard)

    def _needs_number(self) -> bool:
        return self.flow.quote is not None and self.flow.quote.payment.needs_purchase_order_number

    # What is shown

    def show_again(self) -> None:
        focused = QtWidgets.QApplication.focusWidget()
        focus_name = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        self.clear()
        self.confirm = None
        self.add(parts.button("← " + _("All printers"), self.back_wanted.emit, "link"), left=True)
        if self.flow.state is State.PLACED and self.flow.order is not None:
            self._thanks()
        else:
            self._title()
            self._show_options()
            self._show_basket()
            self._show_total()
            self._show_others()
        self.rows.addStretch(1)
        if focus_name and (again := self.findChild(QtWidgets.QWidget, focus_name)) is not None:
            again.setFocus()

    def _title(self) -> None:
        """ "Order black toner" for its printer, "Your order" for the basket alone."""
        found = self._supply()
        name = self._choices.name if self._choices is not None else ""
        named = wording.the_supply(found[1]) if found else wording.lower_first(name)
        self.add(parts.label(_("Order %(supply)s") % {"supply": named} if named else _("Your order"), "title"))
        if found:
            self.add(parts.label(_("for %(printer)s") % {"printer": self._printer_name()}, "quiet"))
        self.add(parts.line("rule"))
        if self._said:
            self.add(parts.label(self._said, "urgent"))

    def _printer_name(self) -> str:
        found = self._supply()
        return ", ".join(filter(None, [found[0].name, found[0].place])) if found else ""

    def _supply(self) -> tuple[Printer, Supply] | None:
        """The supply that is being ordered, as the list knows it."""
        for printer in self._session.fleet.printers:
            for supply in printer.supplies:
                if self._slot_id and supply.slot_id == self._slot_id:
                    return printer, supply
        return None

    def _show_options(self) -> None:
        if self._choices is None:
            if self._slot_id and not self._said:
                self.add(parts.label(_("Looking for what fits …"), "quiet"))
            return
        row = self.add_row(gap=16)
        group = QtWidgets.QButtonGroup(self.body)
        for option in self._choices.options:
            row.addWidget(self._option_card(option, group), 1)
        if len(self._choices.options) == 1:
            row.addStretch(1)

    def _option_card(self, option: Option, group: QtWidgets.QButtonGroup) -> parts.Card:
        """One column: capacity, price, price per page, how long it lasts, stock and arrival."""
        is_chosen = self._option is not None and option.part_number == self._option.part_number
        card = parts.Card(is_chosen=is_chosen)
        rows = QtWidgets.QVBoxLayout(card)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(4)
        head = parts.Radio((option.capacity_text or option.description).replace("&", "&&"))
        head.setObjectName(f"option-{option.part_number}")
        head.setFont(_bold(head.font()))
        head.setChecked(is_chosen)
        head.setEnabled(self.flow.may_change)
        group.addButton(head)
        card.clicked.connect(head.click)
        facts = option_facts(option)
        head.setAccessibleName(", ".join([option.capacity_text or option.description, *facts]))
        head.toggled.connect(lambda on: self._choose(option) if on else None)
        rows.addWidget(head)
        price = parts.label(option.price.text if option.price else "", "heading")
        rows.addWidget(price)
        for fact in facts[1:] if option.price else facts:
            rows.addWidget(parts.label(fact, "" if option.in_stock is not False else "quiet"))
        rows.addWidget(parts.label(f"{option.description} · {option.part_number}", "quiet"))
        rows.addStretch(1)
        return card

    def _choose(self, option: Option) -> None:
        """After the radio button has done its own work: the page is built anew with it."""
        if self.flow.may_change and option is not self._option:
            self._option = option
            QtCore.QTimer.singleShot(0, self, self._requote)

    def _show_basket(self) -> None:
        if self._slot_id:
            return
        basket = self._session.basket
        if not basket.lines:
            self.add(parts.label(_("Your basket is empty. Choose a printer and order its supply."), "quiet"))
            return
        inside = ordering.next_order(basket)
        if inside:
            named = {"site": inside[0].site}
            self.add(parts.label(_("For %(site)s") % named if inside[0].site else _("In your basket"), "heading"))
        for line in inside:
            self._show_line(line, line.note)

    def _show_others(self) -> None:
        """Under the button: what it does not order, and why."""
        others = () if self._slot_id else ordering.not_with_it(self._session.basket)
        if others:
            self.add(parts.label(_("Not in this order"), "heading"))
        for line in others:
            apart = "" if line.slot_id else _("Order it in the portal.")
            self._show_line(line, line.why_not or apart or _("For %(site)s, afterwards.") % {"site": line.site})

    def _show_line(self, line: BasketLine, said: str) -> None:
        name = ", ".join(filter(None, [line.name, line.printer]))
        take_out = parts.button(
            _("Take out"), self._takes_out(line), "link", name=_("Take out %(name)s") % {"name": name}
        )
        row = self.add_row(parts.label(f"{line.quantity} × {name}"), take_out)
        row.setStretch(0, 1)
        if said:
            self.add(parts.label(said, "quiet"))

    def _takes_out(self, line: BasketLine) -> Callable[[], None]:
        def take_out() -> None:
            if self.flow.may_change:
                self._session.take_out_of_basket(line.line_id, self._changed)

        return take_out

    def _show_total(self) -> None:
        quote, flow = self.flow.quote, self.flow
        if quote is not None and flow.state in {State.READY, State.PLACING, State.UNSURE, State.QUOTING}:
            self._show_delivery(quote)
            self._sums(quote)
            self._purchase_order_number(quote)
        if flow.problem is not None:
            self.add(parts.label(flow.problem.text, "urgent"))
        if flow.state is State.UNSURE:
            self.add(parts.label(_("It is not known whether the order arrived. Trying again can never order twice.")))
        if flow.price_changed and flow.state is State.READY:
            self.add(parts.label(_("The total has changed; this is the new one."), "attention"))
        self._buttons(quote)

    def _show_delivery(self, quote: Quote) -> None:
        if len(quote.deliveries) < 2:
            for delivery in quote.deliveries:
                self.add(
                    parts.label(" · ".join(filter(None, [delivery.text, arrives(delivery.arrives_text)])), "quiet")
                )
            return
        group = QtWidgets.QButtonGroup(self.body)
        for delivery in quote.deliveries:
            price = delivery.price.text if delivery.price else ""
            found = parts.Radio(" · ".join(filter(None, [delivery.text, arrives(delivery.arrives_text), price])))
            found.setObjectName(f"delivery-{delivery.code}")
            found.setChecked(delivery.code == quote.delivery)
            found.setEnabled(self.flow.may_change)
            found.toggled.connect(self._delivers(delivery.code))
            group.addButton(found)
            self.add(found)

    def _delivers(self, code: str) -> Callable[[bool], None]:
        def chosen(on: bool) -> None:
            if on and self.flow.may_change and code != self.flow.delivery:
                self.flow.delivery = code
                QtCore.QTimer.singleShot(0, self, self._requote)

        return chosen

    def _sums(self, quote: Quote) -> None:
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        rows: list[tuple[str, Money | None, str]] = [
            (_("Supplies"), quote.subtotal, ""),
            (_("Delivery"), quote.shipping, ""),
            *((tax.name, tax.amount, "") for tax in quote.taxes),
            (_("Total"), quote.total, "strong"),
        ]
        for at, (name, amount, role) in enumerate(row for row in rows if row[1] is not None):
            value = parts.label(amount.text if amount else "", role, wrap=False)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(parts.label(name, role or "quiet", wrap=False), at, 0)
            grid.addWidget(value, at, 1)
        grid.setColumnStretch(2, 1)
        self.rows.addLayout(grid)

    def _purchase_order_number(self, quote: Quote) -> None:
        if not quote.payment.needs_purchase_order_number:
            return
        field = parts.Field(self.flow.purchase_order_number)
        field.setObjectName("purchase-order-number")
        field.setMaximumWidth(260)
        field.setEnabled(self.flow.may_change)
        field.textChanged.connect(self._numbered)
        label = parts.label(_("Your purchase order number"), "strong")
        label.setBuddy(field)
        field.setAccessibleName(label.text())
        self.add(label)
        self.add(field)

    def _numbered(self, text: str) -> None:
        self.flow.purchase_order_number = text.strip()[:60]

    def _buttons(self, quote: Quote | None) -> None:
        row = self.add_row()
        flow = self.flow
        if flow.state is State.STUCK:
            row.addWidget(parts.button(_("Try again"), lambda: self._ask_price(flow.again()), "primary"))
        elif quote is not None and quote.payment.on_account:
            self.confirm = parts.button(self._confirm_text(quote), self._place, "primary")
            self.confirm.setObjectName("confirm")
            self.confirm.setEnabled(flow.state in {State.READY, State.UNSURE})
            self.confirm.setDefault(True)
            row.addWidget(self.confirm)
        address = self._session.basket.portal_url if not self._slot_id else quote.checkout_url if quote else ""
        if quote is not None and address and flow.may_change:
            text = _("Pay by card in the portal") if quote.payment.on_account else _("Pay in the portal")
            kind = "plain" if quote.payment.on_account else "primary"
            row.addWidget(parts.button(text, lambda: _open(address), kind))
        if self._option is not None and flow.may_change and quote is not None:
            row.addWidget(parts.button(_("Into the basket"), self._into_basket))
        row.addStretch(1)
        if quote is not None and not quote.payment.on_account and quote.payment.why_not:
            self.add(parts.label(quote.payment.why_not, "quiet"))
        elif quote is not None and quote.payment.on_account:
            self.add(parts.label(_("On account: your dealer sends the invoice."), "quiet"))

    def _confirm_text(self, quote: Quote) -> str:
        if self.flow.state is State.PLACING:
            return _("Ordering …")
        if self.flow.state is State.UNSURE:
            return _("Try again")
        return _("Order for %(total)s") % {"total": quote.total.text}

    def _into_basket(self) -> None:
        if self._option is None:
            return
        line: dict[str, object] = {
            "slot_id": self._slot_id,
            "part_number": self._option.part_number,
            "quantity": 1,
        }
        self._session.put_into_basket(line, self._put_in)

    def _put_in(self, answer: Answer) -> None:
        self._changed(answer)
        if answer.problem is None:
            self.back_wanted.emit()

    def _changed(self, answer: Answer) -> None:
        """The platform keeps the basket: without it nothing was changed, and that is said."""
        self._said = answer.problem.text if answer.problem is not None else ""
        self.show_again()

    def _thanks(self) -> None:
        order = self.flow.order
        if order is None:
            return
        self.add(parts.label(_("Order %(number)s is placed") % {"number": order.number}, "title"))
        self.add(parts.line("rule"))
        self.add(parts.label(order.promise_text or order.state_text))
        if order.total is not None:
            self.add(parts.label(_("%(total)s on account.") % {"total": order.total.text}))
        follow = parts.button(_("Follow this order"), lambda: self.order_chosen.emit(order.order_id), "primary")
        follow.setObjectName("follow")
        row = self.add_row(follow, parts.button(_("All printers"), self.back_wanted.emit))
        row.addStretch(1)


def option_facts(option: Option) -> list[str]:
    """What an option says of itself, in the order of its column; the price first."""
    pages = option.price_per_page_text
    if pages and option.is_cheapest_per_page:
        pages = _("%(price)s, the cheaper per page") % {"price": pages}
    yields = moments.whole(option.yield_pages) if option.yield_pages else ""
    facts = [
        option.price.text if option.price else "",
        pages,
        _("%(pages)s pages at 5 %% coverage") % {"pages": yields} if yields else "",
        _("lasts you %(time)s") % {"time": option.lasts_text} if option.lasts_text else "",
        _("In stock: %(stock)s") % {"stock": option.stock_text} if option.stock_text else "",
        arrives(option.arrives_text),
    ]
    return [fact for fact in facts if fact]


def arrives(day: str) -> str:
    """ "arrives Wednesday"; "" when nobody says."""
    return _("arrives %(day)s") % {"day": day} if day else ""


def _unreadable() -> Problem:
    return Problem(Trouble.NOT_ECONCIERGE, _("The answer could not be read. Try again."))


def _open(url: str) -> None:
    QtGui.QDesktopServices.openUrl(QtCore.QUrl(url))


def _bold(font: QtGui.QFont) -> QtGui.QFont:
    font.setBold(True)
    return font
