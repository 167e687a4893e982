"""What the service tells people, in English and French: one table, so that cli, log, desktop and portal say the same.

A `Said` is a code with its facts; the code is for programs, the texts are for people. A published code is kept.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from econcierge_assistant.service import settings_texts

NO_BREAK = "\N{NO-BREAK SPACE}"

_TEXTS: dict[str, tuple[str, str]] = {
    "worded": ("{en}", "{fr}"),
    # what the service is doing
    "starting": ("The service is starting.", "Le service démarre."),
    "not_paired": (
        "This computer is not connected to the programme yet.",
        "Cet ordinateur n'est pas encore associé au programme.",
    ),
    "pairing": (
        "Waiting for somebody to approve the code {user_code} at {uri}.",
        "En attente d'approbation du code {user_code} à l'adresse {uri}.",
    ),
    "working": ("Printers are read and reported.", "Les imprimantes sont surveillées et leurs niveaux transmis."),
    "cannot_deliver": (
        "Printers are read; what is news is kept here and sent when the line is back.",
        "Les imprimantes sont lues ; les nouveautés sont gardées ici et envoyées au retour de la liaison.",
    ),
    "revoked": (
        "This computer's access was withdrawn in the portal. Nothing is read or sent; what was not sent is kept. "
        "Connect this computer again to go on.",
        "L'accès de cet ordinateur a été retiré dans le portail. Rien n'est lu ni envoyé ; ce qui n'a pas été envoyé "
        "est conservé. Associer de nouveau cet ordinateur pour continuer.",
    ),
    # the token
    "token_revoked": (
        "The portal has withdrawn this computer's access ({server}). To go on, run `econcierge-assistant pair`.",
        "Le portail a retiré l'accès de cet ordinateur ({server}). Pour continuer, lancer `econcierge-assistant pair`.",
    ),
    "token_unknown": (
        "{server} does not know this computer's token: it was paired with another server, or long ago. "
        "Run `econcierge-assistant pair`.",
        "{server} ne connaît pas le jeton de cet ordinateur : il a été associé à un autre serveur, ou il y a "
        "longtemps. Lancer `econcierge-assistant pair`.",
    ),
    "keyring_silent": (
        "The system's keyring does not give the token out ({reason}): unlock it by signing in, or pair again.",
        "Le trousseau du système ne donne pas le jeton ({reason}) : le déverrouiller en ouvrant une session, ou "
        "associer de nouveau cet ordinateur.",
    ),
    "pairing_unusable": (
        "The pairing kept on this computer cannot be used: {reason}",
        "L'association conservée sur cet ordinateur est inutilisable : {reason}",
    ),
    # pairing
    "code_refused": (
        "The code {user_code} was refused at the portal. To try again, run `econcierge-assistant pair`.",
        "Le code {user_code} a été refusé dans le portail. Pour réessayer, lancer `econcierge-assistant pair`.",
    ),
    "code_expired": (
        "The code {user_code} was not approved in time. To get a new one, run `econcierge-assistant pair`.",
        "Le code {user_code} n'a pas été approuvé à temps. Pour en obtenir un autre, lancer "
        "`econcierge-assistant pair`.",
    ),
    "invitation_refused": (
        "The server does not take the invitation {invitation}: check it, or ask your dealer for a new one.",
        "Le serveur n'accepte pas l'invitation {invitation} : la vérifier, ou en demander une autre au fournisseur.",
    ),
    "pairing_refused": (
        "{server} cannot connect this computer now: {reason}",
        "{server} ne peut pas associer cet ordinateur maintenant : {reason}",
    ),
    "pairing_under_way": (
        "A pairing is already under way; its code is shown.",
        "Une association est déjà en cours ; son code est affiché.",
    ),
    "already_paired": (
        "This computer is connected to {server} already. To change that, run `econcierge-assistant unpair` first.",
        "Cet ordinateur est déjà associé à {server}. Pour changer, lancer d'abord `econcierge-assistant unpair`.",
    ),
    "token_is_given": (
        "This service was started with a token of its own (--token or --token-file): change it there.",
        "Ce service a été démarré avec son propre jeton (--token ou --token-file) : le changer à cet endroit.",
    ),
    "server_is_set": (
        "This service is set up for {server}; another platform needs another setting.",
        "Ce service est réglé pour {server} ; une autre plateforme demande un autre réglage.",
    ),
    # `pair` and `unpair` on the command line
    "pair_open": ("To connect this computer, open  {uri}", "Pour associer cet ordinateur, ouvrir  {uri}"),
    "pair_type": (
        "or go to {uri} and type the code  {user_code}",
        "ou aller à l'adresse {uri} et saisir le code  {user_code}",
    ),
    "pair_waits": (
        "The code works for {minutes} minutes; waiting for somebody to approve it (Ctrl-C stops).",
        "Le code est valable {minutes} minutes ; en attente d'approbation (Ctrl-C pour arrêter).",
    ),
    "pair_stopped": (
        "Stopped; nothing was changed, and the code that was shown leads nowhere.",
        "Arrêté ; rien n'a changé, et le code affiché n'est plus valable.",
    ),
    "paired": ("Connected to {server}.", "Associé à {server}."),
    "paired_for": ("Connected to {server} for {whose}.", "Associé à {server} pour {whose}."),
    "token_in_keyring": (
        "The token is kept in this system's keyring.",
        "Le jeton est conservé dans le trousseau du système.",
    ),
    "token_in_file": (
        "The token is kept in {path}, readable by its owner only: there is no keyring for this account.",
        "Le jeton est conservé dans {path}, lisible par son propriétaire seulement : ce compte n'a pas de trousseau.",
    ),
    "pair_goes_on": (
        "The service that runs here goes on with it by itself.",
        "Le service en marche sur cet ordinateur poursuit de lui-même.",
    ),
    "pair_start": (
        "To start reading printers: `econcierge-assistant install`, or `econcierge-assistant run` to try it.",
        "Pour commencer à lire les imprimantes : `econcierge-assistant install`, ou `econcierge-assistant run` pour un "
        "essai.",
    ),
    "unpaired": (
        "This computer has forgotten its token. What was not delivered is kept for the next pairing.",
        "Cet ordinateur a oublié son jeton. Ce qui n'a pas été livré est conservé pour la prochaine association.",
    ),
    "unpair_nothing": (
        "This computer is not connected; nothing was changed.",
        "Cet ordinateur n'est pas associé ; rien n'a changé.",
    ),
    "unpair_portal": (
        "To make sure that nobody uses the token, disconnect this computer in the portal as well: {server}",
        "Pour que personne n'utilise le jeton, dissocier aussi cet ordinateur dans le portail : {server}",
    ),
    # the line
    "wrong_address": ("{reason}", "{reason}"),
    "name_not_found": (
        "The name {host} is not found: check its spelling, and this computer's network.",
        "Le nom {host} est introuvable : vérifier son orthographe et le réseau de cet ordinateur.",
    ),
    "nothing_answers": (
        "Nothing answers at {host} port {port} ({reason}): is the address right, is the server up, and does a "
        "firewall let this computer out?",
        "Rien ne répond à {host}, port {port} ({reason}) : l'adresse est-elle la bonne, le serveur est-il en marche, "
        "un pare-feu laisse-t-il sortir cet ordinateur ?",
    ),
    "no_answer_in_time": (
        "{host} did not answer in time; it is tried again.",
        "{host} n'a pas répondu à temps ; un nouvel essai suivra.",
    ),
    "not_tls": (
        "{host} port {port} does not speak TLS ({reason}): check the address and its port.",
        "{host}, port {port}, ne parle pas TLS ({reason}) : vérifier l'adresse et son port.",
    ),
    "certificate_expired": (
        "The certificate of {host} has expired, or this computer's date ({today}) is wrong.",
        "Le certificat de {host} est échu, ou la date de cet ordinateur ({today}) est fausse.",
    ),
    "certificate_not_yet": (
        "The certificate of {host} is not valid yet: this computer's date ({today}) is probably wrong.",
        "Le certificat de {host} n'est pas encore valide : la date de cet ordinateur ({today}) est probablement "
        "fausse.",
    ),
    "certificate_other_name": (
        "The certificate shown by {host} belongs to another name: check the address, and whether something "
        "inspects this network's traffic.",
        "Le certificat présenté par {host} appartient à un autre nom : vérifier l'adresse, et si un dispositif "
        "inspecte le trafic de ce réseau.",
    ),
    "certificate_untrusted": (
        "The certificate of {host} is not trusted ({reason}). If it comes from your own authority, name its file "
        "with --ca-file; otherwise something inspects this network's traffic.",
        "Le certificat de {host} n'est pas digne de confiance ({reason}). S'il vient de votre propre autorité, "
        "nommer son fichier avec --ca-file ; sinon, un dispositif inspecte le trafic de ce réseau.",
    ),
    "proxy_silent": (
        "The proxy {proxy} cannot be reached ({reason}): check HTTPS_PROXY or the setting proxy.",
        "Le mandataire {proxy} est injoignable ({reason}) : vérifier HTTPS_PROXY ou le réglage proxy.",
    ),
    "proxy_refuses": (
        "The proxy {proxy} does not let this computer reach {host} ({reason}): ask whoever runs the network.",
        "Le mandataire {proxy} ne laisse pas cet ordinateur joindre {host} ({reason}) : consulter le responsable du "
        "réseau.",
    ),
    "sent_elsewhere": (
        "{host} sends us on to {elsewhere}: a sign-in page of this network, or the server has another address.",
        "{host} renvoie vers {elsewhere} : page d'ouverture de session de ce réseau, ou le serveur a une autre "
        "adresse.",
    ),
    "not_our_server": (
        "Something answers at {host}, but not the programme's server: check the address, and open any web page to "
        "see whether this network wants a sign-in.",
        "Quelque chose répond à {host}, mais pas le serveur du programme : vérifier l'adresse, et ouvrir une page "
        "Web pour voir si ce réseau demande d'ouvrir une session.",
    ),
    "server_unwell": (
        "{host} is there but unwell ({status}); it is tried again.",
        "{host} éprouve un problème ({status}) ; un nouvel essai suivra.",
    ),
    "too_often": (
        "{host} asks to wait; it is tried again later.",
        "{host} demande d'attendre ; un nouvel essai suivra.",
    ),
    "dripping": (
        "The answer did not come to an end in {seconds} seconds; it is tried again.",
        "La réponse n'est pas arrivée au complet en {seconds} secondes ; un nouvel essai suivra.",
    ),
    "line_broken": (
        "The connection with {host} broke off ({reason}); it is tried again.",
        "La connexion avec {host} s'est rompue ({reason}) ; un nouvel essai suivra.",
    ),
    "clock_wrong": (
        "This computer's clock is {minutes} minutes off the server's: set it, or let it follow the network.",
        "L'horloge de cet ordinateur s'écarte de {minutes} minutes de celle du serveur : la régler, ou la laisser "
        "suivre le réseau.",
    ),
    # settings and places
    "setting_unusable": (
        "The portal's setting {name} is not understood and left out.",
        "Le réglage {name} du portail n'est pas compris et est laissé de côté.",
    ),
    "places_public": (
        "The portal names {names}, public addresses: they are left out unless this computer's own setting range names "
        "them, so that nothing is sent in clear to the Internet.",
        "Le portail nomme {names}, des adresses publiques : elles sont laissées de côté, sauf si le réglage range de "
        "cet ordinateur les nomme, pour que rien ne parte en clair vers Internet.",
    ),
    "nothing_in_common": (
        "The places set in the portal and on this computer have nothing in common, so nothing is read.",
        "Les plages du portail et celles de cet ordinateur n'ont rien en commun : rien n'est lu.",
    ),
    "delivery": ("{reason}", "{reason}"),
    "report_refused": (
        "The server refused it ({status}): {heard}",
        "Le serveur l'a refusé ({status}) : {heard}",
    ),
    "report_too_large": ("The server found it too large: {heard}", "Le serveur l'a trouvé trop gros : {heard}"),
    "server_answered": (
        "The server answered {status} ({heard}); it is tried again.",
        "Le serveur a répondu {status} ({heard}) ; un nouvel essai suivra.",
    ),
    "token_renewed": (
        "The token was renewed while this was sent; it is tried again.",
        "Le jeton a été renouvelé pendant l'envoi ; un nouvel essai suivra.",
    ),
    # the data folder
    "already_running": (
        "Another assistant already works in {folder}: stop it first, or choose another folder with --data.",
        "Un autre assistant travaille déjà dans {folder} : l'arrêter d'abord, ou choisir un autre dossier avec --data.",
    ),
    "folder_not_made": (
        "The data folder {folder} cannot be made ({reason}): choose another with --data.",
        "Impossible de créer le dossier de données {folder} ({reason}) : en choisir un autre avec --data.",
    ),
    "folder_not_writable": (
        "The data folder {folder} is not writable by this user: fix its owner or use --data.",
        "Cet utilisateur ne peut pas écrire dans le dossier de données {folder} : en corriger le propriétaire ou "
        "utiliser --data.",
    ),
    "spool_damaged": (
        "The spool was damaged and set aside as {names}: what waited there was not delivered. Work goes on with a "
        "fresh one. If it happens again, check the disk; the file can be deleted.",
        "La file d'attente était endommagée et a été mise de côté sous le nom {names} : ce qui y attendait n'a pas "
        "été livré. Le travail continue avec une nouvelle file. Si cela se répète, vérifier le disque ; le fichier "
        "peut être supprimé.",
    ),
    "spool_of_newer": (
        "{path} was written by a newer assistant: install that version again.",
        "{path} provient d'une version plus récente de l'assistant : réinstaller cette version.",
    ),
    "spool_not_opened": (
        "The spool {path} cannot be opened ({reason}): check the folder's rights and the disk.",
        "Impossible d'ouvrir la file d'attente {path} : vérifier les droits du dossier et le disque.",
    ),
    "spool_not_read": (
        "{path} cannot be read now ({reason}): try again; a damaged file is set aside when the service starts.",
        "{path} est illisible pour le moment : réessayer ; un fichier endommagé est mis de côté au démarrage du "
        "service.",
    ),
    "never_ran": (
        "No assistant has run with {folder} yet: start it with `econcierge-assistant run`.",
        "Aucun assistant n'a encore travaillé dans {folder} : le démarrer avec `econcierge-assistant run`.",
    ),
    # the local face
    "no_local_port": (
        "No port is free on this computer: the desktop application cannot see the service; reading goes on.",
        "Aucun port n'est libre sur cet ordinateur : l'application de bureau ne voit pas le service ; la lecture "
        "continue.",
    ),
    "face_forbidden": ("The key is missing or wrong.", "La clé manque ou est fausse."),
    "face_not_found": ("There is nothing here.", "Il n'y a rien ici."),
    "face_bad_request": ("The request is not understood.", "La demande n'est pas comprise."),
    "face_too_large": ("The request is too large.", "La demande est trop grande."),
    "face_not_working": (
        "The service does not read printers now: see its status.",
        "Le service ne lit pas les imprimantes en ce moment : voir son état.",
    ),
    **settings_texts.TEXTS,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to tell, by its code, with the facts that its texts name."""

    code: str
    facts: tuple[tuple[str, str | Said], ...] = ()  # a fact that is itself said is told in the same language

    @property
    def en(self) -> str:
        facts = {name: fact.en if isinstance(fact, Said) else fact for name, fact in self.facts}
        return _TEXTS[self.code][0].format(**facts)

    @property
    def fr(self) -> str:
        facts = {name: fact.fr if isinstance(fact, Said) else fact for name, fact in self.facts}
        return _TEXTS[self.code][1].format(**facts)

    def both(self) -> dict[str, str]:
        return {"en": self.en, "fr": self.fr}

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "text": self.both()}

    def here(self) -> str:
        """In the language of this computer's environment."""
        return self.fr if language_here() == "fr" else self.en


def said(code: str, **facts: object) -> Said:
    """Raises KeyError for a code that nobody wrote a text for."""
    if code not in _TEXTS:
        raise KeyError(code)
    return Said(code, tuple((name, fact if isinstance(fact, Said) else str(fact)) for name, fact in facts.items()))


def language_here() -> str:
    """`fr` or `en`, as POSIX finds it: LC_ALL before LC_MESSAGES before LANG."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((value for name in names if (value := os.environ.get(name))), "")
    return "fr" if chosen.lower().startswith("fr") else "en"


def kept(found: Said) -> str:
    """As JSON, to be told later by whoever reads it: another process, perhaps another version."""
    return json.dumps(_listed(found))


def of_kept(text: str) -> Said:
    """What was kept; an older version's sentence, or one that nobody has a text for any more, as it is."""
    try:
        found = _of_listed(json.loads(text))
        found.both()
    except (ValueError, TypeError, KeyError):
        return said("worded", en=text, fr=text)
    return found


def _listed(found: Said) -> list[Any]:
    return [found.code, {name: _listed(fact) if isinstance(fact, Said) else fact for name, fact in found.facts}]


def _of_listed(found: Any) -> Said:
    code, facts = found
    return said(code, **{name: _of_listed(fact) if isinstance(fact, list) else fact for name, fact in facts.items()})


def codes() -> tuple[str, ...]:
    return tuple(_TEXTS)
