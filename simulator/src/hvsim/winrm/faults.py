# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management faults as Windows words them.

Codes and texts: ``wsmerror.h`` of the Windows SDK, [MS-WSMV] 2.2.4.43 and 3.1.4.1. Where hvsim refuses what Windows would
serve, Windows' own code for "not supported" is used and the text goes on with ``hvsim:`` and what is missing.
"""

from __future__ import annotations

OPERATION_TIMED_OUT = 2150858793
SHELL_NOT_FOUND = 2150858843
QUOTA_MAX_SHELLS = 2150859173
QUOTA_MAX_OPERATIONS = 2150859174
ACTION_NOT_SUPPORTED = 2150858771
INVALID_RESOURCE_URI = 2150858811
SCHEMA_VALIDATION = 2150858817
UNSUPPORTED_FEATURE = 2150858818
INVALID_XML = 2150858819
MUST_UNDERSTAND = 2150858768
MISSING_HEADER = 2150858769
INSUFFICIENT_SELECTORS = 2150858842
ACCESS_DENIED = 5
INVALID_PARAMETER = 87
BUSY = 170
OPERATION_ABORTED = 995


class WSManFault(Exception):
    """A fault to be sent to the client.

    Attributes:
        code: ``WSManFault/@Code``.
        subcode: qualified name of the SOAP subcode, e.g. ``w:TimedOut``; may be empty.
        sender: the client is to blame (``s:Sender``), else ``s:Receiver``.
        message: text of ``WSManFault/Message``.
        reason: text of ``Reason``; Windows leaves it equal to the message except for quotas.
        wmi_error: the fault also carries an ``MSFT_WmiError`` with the code (pywinrm reads quotas there).
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: str = "w:InternalError",
        sender: bool = False,
        reason: str | None = None,
        wmi_error: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.sender = sender
        self.reason = message if reason is None else reason
        self.wmi_error = wmi_error


def operation_timed_out() -> WSManFault:
    """No output within ``w:OperationTimeout``; clients ask again."""
    return WSManFault(
        OPERATION_TIMED_OUT,
        "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  ",
        subcode="w:TimedOut",
    )


def shell_not_found(shell_id: str) -> WSManFault:
    return WSManFault(
        SHELL_NOT_FOUND,
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not found on the "
        "server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the server. "
        "Provide the correct ShellId or create a new shell and retry the operation. ",
        subcode="w:InvalidSelectors",
        sender=True,
        reason="The WS-Management service cannot process the request because the request contained invalid selectors for "
        "the resource. ",
    )


def missing_selector() -> WSManFault:
    return WSManFault(
        INSUFFICIENT_SELECTORS,
        "The WS-Management service cannot process the request because the request did not contain all required "
        "selectors. ",
        subcode="w:InvalidSelectors",
        sender=True,
    )


def invalid_parameter(detail: str = "") -> WSManFault:
    return WSManFault(
        INVALID_PARAMETER,
        f"The parameter is incorrect. {detail}".rstrip() + " ",
        subcode="w:InvalidParameter",
        sender=True,
    )


def quota_shells(limit: int) -> WSManFault:
    return WSManFault(
        QUOTA_MAX_SHELLS,
        f"The WS-Management service cannot process the request. This user is allowed a maximum number of {limit} concurrent "
        "shells, which has been exceeded. Close existing shells or raise the quota for this user. ",
        subcode="w:QuotaLimit",
        sender=True,
        reason="The WS-Management service cannot process the request. The maximum number of concurrent shells for this user "
        "has been exceeded. Close existing shells or raise the quota for this user. ",
        wmi_error=True,
    )


def quota_operations(limit: int) -> WSManFault:
    """More commands than ``MaxConcurrentOperationsPerUser``; ansible-core 2.18+ answers by opening a new shell."""
    return WSManFault(
        QUOTA_MAX_OPERATIONS,
        "The WS-Management service cannot process the request. This user has exceeded the maximum number of concurrent "
        f"operations, which is {limit}. Close existing operations for this user, or raise the quota for this user. ",
        subcode="w:QuotaLimit",
        sender=True,
        reason="The WS-Management service cannot process the request. The maximum number of concurrent operations for this "
        "user has been exceeded. Close existing operations for this user, or raise the quota for this user. ",
        wmi_error=True,
    )


def access_denied() -> WSManFault:
    return WSManFault(ACCESS_DENIED, "Access is denied. ", subcode="w:AccessDenied", sender=True)


def busy() -> WSManFault:
    return WSManFault(BUSY, "The requested resource is in use. ", sender=False)


def operation_aborted() -> WSManFault:
    return WSManFault(
        OPERATION_ABORTED,
        "The I/O operation has been aborted because of either a thread exit or an application request. ",
    )


def action_not_supported(action: str) -> WSManFault:
    return WSManFault(
        ACTION_NOT_SUPPORTED,
        f"The WS-Management service does not support the action specified in the request. hvsim: unknown action {action!r}. ",
        subcode="a:ActionNotSupported",
        sender=True,
    )


def not_served(what: str) -> WSManFault:
    """Something Windows serves and hvsim does not."""
    return WSManFault(
        UNSUPPORTED_FEATURE,
        "The WS-Management service does not support the specified feature. Remove the unsupported feature from the request "
        f"and retry. hvsim: {what} ",
        subcode="w:UnsupportedFeature",
        sender=True,
    )


def invalid_resource_uri(uri: str) -> WSManFault:
    return WSManFault(
        INVALID_RESOURCE_URI,
        "The WS-Management service cannot process the request. The resource URI is missing or it has an incorrect format. "
        'Check the documentation or use the following command for information on how to construct a resource URI: "winrm '
        f'help uris". hvsim: unknown resource {uri!r}. ',
        subcode="w:InvalidResourceURI",
        sender=True,
    )


def schema_violation(detail: str) -> WSManFault:
    return WSManFault(
        SCHEMA_VALIDATION,
        "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML and retry. "
        f"hvsim: {detail} ",
        subcode="w:SchemaValidationError",
        sender=True,
    )


def invalid_xml(detail: str) -> WSManFault:
    return WSManFault(
        INVALID_XML,
        f"The WS-Management service cannot process the request because the XML is invalid. hvsim: {detail} ",
        subcode="w:SchemaValidationError",
        sender=True,
    )


def missing_header(name: str) -> WSManFault:
    return WSManFault(
        MISSING_HEADER,
        "The WS-Management service cannot process the request. The request does not have all the expected SOAP headers. "
        f"hvsim: {name} is missing. ",
        subcode="a:MessageInformationHeaderRequired",
        sender=True,
    )


def not_understood(name: str) -> WSManFault:
    return WSManFault(
        MUST_UNDERSTAND,
        "The WS-Management service cannot process a SOAP header in the request that is marked as mustUnderstand by the "
        "client. This could be caused by the use of a version of the protocol which is not supported, or may be an "
        f"incompatibility between the client and server implementations. hvsim: header {name!r}. ",
        subcode="",
        sender=True,
    )
