# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that a Hyper-V host says in its own language.

Names of components come from hyperv-facts.md 1.2, messages from 2.5. A language without a text of its own answers in
English, as Windows does where a language pack lacks a resource. Entries marked (M) or (U) are listed in ASSUMPTIONS.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Language tags (primary subtag) for which the six component names are known.
LANGUAGES: Final = ("en", "de", "fr", "ja", "ru", "zh", "pt", "es", "it")

_GSI, _HB, _KVP, _SHUT, _TIME, _VSS = (
    "guest_service_interface",
    "heartbeat",
    "key_value_pair_exchange",
    "shutdown",
    "time_synchronization",
    "vss",
)

COMPONENT_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        _GSI: "Guest Service Interface",
        _HB: "Heartbeat",
        _KVP: "Key-Value Pair Exchange",
        _SHUT: "Shutdown",
        _TIME: "Time Synchronization",
        _VSS: "VSS",
    },
    "de": {
        _GSI: "Gastdienstschnittstelle",
        _HB: "Takt",
        _KVP: "Austausch von Schlüsselwertepaaren",
        _SHUT: "Herunterfahren",
        _TIME: "Zeitsynchronisierung",
        _VSS: "VSS",
    },
    "fr": {
        _GSI: "Interface de services d'invité",
        _HB: "Pulsation",
        _KVP: "Échange de paires clé-valeur",
        _SHUT: "Arrêt",
        _TIME: "Synchronisation date/heure",
        _VSS: "VSS",
    },
    "ja": {
        _GSI: "ゲスト サービス インターフェイス",
        _HB: "ハートビート",
        _KVP: "キー値ペア交換",
        _SHUT: "シャットダウン",
        _TIME: "時刻の同期",
        _VSS: "VSS",
    },
    "ru": {
        _GSI: "Интерфейс гостевой службы",
        _HB: "Пульс",
        _KVP: 'Обмен парами "ключ-значение"',
        _SHUT: "Завершение работы",
        _TIME: "Синхронизация времени",
        _VSS: "VSS",
    },
    "zh": {
        _GSI: "来宾服务接口",
        _HB: "检测信号",
        _KVP: "键值对交换",
        _SHUT: "关闭",
        _TIME: "时间同步",
        _VSS: "VSS",
    },
    "pt": {
        _GSI: "Interface de Serviço de Convidado",
        _HB: "Pulsação",
        _KVP: "Troca de Pares Chave-Valor",
        _SHUT: "Desligamento",
        _TIME: "Sincronização de Horário",
        _VSS: "VSS",
    },
    "es": {
        _GSI: "Interfaz de servicio de invitado",
        _HB: "Latido",
        _KVP: "Intercambio de pares clave-valor",
        _SHUT: "Apagar",
        _TIME: "Sincronización de hora",
        _VSS: "VSS",
    },
    "it": {
        _GSI: "Interfaccia del servizio guest",
        _HB: "Heartbeat",
        _KVP: "Scambio coppie chiave-valore",
        _SHUT: "Arresto",
        _TIME: "Sincronizzazione ora",
        _VSS: "VSS",
    },
}

_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "vm_name_not_found": {
        "en": 'Hyper-V was unable to find a virtual machine with name "{name}".',
        "de": 'Hyper-V konnte keinen virtuellen Computer mit dem Namen "{name}" finden.',
        "fr": "Hyper-V n'a pas trouvé d'ordinateur virtuel nommé «\xa0{name}\xa0».",
    },
    "vm_id_not_found": {
        "en": 'Hyper-V was unable to find a virtual machine with id "{id}".',
        "de": 'Hyper-V konnte keinen virtuellen Computer mit der ID "{id}" finden.',
        "fr": "Hyper-V n'a pas trouvé d'ordinateur virtuel avec l'ID «\xa0{id}\xa0».",
    },
    "component_name_not_found": {
        "en": "No integration component with the given name was found.",
        "de": "Es wurde keine Integrationskomponente mit dem angegebenen Namen gefunden.",
        "fr": "Aucun composant d'intégration ne porte le nom spécifié.",
    },
    "invalid_state": {
        "en": "The operation cannot be performed while the virtual machine is in its current state.",
        "de": "Der Vorgang kann nicht ausgeführt werden, solange sich der virtuelle Computer im aktuellen Zustand "
        "befindet.",
        "fr": "Impossible d'effectuer l'opération tant que l'ordinateur virtuel est dans son état actuel.",
    },
    "operation_failed": {
        "en": "The operation failed.",
        "de": "Fehler beim Vorgang.",
        "fr": "L'opération a échoué.",
    },
    "general_access_denied": {
        "en": "'{name}' failed to modify settings: General access denied error (0x80070005). (Virtual machine ID {id})",
        "de": "Fehler bei '{name}' beim Ändern von Einstellungen: Allgemeiner Zugriffsfehler (0x80070005). "
        "(ID des virtuellen Computers {id})",
        "fr": "'{name}' n'a pas pu modifier les paramètres : Erreur générale de refus d'accès (0x80070005). "
        "(ID d'ordinateur virtuel {id})",
    },
    "permission": {
        "en": "You do not have the required permission to complete this task. Contact the administrator of the "
        "authorization policy for the computer '{host}'.",
        "de": "Sie verfügen nicht über die erforderliche Berechtigung für diese Aufgabe. Wenden Sie sich an den "
        "Administrator der Autorisierungsrichtlinie für den Computer '{host}'.",
        "fr": "Vous n'avez pas l'autorisation requise pour effectuer cette tâche. Contactez l'administrateur de la "
        "stratégie d'autorisation de l'ordinateur «\xa0{host}\xa0».",
    },
    "object_not_found": {
        "en": "Hyper-V encountered an error trying to access an object on computer '{host}' because the object was not "
        "found. The object might have been deleted, or you might not have permission to perform the task. Verify that "
        "the Virtual Machine Management service on the computer is running. If the service is running, try to perform "
        "the task again by using Run as Administrator.",
        "de": "Fehler beim Zugreifen auf ein Objekt auf dem Computer '{host}', da das Objekt nicht gefunden wurde. "
        "Möglicherweise wurde das Objekt gelöscht, oder Sie sind nicht zum Ausführen der Aufgabe berechtigt. "
        "Vergewissern Sie sich, dass der Dienst 'Hyper-V-Verwaltung für virtuelle Computer' auf dem Computer "
        "ausgeführt wird.",
        "fr": "Hyper-V a rencontré une erreur lors de l'accès à un objet sur l'ordinateur «\xa0{host}\xa0», car "
        "l'objet est introuvable. Il a peut-être été supprimé, ou vous n'êtes peut-être pas autorisé à effectuer la "
        "tâche. Vérifiez que le service de gestion d'ordinateurs virtuels s'exécute sur l'ordinateur.",
    },
    "busy": {
        "en": "The operation cannot be performed while the object is in use.",
        "de": "Der Vorgang kann nicht ausgeführt werden, während das Objekt verwendet wird.",
        "fr": "L'opération ne peut pas être effectuée pendant que l'objet est utilisé.",
    },
    "timeout": {
        "en": "The operation timed out.",
        "de": "Zeitüberschreitung beim Vorgang.",
        "fr": "L'opération a expiré.",
    },
    "out_of_memory": {
        "en": "Not enough memory in the system to complete the operation.",
        "de": "Im System ist nicht genügend Arbeitsspeicher vorhanden, um den Vorgang abzuschließen.",
        "fr": "Mémoire insuffisante dans le système pour effectuer l'opération.",
    },
    "shutdown_not_ready": {
        "en": "'{name}' failed to shut down. (Virtual machine ID {id})\r\n\r\nThe Shutdown integration service is either "
        "not enabled, not running or not initialized. (Virtual machine ID {id})",
        "de": "Fehler beim Herunterfahren von '{name}'. (ID des virtuellen Computers {id})\r\n\r\nDer Integrationsdienst "
        "für das Herunterfahren ist nicht aktiviert, wird nicht ausgeführt oder ist nicht initialisiert.",
    },
    "shutdown_refused": {
        "en": "'{name}' failed to shut down. (Virtual machine ID {id})\r\n\r\nThe guest operating system refused the "
        "request: The device is not ready for use. (0x800710DF). (Virtual machine ID {id})",
        "de": "Fehler beim Herunterfahren von '{name}'. (ID des virtuellen Computers {id})\r\n\r\nDas Gastbetriebssystem "
        "hat die Anforderung abgelehnt: Das Gerät ist nicht betriebsbereit. (0x800710DF).",
    },
    "shutdown_timeout": {
        "en": "'{name}' failed to shut down. (Virtual machine ID {id})\r\n\r\nThe guest operating system did not shut down "
        "in time: This operation returned because the timeout period expired. (0x800705B4). (Virtual machine ID {id})",
        "de": "Fehler beim Herunterfahren von '{name}'. (ID des virtuellen Computers {id})\r\n\r\nDas Gastbetriebssystem "
        "wurde nicht rechtzeitig heruntergefahren: Zeitüberschreitung. (0x800705B4).",
    },
    "copy_failed": {
        "en": "Failed to initiate copying files to the guest.\r\n\r\n'{name}' failed to initiate copying files to the guest: "
        "{reason} (0x{code}).",
        "de": "Fehler beim Initiieren des Kopierens von Dateien auf den Gast.\r\n\r\nFehler von '{name}' beim Initiieren des "
        "Kopierens von Dateien auf den Gast: {reason} (0x{code}).",
    },
    "already_in_state": {
        "en": "The virtual machine is already in the specified state.",
        "de": "Der virtuelle Computer befindet sich bereits im angegebenen Zustand.",
        "fr": "L'ordinateur virtuel est déjà dans l'état spécifié.",
    },
    # Status descriptions (1.6). Never parsed by modules; present so that scripts can print them.
    "status:2": {"en": "OK", "de": "OK", "fr": "OK", "ja": "OK"},
    "status:3": {"en": "Degraded", "de": "Heruntergestuft", "fr": "Détérioré"},
    "status:6": {"en": "Error", "de": "Fehler", "fr": "Erreur"},
    "status:7": {"en": "Non-Recoverable Error", "de": "Nicht behebbarer Fehler", "fr": "Erreur irrécupérable"},
    "status:12": {"en": "No Contact", "de": "Kein Kontakt", "fr": "Aucun contact"},
    "status:13": {"en": "Lost Communication", "de": "Kommunikation verloren", "fr": "Communication perdue"},
    "status:15": {"en": "Paused", "de": "Angehalten", "fr": "En pause"},
    "status:32775": {
        "en": "The protocol version of the component installed in the virtual machine does not match the version "
        "expected by the hosting system",
        "de": "Die Protokollversion der im virtuellen Computer installierten Komponente stimmt nicht mit der vom "
        "Hostsystem erwarteten Version überein",
        "fr": "La version de protocole du composant installé sur l'ordinateur virtuel ne correspond pas à la version "
        "attendue par le système hôte",
    },
    "status:32782": {
        "en": "Application Critical State",
        "de": "Kritischer Anwendungszustand",
        "fr": "État critique de l'application",
    },
    "status:32783": {
        "en": "Communication Timed Out",
        "de": "Zeitüberschreitung bei der Kommunikation",
        "fr": "Délai de communication dépassé",
    },
    "status:32784": {
        "en": "Communication Failed",
        "de": "Fehler bei der Kommunikation",
        "fr": "Échec de la communication",
    },
    "status:32896": {"en": "Disabled", "de": "Deaktiviert", "fr": "Désactivé"},
    "vm_status:2": {
        "en": "Operating normally",
        "de": "Normaler Betrieb",
        "fr": "Fonctionnement normal",
        "ja": "正常稼働中",
    },
    "vm_status:3": {"en": "Degraded", "de": "Heruntergestuft", "fr": "Détérioré"},
    # Captions of CIM classes (3.1): the German ones are (M).
    "cim:machine": {"en": "Virtual Machine", "de": "Virtueller Computer", "fr": "Ordinateur virtuel"},
    "cim:machine_description": {
        "en": "Microsoft Virtual Machine",
        "de": "Virtueller Microsoft-Computer",
        "fr": "Ordinateur virtuel Microsoft",
    },
    "cim:hosting": {
        "en": "Hosting Computer System",
        "de": "Hostcomputersystem",
        "fr": "Système informatique hôte",
    },
    "cim:settings": {
        "en": "Virtual Machine Settings",
        "de": "Einstellungen für virtuellen Computer",
        "fr": "Paramètres de l'ordinateur virtuel",
    },
    "cim:vmms": {
        "en": "Hyper-V Virtual Machine Management",
        "de": "Hyper-V-Verwaltung für virtuelle Computer",
        "fr": "Gestion d'ordinateurs virtuels Hyper-V",
    },
    "cim:job": {
        "en": "Modifying Virtual Machine Resources",
        "de": "Ressourcen des virtuellen Computers werden geändert",
        "fr": "Modification des ressources de l'ordinateur virtuel",
    },
    "cim:job_failed": {
        "en": "'{name}' failed to modify resources. (Virtual machine ID {id})",
        "de": "Fehler bei '{name}' beim Ändern von Ressourcen. (ID des virtuellen Computers {id})",
        "fr": "'{name}' n'a pas pu modifier les ressources. (ID d'ordinateur virtuel {id})",
    },
    "group:administrators": {"en": "Administrators", "de": "Administratoren", "fr": "Administrateurs"},
    "group:hyperv_administrators": {
        "en": "Hyper-V Administrators",
        "de": "Hyper-V-Administratoren",
        "fr": "Administrateurs Hyper-V",
    },
    "group:remote_management_users": {
        "en": "Remote Management Users",
        "de": "Remoteverwaltungsbenutzer",
        "fr": "Utilisateurs de gestion à distance",
    },
    "group:users": {"en": "Users", "de": "Benutzer", "fr": "Utilisateurs"},
}


def primary_language(language: str) -> str:
    """The primary subtag of a language tag: ``de-DE`` -> ``de``."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def component_name(key: str, language: str) -> str:
    """Display name of a component as the VMMS of a host with that system language gives it.

    Raises:
        KeyError: the component key is unknown.
    """
    names = COMPONENT_NAMES.get(primary_language(language), COMPONENT_NAMES["en"])
    return names[key]


def text(key: str, language: str, **values: object) -> str:
    """A message in the host's language, English where that language has no text.

    Raises:
        KeyError: the key is unknown; an unknown key is a defect of the simulator, never a user's mistake.
    """
    variants = _MESSAGES[key]
    return variants.get(primary_language(language), variants["en"]).format(**values)
