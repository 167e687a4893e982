"""What `econcierge-assistant update` says, in both languages."""

# ruff: noqa: E501

from __future__ import annotations

from econcierge_assistant.updates.types import Trouble

TROUBLES: dict[Trouble, dict[str, str]] = {
    Trouble.NO_ROOT: {
        "en": "This copy carries no key to check updates with, because it was not made by a release. Update it the way it was installed.",
        "fr": "Cette copie ne contient aucune clé pour vérifier les mises à jour, car elle ne provient pas d'une version publiée. Mettez-la à jour comme vous l'avez installée.",
    },
    Trouble.NOT_OFFERED: {
        "en": "{server} offers no updates. Nothing was changed.",
        "fr": "{server} n'offre aucune mise à jour. Rien n'a été modifié.",
    },
    Trouble.UNREACHABLE: {
        "en": "{server} could not be reached. Nothing was changed; the next try is tomorrow, or now with: econcierge-assistant update",
        "fr": "Impossible de joindre {server}. Rien n'a été modifié ; le prochain essai aura lieu demain, ou maintenant avec : econcierge-assistant update",
    },
    Trouble.EXPIRED: {
        "en": "The list of updates on {server} is out of date and was not used. Check this computer's date; if it is right, tell your dealer.",
        "fr": "La liste des mises à jour de {server} est périmée et n'a pas été utilisée. Vérifiez la date de cet ordinateur ; si elle est exacte, prévenez votre fournisseur.",
    },
    Trouble.OLDER: {
        "en": "{server} gave an older list of updates than this computer has already seen. It was refused; tell your dealer.",
        "fr": "{server} a fourni une liste de mises à jour plus ancienne que celle déjà reçue par cet ordinateur. Elle a été refusée ; prévenez votre fournisseur.",
    },
    Trouble.NOT_SIGNED: {
        "en": "The list of updates on {server} is not signed by a key that this copy trusts. It was refused; tell your dealer.",
        "fr": "La liste des mises à jour de {server} n'est pas signée par une clé reconnue par cette copie. Elle a été refusée ; prévenez votre fournisseur.",
    },
    Trouble.MISMATCH: {
        "en": "What {server} gave does not match its signed description. It was refused; if it happens again tomorrow, tell your dealer.",
        "fr": "Ce que {server} a fourni ne correspond pas à sa description signée. Le tout a été refusé ; si cela se reproduit demain, prévenez votre fournisseur.",
    },
    Trouble.NOT_UNDERSTOOD: {
        "en": "The list of updates on {server} is not one that this version understands. Nothing was changed.",
        "fr": "La liste des mises à jour de {server} n'est pas comprise par cette version. Rien n'a été modifié.",
    },
    Trouble.NOT_FOR_THIS_SYSTEM: {
        "en": "There is a newer version, but not for this kind of computer.",
        "fr": "Il existe une version plus récente, mais pas pour ce type d'ordinateur.",
    },
    Trouble.NOT_ALLOWED: {
        "en": "Version {version} is checked and ready. Installing it needs an administrator: sudo econcierge-assistant update",
        "fr": "La version {version} est vérifiée et prête. Son installation exige un administrateur : sudo econcierge-assistant update",
    },
    Trouble.INSTALLER_FAILED: {
        "en": "The system's installer did not take version {version}: {detail}",
        "fr": "Le programme d'installation du système a refusé la version {version} : {detail}",
    },
    Trouble.CANNOT_KEEP: {
        "en": "The update cannot be kept on this computer: {detail}. Free some space, or check who may write there.",
        "fr": "La mise à jour ne peut pas être conservée sur cet ordinateur : {detail}. Libérez de l'espace ou vérifiez les droits d'écriture.",
    },
}

SAID: dict[str, dict[str, str]] = {
    "newest": {
        "en": "Version {installed} is the newest.",
        "fr": "La version {installed} est la plus récente.",
    },
    "available": {
        "en": "Version {version} of {published_on} can be installed (this is {installed}).",
        "fr": "La version {version} du {published_on} peut être installée (version actuelle : {installed}).",
    },
    "installed": {
        "en": "Version {version} is installed.",
        "fr": "La version {version} est installée.",
    },
}


def trouble(which: Trouble, *, language: str, **facts: str) -> str:
    return TROUBLES[which][language].format(**facts)


def said(which: str, *, language: str, **facts: str) -> str:
    return SAID[which][language].format(**facts)
