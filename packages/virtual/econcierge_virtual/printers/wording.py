"""What a panel says, in its language."""

from __future__ import annotations

COLOURS = {
    "fr": {"black": "noir", "cyan": "cyan", "magenta": "magenta", "yellow": "jaune"},
    "en": {"black": "Black", "cyan": "Cyan", "magenta": "Magenta", "yellow": "Yellow"},
}
ALERT_TEXTS = {
    "fr": {
        1101: "{supply} : épuisé. L'impression est arrêtée.",
        1104: "{supply} : presque épuisé.",
        1107: "{supply} : presque plein.",
        1109: "{supply} : plein. L'impression est arrêtée.",
        1111: "{supply} : fin de vie proche.",
        1112: "{supply} : fin de vie. L'impression est arrêtée.",
        807: "{supply} : peu de papier.",
    },
    "en": {
        1101: "{supply} is empty. Printing has stopped.",
        1104: "{supply} is almost empty.",
        1107: "{supply} is almost full.",
        1109: "{supply} is full. Printing has stopped.",
        1111: "{supply} is near its end of life.",
        1112: "{supply} has reached its end of life. Printing has stopped.",
        807: "{supply} is low on paper.",
    },
}
CONSOLE = {
    "fr": {"ready": "Prêt", "printing": "Impression en cours", "stopped": "Intervention requise"},
    "en": {"ready": "Ready", "printing": "Printing", "stopped": "Attention required"},
}


def toner_name(language: str, colour: str) -> str:
    word = COLOURS[language][colour]
    return f"Cartouche de toner {word}" if language == "fr" else f"{word} Toner Cartridge"


def drum_name(language: str, colour: str) -> str:
    """A drum for all colours has none in its name."""
    word = COLOURS[language].get(colour)
    if language == "fr":
        return f"Cartouche de tambour {word}" if word else "Cartouche de tambour"
    return f"{word} Drum Cartridge" if word else "Drum Cartridge"


def waste_name(language: str) -> str:
    return "Bac de récupération" if language == "fr" else "Waste Toner Container"


def alert_text(language: str, code: int, supply: str) -> str:
    return ALERT_TEXTS[language][code].format(supply=supply)
