"""What is wrong with one input, as a sentence in the person's language; pydantic's own are English."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

WHOLE_NUMBER = gettext_lazy("This must be a whole number.")
AN_OBJECT = gettext_lazy("This must be an object.")
CHARACTERS = gettext_lazy("This text has characters that cannot be kept.")
SENTENCES = {
    "missing": gettext_lazy("This is required."),
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": gettext_lazy("This number is too large."),
    "string_type": gettext_lazy("This must be text."),
    "string_unicode": CHARACTERS,
    "string_not_storable": CHARACTERS,
    "list_type": gettext_lazy("This must be a list."),
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
    "dict_type": AN_OBJECT,
    "uuid_type": gettext_lazy("This must be a UUID."),
    "uuid_parsing": gettext_lazy("This must be a UUID."),
}


def in_words(error: dict[str, Any]) -> str:
    """The sentence for one entry of pydantic's `errors()`: by its `type`, with the limit in its `ctx`."""
    kind = str(error.get("type", ""))
    if kind in SENTENCES:
        return str(SENTENCES[kind])
    return _limit(kind, error.get("ctx") or {}) or _("This value cannot be used.")


def _limit(kind: str, limits: dict[str, Any]) -> str:
    if kind == "string_too_long":
        most = limits["max_length"]
        return ngettext("At most %(n)s character.", "At most %(n)s characters.", most) % {"n": most}
    if kind == "too_long":
        most = limits["max_length"]
        return ngettext("At most %(n)s entry.", "At most %(n)s entries.", most) % {"n": most}
    if kind == "too_short":
        least = limits["min_length"]
        return ngettext("At least %(n)s entry.", "At least %(n)s entries.", least) % {"n": least}
    if kind == "greater_than_equal":
        return _("At least %(n)s.") % {"n": limits["ge"]}
    return _("At most %(n)s.") % {"n": limits["le"]} if kind == "less_than_equal" else ""
