# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-SecureString, ConvertFrom-SecureString and Get-Credential.

The text of an encrypted standard string differs at every call in PowerShell as well: here it only has to come back.
"""

from __future__ import annotations

import binascii
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.structs import PSCredential, SecureString

_MARK = "01000000d08c9ddf0115d1118c7a00c04fc297eb"
"""How texts that DPAPI encrypted begin; ours carry the text in UTF-16 after it."""


def secure(text: str) -> SecureString:
    """A read-only secure string, as the cmdlets make it."""
    made = SecureString(text)
    made.read_only = True
    return made


@cmdlet("ConvertTo-SecureString", parameters=("String", "AsPlainText", "Force"))
class ConvertToSecureString(Cmdlet):
    def process(self) -> None:
        text: str = self.args["String"]
        if self.arg("AsPlainText") is True:
            if self.ctx.edition == "5.1" and self.arg("Force") is not True:
                raise self.fail(
                    "The system cannot protect plain text input. To suppress this warning and convert the plain text to a "
                    "SecureString, reissue the command specifying the Force parameter. For more information ,type: get-help "
                    "ConvertTo-SecureString.",
                    "ImportSecureString_ForceRequired",
                    "InvalidArgument",
                    kind="System.ArgumentException",
                )
            self.write(secure(text))
            return
        self.write(secure(self._decrypted(text)))

    def _decrypted(self, text: str) -> str:
        try:
            data = binascii.unhexlify(text.encode("ascii", "strict"))
            if not text.startswith(_MARK):
                raise ValueError(text)
            return data[len(_MARK) // 2 :].decode("utf-16-le", "surrogatepass")
        except (ValueError, UnicodeError):
            raise self._bad(text) from None

    def _bad(self, text: str) -> PSError:
        if self.ctx.edition == "5.1":
            return self.fail("Input string was not in a correct format.", "ImportSecureString_InvalidArgument_CryptographicError", "InvalidArgument",
                             kind="System.FormatException")  # fmt: skip
        return self.fail(
            f'The parameter value "{text}" is not a valid encrypted string.',
            "ImportSecureString_InvalidArgument",
            "InvalidArgument",
            kind="System.Management.Automation.PSArgumentException",
        )


@cmdlet("ConvertFrom-SecureString", parameters=("SecureString", "AsPlainText"))
class ConvertFromSecureString(Cmdlet):
    def process(self) -> None:
        value: SecureString = self.args["SecureString"]
        if self.arg("AsPlainText") is True:
            if self.ctx.edition == "5.1":
                raise Unsupported("ConvertFrom-SecureString -AsPlainText in Windows PowerShell 5.1 (it does not exist there)")
            self.write(value.text)
            return
        self.write(_MARK + binascii.hexlify(value.text.encode("utf-16-le", "surrogatepass")).decode("ascii"))


@cmdlet("Get-Credential", parameters=("Credential",))
class GetCredential(Cmdlet):
    """Hands a credential on; asking for one is refused, since nobody can answer."""

    def begin(self) -> None:
        given: Any = self.arg("Credential")
        if not isinstance(given, PSCredential):
            raise Unsupported("Get-Credential without a credential (nobody can answer)")
        self.write(given)


