"""What the stand-in platform tells: a company in Montréal, its printers, prices, orders, in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
CUSTOMER, DEALER = "Boréal Conseil", "Papeterie du Port"
NO_BREAK = "\u00a0"
COLOURS = ("black", "cyan", "magenta", "yellow")

# Name, place in French and English, model, colour printer, levels of K C M Y (None: not measured), age in hours.
PRINTERS: tuple[tuple[str, str, str, str, tuple[float | None, ...], float], ...] = (
    ("Réception", "2e étage, réception", "2nd floor, reception", "VersaLink C405", (9, 56, 38, 61), 0.1),
    ("Comptabilité", "2e étage, local 214", "2nd floor, room 214", "VersaLink B405", (4,), 0.1),
    ("Juridique", "1er étage, local 105", "1st floor, room 105", "VersaLink C405", (47, 18, 52, 44), 0.1),
    ("Atelier", "Sous-sol, atelier", "Basement, workshop", "Phaser 6510", (75, 50, 75, 25), 0.2),
    ("Salle de courrier", "Rez-de-chaussée", "Ground floor", "VersaLink B605", (63,), 0.1),
    ("Direction", "4e étage, local 402", "4th floor, room 402", "VersaLink C500", (88, 84, 91, 79), 0.1),
    ("Ventes Nord", "3e étage, aile nord", "3rd floor, north wing", "VersaLink C405", (71, 66, 58, 74), 0.2),
    ("Ventes Sud", "3e étage, aile sud", "3rd floor, south wing", "VersaLink C405", (52, 47, 69, 33), 0.2),
    ("Ressources humaines", "4e étage, local 410", "4th floor, room 410", "VersaLink B405", (82,), 0.1),
    ("Imprimerie", "Sous-sol, imprimerie", "Basement, print room", "PrimeLink C9065", (58, 61, 49, 66), 0.1),
    ("Salle du conseil", "5e étage", "5th floor", "VersaLink C400", (95, 97, 93, 96), 0.3),
    ("Expédition", "Rez-de-chaussée, quai", "Ground floor, dock", "Phaser 3330", (None,), 0.2),
    ("Archives", "Sous-sol, local 012", "Basement, room 012", "WorkCentre 3335", (44,), 74.0),
    ("Québec – Accueil", "1er étage, accueil", "1st floor, front desk", "VersaLink C405", (67, 72, 81, 59), 0.2),
    ("Québec – Bureau", "1er étage, local 3", "1st floor, room 3", "VersaLink B405", (39,), 0.2),
    ("Formation", "2e étage, local 230", "2nd floor, room 230", "VersaLink C400", (78, 70, 74, 83), 0.1),
    ("Ingénierie", "3e étage, local 318", "3rd floor, room 318", "AltaLink C8130", (64, 57, 62, 71), 0.1),
    ("Soutien informatique", "2e étage, local 205", "2nd floor, room 205", "VersaLink C405", (86, 90, 77, 81), 0.1),
    ("Marketing", "3e étage, local 301", "3rd floor, room 301", "VersaLink C7020", (48, 42, 55, 51), 0.2),
    ("Accueil visiteurs", "Rez-de-chaussée, hall", "Ground floor, lobby", "VersaLink C400", (73, 65, 68, 70), 0.1),
)
PARTS = {
    "black": ("106R03500", "106R03512", "106R03524"),
    "cyan": ("106R03502", "106R03514", "106R03526"),
    "magenta": ("106R03503", "106R03515", "106R03527"),
    "yellow": ("106R03501", "106R03513", "106R03525"),
}
NAMES = {
    "en": {"black": "Black toner", "cyan": "Cyan toner", "magenta": "Magenta toner", "yellow": "Yellow toner",
           "drum": "Drum", "waste": "Waste container"},
    "fr": {"black": "Toner noir", "cyan": "Toner cyan", "magenta": "Toner magenta", "yellow": "Toner jaune",
           "drum": "Tambour", "waste": "Bac de récupération"},
}  # fmt: skip
TEXTS = {
    "signed_out": {"en": "Sign in again: this permission is not known any more.",
                   "fr": "Ouvrez de nouveau une session : cette autorisation n’est plus reconnue."},
    "asked": {"en": "asked for", "fr": "demandée"},
    "will_read": {"en": "The printer will be read within a minute.",
                  "fr": "L’imprimante sera lue d’ici une minute."},
    "price_changed": {"en": "The price has changed meanwhile.", "fr": "Le prix a changé entre-temps."},
    "runs_out": {"en": "runs out {range}", "fr": "s’épuisera {range}"},
    "coming": {"en": "order {number} arrives Wednesday", "fr": "la commande {number} arrive mercredi"},
    "covered": {"en": "1 of 2 supplies ordered", "fr": "1 fourniture commandée sur 2"},
    "awaiting": {"en": "Coverage begins with the second eligible supply ordered through the programme.",
                 "fr": "La couverture commence à la deuxième fourniture admissible commandée dans le programme."},
    "one_more": {"en": "Order one more eligible supply here, whenever you need it.",
                 "fr": "Commandez ici une autre fourniture admissible, quand vous en aurez besoin."},
    "enrolled": {"en": "Enrolled in the programme", "fr": "Inscrite au programme"},
    "counted": {"en": "Eligible supplies ordered", "fr": "Fournitures admissibles commandées"},
    "replaced": {"en": "Black toner replaced", "fr": "Toner noir remplacé"},
    "standard": {"en": "Standard", "fr": "Standard"},
    "high": {"en": "High capacity", "fr": "Grande capacité"},
    "lasts_2": {"en": "about 2 months", "fr": "environ 2 mois"},
    "lasts_5": {"en": "about 5 months", "fr": "environ 5 mois"},
    "stock_12": {"en": "12", "fr": "12"},
    "stock_40": {"en": "40", "fr": "40"},
    "arrives": {"en": "Wednesday", "fr": "mercredi"},
    "arrives_fast": {"en": "tomorrow", "fr": "demain"},
    "ground": {"en": "Ground", "fr": "Terrestre"},
    "express": {"en": "Express", "fr": "Express"},
    "gst": {"en": "GST 5 %", "fr": "TPS 5 %"},
    "qst": {"en": "QST 9.975 %", "fr": "TVQ 9,975 %"},
    "placed": {"en": "placed", "fr": "passée"},
    "delivered": {"en": "delivered", "fr": "livrée"},
    "promise": {"en": "Ships by tomorrow 14:00.", "fr": "Expédition d’ici demain 14 h."},
    "step_placed": {"en": "Placed by Tom Wilson", "fr": "Passée par Tom Wilson"},
    "step_accepted": {"en": "Accepted by the distributor", "fr": "Acceptée par le distributeur"},
    "step_shipped": {"en": "Shipped", "fr": "Expédiée"},
    "step_delivered": {"en": "Delivered", "fr": "Livrée"},
    "credit": {"en": "Your dealer has not agreed to payment on account.",
               "fr": "Votre fournisseur n’a pas convenu du paiement au compte."},
    "not_fitting": {"en": "Ask your dealer: no such supply can be ordered here.",
                    "fr": "Adressez-vous à votre fournisseur : cette fourniture ne peut pas être commandée ici."},
    "asked_repair": {"en": "repaired", "fr": "réparée"},
}  # fmt: skip


def text(name: str, language: str, **facts: str) -> str:
    return TEXTS[name][language].format(**facts)


def moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def money(minor: int, language: str) -> Json:
    whole, cents = divmod(minor, 100)
    shown = f"{whole}.{cents:02} $" if language == "en" else f"{whole},{cents:02}{NO_BREAK}$"
    return {"amount_minor": minor, "currency": "CAD", "text": shown.replace(" $", f"{NO_BREAK}$")}


def person() -> Json:
    return {"name": "Tom Wilson", "email": "tom@boreal.example", "language": "en-ca"}


def me(*, language: str, base: str) -> Json:
    return {
        **person(), "language": f"{language}-ca", "customer": {"id": "7", "name": CUSTOMER},
        "dealer": {"name": DEALER, "phone": "514 555-0142", "email": "ventes@papeterie.example",
                   "website": "https://papeterie.example/", "accent": "#0b5d5b"},
        "role": "customer_buyer", "may_order": True, "may_ask_for_repair": True, "portal_url": f"{base}/",
    }  # fmt: skip


def printer(index: int, *, language: str, now: datetime) -> Json:
    """Printers beyond the named ones are numbered copies, for a large fleet."""
    name, french, english, model, levels, hours = PRINTERS[index % len(PRINTERS)]
    number = index // len(PRINTERS)
    read_at = now - timedelta(hours=hours)
    is_silent = hours > 48
    age = "silent" if is_silent else "current"
    colours = COLOURS if len(levels) == 4 else ("black",)
    coarse = 25.0 if name == "Atelier" else None
    supplies = [
        _toner(index, place, colour, percent, coarse, age, read_at, language, now)
        for place, (colour, percent) in enumerate(zip(colours, levels, strict=True), start=1)
    ]
    supplies.append(_part(index, "drum", 40 + index * 2 % 55, age, read_at, language))
    worst = max((_WORDS.index(supply["word"]) for supply in supplies if supply["word"] in _WORDS), default=0)
    return {
        "id": f"{100 + index}", "name": name + (f" {number + 1}" if number else ""),
        "place": french if language == "fr" else english, "model": f"Xerox {model}",
        "serial": f"3VK{481200 + index * 37}", "mac": f"00:00:aa:5c:{index // 256:02x}:{index % 256:02x}",
        "target": f"10.0.{index // 200}.{index % 200 + 20}",
        "site": {"id": "2", "name": "Québec" if name.startswith("Québec") else "Montréal"},
        "state": "idle", "networked": True, "last_read_at": moment(read_at), "age": age,
        "worst": "silent" if is_silent else _WORDS[worst], "supplies": supplies,
    }  # fmt: skip


_WORDS = ["fine", "attention", "low", "almost_empty", "empty"]


def _toner(
    index: int, place: int, colour: str, percent: float | None, step: float | None, age: str,
    read_at: datetime, language: str, now: datetime,
) -> Json:  # fmt: skip
    word = "some_left" if percent is None else "almost_empty" if percent <= 5 else "low" if percent <= 20 else "fine"
    forecast = None if percent is None else _forecast(percent, language, now)
    return {
        "slot_id": f"{1000 + index * 10 + place}", "index": f"1.{place}", "kind": "toner", "colour": colour,
        "name": NAMES[language][colour], "description": f"{colour.title()} Toner Cartridge",
        "state": "some_remaining" if percent is None else "measured", "percent": percent, "word": word,
        "text": "", "read_at": moment(read_at), "age": age, "gauge_step": step, "low_percent": 20.0,
        "almost_empty_percent": 5.0, "forecast": forecast, "coming": None, "may_be_ordered": True,
    }  # fmt: skip


def _part(index: int, kind: str, percent: float, age: str, read_at: datetime, language: str) -> Json:
    return {
        "slot_id": f"{1000 + index * 10 + 9}", "index": "1.9", "kind": kind, "colour": "",
        "name": NAMES[language][kind], "description": "Drum Cartridge", "state": "measured", "percent": percent,
        "word": "fine", "text": "", "read_at": moment(read_at), "age": age, "gauge_step": None, "low_percent": 10.0,
        "almost_empty_percent": 3.0, "forecast": None, "coming": None, "may_be_ordered": False,
    }  # fmt: skip


_ENGLISH_MONTHS = "January February March April May June July August September October November December"
_FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


def _forecast(percent: float, language: str, now: datetime) -> Json:
    days = percent * 1.1
    first, middle, last = (now + timedelta(days=days * share) for share in (0.8, 1.0, 1.25))
    return {
        "p10_on": first.date().isoformat(), "p50_on": middle.date().isoformat(), "p90_on": last.date().isoformat(),
        "basis": "levels", "text": text("runs_out", language, range=_range(first, last, language)),
    }  # fmt: skip


def _range(first: datetime, last: datetime, language: str) -> str:
    if first.month == last.month and first.day == last.day:
        return f"le {last.day} {_month(last, language)}" if language == "fr" else f"{_month(last, language)} {last.day}"
    if language == "fr":
        start = f"{first.day}" if first.month == last.month else f"{first.day} {_month(first, language)}"
        return f"du {start} au {last.day} {_month(last, language)}".replace(
            f" {_month(last, language)}", f"{NO_BREAK}{_month(last, language)}"
        )
    end = f"{last.day}" if first.month == last.month else f"{_month(last, language)} {last.day}"
    return f"{_month(first, language)} {first.day} to {end}"


def _month(at: datetime, language: str) -> str:
    return (_FRENCH_MONTHS if language == "fr" else _ENGLISH_MONTHS).split()[at.month - 1]


def coming(order_id: str, number: str, *, language: str, now: datetime) -> Json:
    return {
        "order_id": order_id, "number": number, "state": "placed",
        "expected_on": (now + timedelta(days=2)).date().isoformat(), "text": text("coming", language, number=number),
    }  # fmt: skip


def printer_page(found: Json, *, orders: list[Json], language: str, now: datetime) -> Json:
    short = [{name: order[name] for name in ("id", "number", "state", "state_text", "placed_at")} for order in orders]
    earlier = past_order(language=language, now=now)
    short.append({name: earlier[name] for name in ("id", "number", "state", "state_text", "placed_at")})
    return {
        **found,
        "coverage": {
            "status": "pending", "headline": text("covered", language), "qualifying": 1, "required": 2,
            "active_from": None, "ends_on": None,
            "reasons": [{"code": "awaiting_orders", "text": text("awaiting", language)}],
            "next_step": {"code": "order_one_more", "text": text("one_more", language)},
            "story": [
                {"on": (now - timedelta(days=160)).date().isoformat(), "text": text("enrolled", language)},
                {"on": (now - timedelta(days=72)).date().isoformat(), "text": text("counted", language)},
            ],
        },
        "history": [_history(supply, now=now, language=language) for supply in found["supplies"]],
        "pages_total": 76064, "pages_per_week": 310.0, "orders": short,
        "repairs": [past_repair(now=now, language=language)],
        "portal_url": "https://portal.example/printers/100/",
    }  # fmt: skip


def _history(supply: Json, *, now: datetime, language: str) -> Json:
    """Half a year: down to nothing, a new cartridge, down again to the level of today."""
    current = supply["percent"]
    if current is None:
        return {"slot_id": supply["slot_id"], "points": [], "replaced": []}
    a_day = 0.75 if supply["kind"] == "toner" else 0.18
    fresh = now - timedelta(days=(100 - current) / a_day)
    points, replaced = [], []
    for days in range(180, -1, -3):
        at = now - timedelta(days=days)
        level = 100 - (at - fresh).days * a_day if at >= fresh else (fresh - at).days * a_day + 3
        if 0 <= level <= 100:
            points.append({"at": moment(at), "percent": round(level if days else current, 1)})
    if fresh > now - timedelta(days=180):
        first = next(point["at"] for point in points if str(point["at"]) >= moment(fresh))
        replaced = [{"at": first, "text": text("replaced", language)}]
    return {"slot_id": supply["slot_id"], "points": points, "replaced": replaced}


def choices(slot_id: str, *, language: str, now: datetime) -> Json:
    index, place = divmod(int(slot_id) - 1000, 10)
    if place == 9:
        return {"slot_id": slot_id, "printer_id": f"{100 + index}", "name": NAMES[language]["drum"], "options": [],
                "why_not": text("not_fitting", language)}  # fmt: skip
    colour = COLOURS[place - 1]
    standard, high, _extra = PARTS[colour]
    day = (now + timedelta(days=2)).date().isoformat()
    cents = {"en": ("5.2¢ a page", "4.1¢ a page"), "fr": ("5,2\u00a0¢ la page", "4,1\u00a0¢ la page")}[language]
    return {
        "slot_id": slot_id, "printer_id": f"{100 + index}", "name": NAMES[language][colour], "why_not": None,
        "options": [
            _option(standard, colour, "standard", 2500, 12_900, cents[0], False, "lasts_2", "stock_40", day, language),
            _option(high, colour, "high", 5000, 20_700, cents[1], True, "lasts_5", "stock_12", day, language),
        ],
    }  # fmt: skip


def _option(
    part: str, colour: str, capacity: str, pages: int, price: int, cents: str, is_cheapest: bool,
    lasts: str, stock: str, day: str, language: str,
) -> Json:  # fmt: skip
    return {
        "part_number": part, "description": NAMES[language][colour], "capacity": capacity,
        "capacity_text": text(capacity, language), "yield_pages": pages, "price": money(price, language),
        "price_per_page_text": cents, "is_cheapest_per_page": is_cheapest, "lasts_text": text(lasts, language),
        "stock_text": text(stock, language), "in_stock": True, "arrives_on": day,
        "arrives_text": text("arrives", language), "is_recommended": capacity == "standard", "is_programme": True,
    }  # fmt: skip


PRICES = {part: price for parts in PARTS.values() for part, price in zip(parts, (12_900, 20_700, 33_900), strict=True)}


def basket_line(line: Json, *, line_id: str, printer: str, language: str) -> Json:
    colour = next(colour for colour, parts in PARTS.items() if line["part_number"] in parts)
    return {
        "id": line_id, "name": NAMES[language][colour], "printer": {"id": 1, "name": printer},
        "site": {"id": 1, "name": "Montréal"}, "note": "", "is_ready": "why_not" not in line, "why_not": None, **line,
    }  # fmt: skip


def quote(body: Json, *, language: str, now: datetime, base: str, on_account: bool, needs_number: bool) -> Json:
    lines = []
    for line in body["lines"]:
        colour = next(colour for colour, parts in PARTS.items() if line["part_number"] in parts)
        price = PRICES[line["part_number"]]
        lines.append({**line, "name": NAMES[language][colour], "unit_price": money(price, language),
                      "amount": money(price * line["quantity"], language)})  # fmt: skip
    goods = sum(line["amount"]["amount_minor"] for line in lines)
    shipping = 1_800 if body["delivery"] == "express" else 0
    gst, qst = round((goods + shipping) * 0.05), round((goods + shipping) * 0.09975)
    day = (now + timedelta(days=2)).date().isoformat()
    return {
        "lines": lines, "delivery": body["delivery"],
        "delivery_options": [
            {"code": "ground", "text": text("ground", language), "price": money(0, language), "arrives_on": day,
             "arrives_text": text("arrives", language)},
            {"code": "express", "text": text("express", language), "price": money(1_800, language),
             "arrives_on": (now + timedelta(days=1)).date().isoformat(),
             "arrives_text": text("arrives_fast", language)},
        ],
        "subtotal": money(goods, language), "shipping": money(shipping, language),
        "taxes": [{"name": text("gst", language), "amount": money(gst, language)},
                  {"name": text("qst", language), "amount": money(qst, language)}],
        "total": money(goods + shipping + gst + qst, language),
        "payment": {"on_account": on_account, "why_not": None if on_account else text("credit", language),
                    "needs_purchase_order_number": needs_number},
        "checkout_url": f"{base}/order/review/?line=1",
    }  # fmt: skip


def order(priced: Json, *, number: str, language: str, now: datetime, order_id: str) -> Json:
    return _order(priced, number, "placed", language, now, order_id, steps=1)


def past_order(*, language: str, now: datetime) -> Json:
    priced = quote({"lines": [{"slot_id": "1001", "part_number": "106R03512", "quantity": 1}], "delivery": "ground"},
                   language=language, now=now, base="", on_account=True, needs_number=False)  # fmt: skip
    placed_at = now - timedelta(days=72)
    found = _order(priced, "PP-10391", "delivered", language, placed_at, "o-10391", steps=4)
    found["lines"][0]["tracking"] = [
        {"carrier": "Purolator", "number": "520127751300", "url": "https://purolator.example/520127751300"}
    ]
    return found


def _order(priced: Json, number: str, state: str, language: str, at: datetime, order_id: str, *, steps: int) -> Json:
    hours = {"step_placed": 0, "step_accepted": 2, "step_shipped": 20, "step_delivered": 51}
    lines = [
        {"part_number": line["part_number"], "name": line["name"], "quantity": line["quantity"], "state": state,
         "state_text": text(state, language), "tracking": [], "slot_id": line["slot_id"],
         "printer": {"id": f"{100 + (int(line['slot_id']) - 1000) // 10}",
                     "name": PRINTERS[(int(line["slot_id"]) - 1000) // 10 % len(PRINTERS)][0]}}
        for line in priced["lines"]
    ]  # fmt: skip
    timeline = [
        {"at": moment(at + timedelta(hours=after)) if place < steps else None, "text": text(name, language),
         "detail": [text("promise", language)] if name == "step_shipped" and place >= steps else [],
         "done": place < steps}
        for place, (name, after) in enumerate(hours.items())
    ]  # fmt: skip
    return {
        "id": order_id, "number": number, "state": state, "state_text": text(state, language),
        "placed_at": moment(at), "total": priced["total"],
        "promise_text": text("promise", language) if state == "placed" else "", "lines": lines, "timeline": timeline,
        "portal_url": "https://portal.example/orders/10391/",
    }  # fmt: skip


def service_status(*, now: datetime, count: int, server: str) -> Json:
    return {
        "format": 1, "version": "0.1.0", "state": "working",
        "text": {"en": f"Working: {count} printers watched.", "fr": f"En marche : {count} imprimantes surveillées."},
        "server": server, "site": "Montréal", "customer": CUSTOMER, "paired_at": moment(now - timedelta(days=90)),
        "printers": count, "silent": 1, "waiting": 0, "last_delivered_at": moment(now - timedelta(minutes=4)),
        "last_search_at": moment(now - timedelta(hours=7)), "searching": False, "token_kept_in": "file",
        "problems": [], "pairing": None,
    }  # fmt: skip


def local_printer(index: int, *, now: datetime) -> Json:
    """One printer as the service itself has it: a reading, without names or forecasts."""
    shown = printer(index, language="en", now=now)
    supplies = [
        {"index": supply["index"], "kind": supply["kind"], "colour": supply["colour"] or None, "class": "consumed",
         "description": supply["description"], "unit": "percent", "raw_capacity": 100,
         "raw_level": supply["percent"] if supply["percent"] is None else int(supply["percent"]),
         "state": supply["state"], "percent": supply["percent"]}
        for supply in shown["supplies"]
    ]  # fmt: skip
    reading = {
        "format": 1, "read_at": shown["last_read_at"], "target": shown["target"], "protocol": "snmp-2c",
        "identity": {"manufacturer": "Xerox", "model": shown["model"].removeprefix("Xerox "),
                     "serial": shown["serial"], "mac": shown["mac"], "hostname": f"prn-{index:02}"},
        "supplies": supplies,
    }  # fmt: skip
    return {"key": shown["serial"], "target": shown["target"], "last_read_at": shown["last_read_at"],
            "silent": shown["worst"] == "silent", "reading": reading}  # fmt: skip


def repair(*, language: str) -> Json:
    return {"id": "r-1", "number": "R-2041", "state": "requested", "state_text": text("asked", language)}


def past_repair(*, now: datetime, language: str) -> Json:
    opened_at = moment(now - timedelta(days=51))
    done = text("asked_repair", language)
    return {"id": "r-0", "number": "R-1987", "state": "completed", "state_text": done, "opened_at": opened_at}
