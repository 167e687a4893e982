"""Addresses of the pages. Their names are used by mails and by the demo's people, so they stay."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from econcierge.interfaces.web import front
from econcierge.interfaces.web.dealer import invitations as dealer_invitations
from econcierge.interfaces.web.dealer import pages as dealer
from econcierge.interfaces.web.operator import pages as operator
from econcierge.interfaces.web.portal import (
    automatic,
    basket,
    computers,
    hearing,
    keys,
    marks,
    ordering,
    orders,
    pairing,
    people,
    printers,
    reading,
    repairs,
    replacements,
    report,
    sorting,
)
from econcierge.interfaces.web.provider import pages as provider
from econcierge.interfaces.web.public import download, join, styleguide
from econcierge.interfaces.web.public import pages as public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.home, name="home"),
    path("roles/", front.roles, name="roles"),
    path("language/", set_language, name="set_language"),
    path("preferences/", hearing.preferences, name="preferences"),
    path("people/try-again/", hearing.try_again, name="try_mail_again"),
    path("notices/", marks.marks, name="marks"),
    path("notices/sentence/", marks.preview, name="mark_sentence"),
    path("notices/<int:mark_id>/forget/", marks.forget, name="forget_mark"),
    path("computers/", computers.computers, name="computers"),
    path("computers/<int:assistant_id>/disconnect/", computers.disconnect, name="disconnect_computer"),
    path("sites/<int:site_id>/search/", computers.search, name="search_printers"),
    path("sites/<int:site_id>/reading/", reading.reading, name="site_reading"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:token_id>/revoke/", keys.revoke, name="revoke_key"),
    path("printers/<int:printer_id>/read-now/", printers.read_now, name="read_now"),
    path("pair/", pairing.pair, name="pair"),
    path("people/", people.people, name="people"),
    path("printers/<int:printer_id>/", printers.printer, name="printer"),
    path("printers/<int:printer_id>/describe/", printers.describe, name="describe_printer"),
    path("printers/<int:printer_id>/enrol/", printers.enrol, name="enrol_printer"),
    path("printers/<int:printer_id>/replacements/<int:cartridge_id>/", replacements.replacement, name="replacement"),
    path("printers/<int:printer_id>/order/<int:slot_id>/", ordering.choose, name="choose_supply"),
    path("printers/<int:printer_id>/automatic/", automatic.automatic_printer, name="automatic_printer"),
    path("printers/<int:printer_id>/repair/", repairs.ask, name="ask_for_repair"),
    path("order/review/", ordering.review, name="review_order"),
    path("basket/", basket.basket, name="basket"),
    path("basket/put/", basket.put, name="put_into_basket"),
    path("basket/lines/<int:line_id>/", basket.change, name="basket_line"),
    path("automatic/", automatic.automatic_orders, name="automatic_orders"),
    path("automatic/<int:standing_order_id>/off/", automatic.automatic_off, name="automatic_off"),
    path("automatic/<str:token>/", automatic.decide_automatic, name="decide_automatic"),
    path("report/", report.monthly, name="report"),
    path("report.csv", report.monthly_csv, name="report_csv"),
    path("report/minutes/", report.minutes, name="report_minutes"),
    path("to-sort-out/", sorting.to_sort_out, name="to_sort_out"),
    path("to-sort-out/<int:printer_id>/", sorting.sort_out, name="sort_out"),
    path("sites/<int:site_id>/shelf/", sorting.on_the_shelf, name="on_the_shelf"),
    path("orders/", orders.all_orders, name="orders"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("repairs/", repairs.repairs, name="repairs"),
    path("repairs/<int:request_id>/", repairs.repair, name="repair"),
    path("repairs/<int:request_id>/cancel/", repairs.cancel, name="cancel_repair"),
    path("dealer/", dealer.home, name="dealer_home"),
    path("dealer/customers/", dealer.customers, name="customers"),
    path("dealer/customers/<int:customer_id>/", dealer.customer, name="customer"),
    path("dealer/purchase-orders/<int:purchase_order_id>/send-again/", dealer.send_again, name="send_again"),
    path("operator/", operator.home, name="operator_home"),
    path("provider/", provider.home, name="provider_home"),
    path("provider/requests/<int:request_id>/", provider.repair, name="provider_request"),
    path("eligible-products", public.eligible_products, name="eligible_products"),
    path("eligible-products.csv", public.eligible_products_csv, name="eligible_products_csv"),
    path("eligible-products.json", public.eligible_products_json, name="eligible_products_json"),
    path("d/<slug:slug>/", public.front_door, name="front_door"),
    path("d/<slug:slug>/sign-up/", join.sign_up, name="sign_up"),
    path("d/<slug:slug>/join/<str:code>/", join.join, name="join"),
    path("download/", download.page, name="download"),
    path("download/<str:name>", download.file, name="download_file"),
    path("updates/<path:path>", download.update, name="updates"),
    path("start/", people.start, name="start"),
    path("people/invite/", people.invite, name="invite_person"),
    path("invitations/<int:invitation_id>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("dealer/invite/", dealer_invitations.invite, name="invite_customer"),
    path("d/<slug:slug>/accent.css", public.accent, name="accent"),
    path("", include("econcierge.interfaces.web.frommail.urls")),
    path("favicon.ico", public.icon, name="icon"),
    path("accounts/", include("allauth.account.urls")),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", styleguide.page, name="styleguide"))
