"""What `doctor` says, in English and French; a code that was published is kept."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "network_here": ("This computer is on {networks}.", "Cet ordinateur est sur {networks}."),
    "network_none": (
        "This computer is on no network: plug the cable in, or choose a wireless network.",
        "Cet ordinateur n'est sur aucun réseau : brancher le câble ou choisir un réseau sans fil.",
    ),
    "folder_well": (
        "The data folder {folder} can be written; {free_mb} MB are free there.",
        "Le dossier de données {folder} accepte l'écriture ; {free_mb} Mo y sont libres.",
    ),
    "disk_nearly_full": (
        "Only {free_mb} MB are free where {folder} lies: make room, so that readings can wait there while the line is "
        "down.",
        "Il ne reste que {free_mb} Mo là où se trouve {folder} : libérer de la place, pour que les lectures puissent y "
        "attendre quand la liaison est coupée.",
    ),
    "service_runs": ("The service is running.", "Le service est en marche."),
    "service_stopped": (
        "The service is not running here: start it with `econcierge-assistant install` (as an administrator) or, to "
        "try it by hand, `econcierge-assistant run`.",
        "Le service n'est pas en marche ici : le démarrer avec `econcierge-assistant install` (en administrateur) ou, "
        "pour un essai à la main, `econcierge-assistant run`.",
    ),
    "places": ("Looks for printers in {places}.", "Cherche les imprimantes dans {places}."),
    "places_own": (
        "Looks for printers where the portal says, else on this computer's own networks.",
        "Cherche les imprimantes là où le portail le dit, sinon sur les réseaux de cet ordinateur.",
    ),
    "nothing_known": (
        "No printer is known yet: check --range and --community, and that SNMP is on in the printers.",
        "Aucune imprimante n'est encore connue : vérifier --range et --community, et que SNMP est activé dans les "
        "imprimantes.",
    ),
    "known_one": ("1 printer is known.", "1 imprimante est connue."),
    "known": ("{count} printers are known.", "{count} imprimantes sont connues."),
    "printer_silent": (
        "{name} at {target} has been silent since {since}: is it on and connected?",
        "{name} ({target}) ne répond plus depuis le {since} : est-elle allumée et branchée au réseau ?",
    ),
    "printers_answer": (
        "{answered} of {asked} printers that were asked just now answer.",
        "{answered} des {asked} imprimantes interrogées à l'instant répondent.",
    ),
    "printers_none_answer": (
        "None of {asked} printers that were asked just now answers: does a firewall hold back SNMP (UDP port 161), and "
        "is this computer on the printers' network?",
        "Aucune des {asked} imprimantes interrogées à l'instant ne répond : un pare-feu retient-il SNMP (port UDP "
        "161), et cet ordinateur est-il sur le réseau des imprimantes ?",
    ),
    "delivery_waits": ("Delivery waits. {reason}", "L'envoi est en attente. {reason}"),
    "last_delivery": ("The last delivery was on {at}.", "Le dernier envoi date du {at}."),
    "not_paired": (
        "This computer is not paired: run `econcierge-assistant pair --server URL`, or open the desktop application.",
        "Cet ordinateur n'est pas associé : lancer `econcierge-assistant pair --server URL`, ou ouvrir l'application "
        "de bureau.",
    ),
    "setting_wrong": ("{reason}", "Un réglage est à revoir : {reason}"),
    "paired": ("Connected to {server}.", "Associé à {server}."),
    "proxy_used": ("Goes through the proxy {proxy}.", "Passe par le mandataire {proxy}."),
    "name_found": ("The name {host} is found.", "Le nom {host} est trouvé."),
    "port_answers": ("{host} answers on port {port}.", "{host} répond sur le port {port}."),
    "tls_trusted": (
        "The connection is encrypted and the certificate is trusted.",
        "La connexion est chiffrée et le certificat est digne de confiance.",
    ),
    "server_answers": ("The programme answers.", "Le programme répond."),
    "server_strange": (
        "{path} answered {status}, so this is not the programme's server, or it is unwell: check the address, or try "
        "later.",
        "{path} a répondu {status} : ce n'est pas le serveur du programme, ou il éprouve un problème. "
        "Vérifier l'adresse, ou réessayer plus tard.",
    ),
    "clock_right": ("This computer's clock agrees with the server's.", "L'horloge concorde avec celle du serveur."),
    "token_accepted": ("The token is accepted.", "Le jeton est accepté."),
    "token_refused": (
        "The token is not accepted. {reason}",
        "Le jeton n'est pas accepté. {reason}",
    ),
    "token_unsure": (
        "Whether the token is accepted is not known yet. {reason}",
        "On ne sait pas encore si le jeton est accepté. {reason}",
    ),
}
