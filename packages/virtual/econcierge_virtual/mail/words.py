"""The catcher's page in both languages."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Caught mail",
        "intro": "Nothing leaves this machine. Newest first.",
        "search": "Recipient",
        "find": "Find",
        "all": "Show all",
        "none": "No mail yet.",
        "none_found": "No mail to that recipient.",
        "from": "From",
        "to": "To",
        "subject": "Subject",
        "received": "Received",
        "copies": "caught {count} times",
        "text": "Plain text",
        "no_text": "No plain text.",
        "html": "As shown",
        "no_html": "No HTML part.",
        "headers": "Headers",
        "source": "Source",
        "back": "All mail",
        "no_subject": "(no subject)",
        "missing": "There is no such message. It may have been cleared.",
    },
    "fr": {
        "title": "Courriels interceptés",
        "intro": "Rien ne quitte cet ordinateur. Les plus récents d'abord.",
        "search": "Destinataire",
        "find": "Chercher",
        "all": "Tout afficher",
        "none": "Aucun courriel pour l'instant.",
        "none_found": "Aucun courriel pour ce destinataire.",
        "from": "De",
        "to": "À",
        "subject": "Objet",
        "received": "Reçu",
        "copies": "reçu {count} fois",
        "text": "Texte",
        "no_text": "Aucun texte.",
        "html": "Aperçu",
        "no_html": "Aucune partie HTML.",
        "headers": "En-têtes",
        "source": "Source",
        "back": "Tous les courriels",
        "no_subject": "(sans objet)",
        "missing": "Ce courriel n'existe pas. Il a peut-être été effacé.",
    },
}


def language(accept_language: str) -> str:
    """`fr` when the browser asks for it before anything else, else `en`."""
    first = accept_language.split(",")[0].strip().lower()
    return "fr" if first.startswith("fr") else "en"
