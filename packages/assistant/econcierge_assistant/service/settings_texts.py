"""What is said of a wrong setting, in English and French; part of the table of `texts`, whose codes are kept."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # the address and the way to it
    "server_missing": (
        "Say which platform: give --server URL, for instance --server https://example.com.",
        "Préciser la plateforme : donner --server URL, par exemple --server https://exemple.com.",
    ),
    "server_no_address": (
        "--server {url!r} is not an address: write it like https://example.com.",
        "--server {url!r} n'est pas une adresse : l'écrire comme https://exemple.com.",
    ),
    "server_with_more": (
        "--server takes an address only, without user, question mark or number sign.",
        "--server ne prend qu'une adresse, sans utilisateur, point d'interrogation ni carré (#).",
    ),
    "server_in_clear": (
        "--server {url!r} is not encrypted: use https://, or give --insecure-http if this network is yours alone.",
        "--server {url!r} n'est pas chiffrée : utiliser https://, ou donner --insecure-http si ce réseau n'est qu'à "
        "vous.",
    ),
    "typed_no_address": (
        "{url} is not an address: write it like https://example.com.",
        "{url} n'est pas une adresse : l'écrire comme https://exemple.com.",
    ),
    "typed_with_more": (
        "Write the address only, without user, question mark or number sign, like https://example.com.",
        "Écrire seulement l'adresse, sans utilisateur, point d'interrogation ni carré (#), comme https://exemple.com.",
    ),
    "typed_in_clear": (
        "{url} is not encrypted: write the address with https://.",
        "{url} n'est pas chiffrée : écrire l'adresse avec https://.",
    ),
    "proxy_no_address": (
        "The proxy is not an address: write it like http://proxy.example.com:3128.",
        "Le mandataire n'est pas une adresse : l'écrire comme http://mandataire.exemple.com:3128.",
    ),
    "proxy_not_understood": (
        "The proxy is not understood: write it like http://proxy.example.com:3128.",
        "Le mandataire n'est pas compris : l'écrire comme http://mandataire.exemple.com:3128.",
    ),
    "ca_file_empty": (
        "The file {path} of --ca-file holds no certificate in PEM form.",
        "Le fichier {path} de --ca-file ne contient aucun certificat au format PEM.",
    ),
    "ca_file_unreadable": (
        "The file {path} of --ca-file cannot be read: {reason}.",
        "Le fichier {path} de --ca-file est illisible : {reason}.",
    ),
    # token and pairing
    "token_given_twice": ("Give --token or --token-file, not both.", "Donner --token ou --token-file, pas les deux."),
    "token_without_server": (
        "A token needs its server: give --server https://...",
        "Un jeton va avec son serveur : donner --server https://...",
    ),
    "token_file_open": (
        "{path} holds a token and others can read it: run chmod 600 {path}.",
        "{path} contient un jeton et d'autres peuvent le lire : lancer chmod 600 {path}.",
    ),
    "token_file_unreadable": (
        "The token file {path} cannot be read: {reason}.",
        "Le fichier de jeton {path} est illisible : {reason}.",
    ),
    "token_file_without": ("The token file {path} holds no token.", "Le fichier {path} ne contient aucun jeton."),
    "token_malformed": (
        "That is no token: give the one line that `econcierge pair` printed.",
        "Ce n'est pas un jeton : donner la ligne affichée par `econcierge pair`.",
    ),
    "pairing_missing": (
        "This computer is not paired: run `econcierge-assistant pair --server URL`, or give --server with "
        "--token-file.",
        "Cet ordinateur n'est pas associé : lancer `econcierge-assistant pair --server URL`, ou donner --server avec "
        "--token-file.",
    ),
    "pairing_damaged": (
        "{path} is damaged: pair this computer again (econcierge-assistant pair).",
        "{path} est endommagé : associer de nouveau cet ordinateur (econcierge-assistant pair).",
    ),
    "paired_otherwise": (
        "This computer is paired with {server}, not with {wanted}: pair it again to change that.",
        "Cet ordinateur est associé à {server}, et non à {wanted} : l'associer de nouveau pour changer.",
    ),
    # the settings' file and its values
    "file_unreadable": (
        "The settings file {path} cannot be read: {reason}.",
        "Le fichier de réglages {path} est illisible : {reason}.",
    ),
    "file_not_toml": (
        "The settings file {path} is not TOML: {reason}.",
        "Le fichier de réglages {path} n'est pas du TOML ({reason}).",
    ),
    "setting_unknown": ("There is no setting {name!r}.", "Le réglage {name!r} n'existe pas."),
    "setting_near": (
        "There is no setting {name!r}: did you mean {near}?",
        "Le réglage {name!r} n'existe pas : s'agit-il de {near} ?",
    ),
    "night_by_halves": ("Give night_from and night_to together.", "Donner night_from et night_to ensemble."),
    "methods_unknown": ("methods are some of {known}.", "methods se choisit parmi {known}."),
    "must_be_texts": (
        "{name} must be a list of texts, none of them empty.",
        "{name} doit être une liste de textes, dont aucun n'est vide.",
    ),
    "must_be_flag": ("{name} must be true or false.", "{name} doit être true ou false."),
    "must_be_text": ("{name} must be a text.", "{name} doit être un texte."),
    "must_be_time": (
        "{name} must be a time of day such as 20:00.",
        "{name} doit être une heure de la journée, comme 20:00.",
    ),
    "must_be_number": ("{name} must be a number.", "{name} doit être un nombre."),
    "number_out_of_bounds": (
        "{name} must be at least {least} and at most {most}, not {value}.",
        "{name} doit être d'au moins {least} et d'au plus {most}, et non de {value}.",
    ),
    # places
    "range_not_understood": (
        "--range {text!r} is not understood ({reason}): write 10.0.0.0/24, 10.0.0.10-10.0.0.99 or host[:port].",
        "--range {text!r} n'est pas compris : écrire 10.0.0.0/24, 10.0.0.10-10.0.0.99 ou hôte[:port].",
    ),
    "range_too_large": (
        "--range {text} holds {addresses} addresses, more than {most}: name the networks that really hold printers, "
        "for instance 10.0.12.0/24.",
        "--range {text} compte {addresses} adresses, plus de {most} : nommer les réseaux où se trouvent vraiment des "
        "imprimantes, par exemple 10.0.12.0/24.",
    ),
    "deny_not_understood": (
        "deny {text!r} is not understood ({reason}): write an address, a name, 10.0.0.0/24, 10.0.0.10-10.0.0.99 or a "
        "network card such as 00:11:22:33:44:55.",
        "deny {text!r} n'est pas compris : écrire une adresse, un nom, 10.0.0.0/24, 10.0.0.10-10.0.0.99 ou une carte "
        "réseau comme 00:11:22:33:44:55.",
    ),
    # how printers are asked
    "snmp_user_form": (
        "snmp_user must be written as [[snmp_user]], one block for each user.",
        "snmp_user doit s'écrire [[snmp_user]], un bloc par utilisateur.",
    ),
    "snmp_user_twice": (
        "There are two SNMPv3 users with the name {name!r}: give each once.",
        "Deux utilisateurs SNMPv3 portent le nom {name!r} : donner chacun une seule fois.",
    ),
    "snmp_user_field": (
        "An snmp_user has no {name!r}; it has {known}.",
        "Un snmp_user n'a pas {name!r} ; il a {known}.",
    ),
    "snmp_user_texts": ("Everything in an snmp_user is a text.", "Tout ce qui est dans un snmp_user est un texte."),
    "snmp_user_unusable": (
        "The snmp_user {name!r} cannot be used: {reason}.",
        "Le snmp_user {name!r} n'est pas utilisable ({reason}).",
    ),
    "secrets_open": (
        "{path} holds secrets for SNMP and can be read by others: run `chmod 600 {path}`, then start again.",
        "{path} contient des secrets pour SNMP et d'autres peuvent le lire : lancer `chmod 600 {path}`, puis "
        "redémarrer.",
    ),
    "secrets_of_another": (
        "{path} holds secrets for SNMP and belongs to another user: give it to the one that runs the service.",
        "{path} contient des secrets pour SNMP et appartient à un autre utilisateur : le donner à celui qui exécute le "
        "service.",
    ),
    "because_user_name": ("an SNMPv3 user's name has 1 to 32 octets", "un nom d'utilisateur SNMPv3 a de 1 à 32 octets"),
    "because_privacy_alone": (
        "SNMPv3 has no privacy without authentication: give an authentication protocol too",
        "SNMPv3 ne chiffre pas sans authentifier : donner aussi un protocole d'authentification",
    ),
    "because_authentication_short": (
        "an SNMPv3 authentication password has at least 8 characters",
        "un mot de passe d'authentification SNMPv3 a au moins 8 caractères",
    ),
    "because_authentication_alone": (
        "an SNMPv3 authentication password needs its protocol",
        "un mot de passe d'authentification SNMPv3 va avec son protocole",
    ),
    "because_privacy_short": (
        "an SNMPv3 privacy password has at least 8 characters",
        "un mot de passe de chiffrement SNMPv3 a au moins 8 caractères",
    ),
    "because_privacy_password_alone": (
        "an SNMPv3 privacy password needs its protocol",
        "un mot de passe de chiffrement SNMPv3 va avec son protocole",
    ),
    "because_protocol": (
        "{name} is no protocol; there are {known}",
        "{name} n'est pas un protocole ; il y a {known}",
    ),
    # bad usage
    "usage_required": ("{names} is missing.", "Il manque {names}."),
    "usage_unknown": ("{names} is not understood.", "{names} n'est pas compris."),
    "usage_no_value": ("{name} needs a value.", "Il manque une valeur à {name}."),
    "usage_choice": (
        "{name} cannot be {value}: choose from {known}.",
        "{name} ne peut pas être {value} : choisir parmi {known}.",
    ),
    "usage_ambiguous": ("{name} may be {known}: write it in full.", "{name} peut être {known} : l'écrire en entier."),
    # commands for this and for another system
    "command_not_run": ("`{command}` could not be run ({reason}).", "Impossible de lancer `{command}` ({reason})."),
    "command_failed": ("`{command}` failed: {reason}.", "`{command}` a échoué ({reason})."),
    "path_forbidden": (
        "{path} cannot be written: run this as an administrator (on Linux and macOS with `sudo`).",
        "Impossible d'écrire {path} : lancer cette commande en administrateur (sous Linux et macOS, avec `sudo`).",
    ),
    "path_not_written": ("{path} cannot be written ({reason}).", "Impossible d'écrire {path} ({reason})."),
    "path_damaged": (
        "{path} is damaged: remove it by hand, then try again.",
        "{path} est endommagé : le supprimer à la main, puis réessayer.",
    ),
    "program_hidden": (
        "{program} lies in {folder}, where the service's own user cannot go: install the package, or put the program "
        "under /opt and run it from there.",
        "{program} se trouve dans {folder}, où le propre utilisateur du service n'a pas accès : installer le paquet, "
        "ou placer le programme sous /opt et le lancer de là.",
    ),
    "only_for_windows_manager": (
        "This command is for the Windows service manager. To try the service by hand, use `run`.",
        "Cette commande est pour le gestionnaire de services de Windows. Pour un essai à la main, utiliser `run`.",
    ),
    "only_on_windows": (
        "The Windows service manager is on Windows only: use `run`, or `install`.",
        "Le gestionnaire de services de Windows n'existe que sous Windows : utiliser `run` ou `install`.",
    ),
    "another_system": (
        "This is no {system}: add --dry-run to see what would be done there.",
        "Ce système n'est pas {system} : ajouter --dry-run pour voir ce qui y serait fait.",
    ),
    # why a line does not hold, inside another sentence
    "because_refused": ("Connection refused", "connexion refusée"),
    "because_no_route": ("No route to host", "hôte inaccessible"),
    "because_no_network": ("Network is unreachable", "réseau inaccessible"),
    "because_late": ("no answer in time", "aucune réponse à temps"),
    "because_reset": ("Connection reset by peer", "connexion coupée par l'autre côté"),
    "because_broken": ("Broken pipe", "liaison rompue"),
    "because_missing": ("No such file or directory", "fichier ou dossier introuvable"),
    "because_forbidden": ("Permission denied", "accès refusé"),
    "because_folder": ("Is a directory", "c'est un dossier"),
}
