# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Security``: secure strings, credentials, hashes, identities; ``Marshal`` as far as secrets need it."""

from __future__ import annotations

import hashlib
import hmac as hmac_module
import re
import secrets
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.streams import Stream
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument, put_bytes
from hvsim.runtime import types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_getter, static_method
from hvsim.runtime.structs import NetworkCredential, PSCredential, SecureString
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_SECURE = "System.Security.SecureString"
_CREDENTIAL = "System.Management.Automation.PSCredential"
_NETWORK = "System.Net.NetworkCredential"


# --- SecureString -------------------------------------------------------------------------------------------------


def _usable(self: SecureString, *, change: bool = False) -> SecureString:
    if self.disposed:
        raise net_error(
            "System.ObjectDisposedException", "Cannot access a disposed object.\nObject name: 'System.Security.SecureString'."
        )
    if change and self.read_only:
        raise net_error("System.InvalidOperationException", "Instance is read-only.")
    return self


def _index(self: SecureString, index: int) -> None:
    if not 0 <= index < len(self.text):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
        )


@constructor(_SECURE)
def _new_secure(net_type: NetType) -> SecureString:
    return SecureString()


getter(_SECURE, "Length")(lambda self: len(_usable(self).text))
method(_SECURE, "IsReadOnly")(lambda self: _usable(self).read_only)


@method(_SECURE, "AppendChar")
def _append(self: SecureString, char: Any) -> None:
    _usable(self, change=True).text += char.text


@method(_SECURE, "InsertAt")
def _insert_at(self: SecureString, index: int, char: Any) -> None:
    _usable(self, change=True)
    if index != len(self.text):
        _index(self, index)
    self.text = self.text[:index] + char.text + self.text[index:]


@method(_SECURE, "RemoveAt")
def _remove_at(self: SecureString, index: int) -> None:
    _index(_usable(self, change=True), index)
    self.text = self.text[:index] + self.text[index + 1 :]


@method(_SECURE, "SetAt")
def _set_at(self: SecureString, index: int, char: Any) -> None:
    _index(_usable(self, change=True), index)
    self.text = self.text[:index] + char.text + self.text[index + 1 :]


@method(_SECURE, "Clear")
def _clear(self: SecureString) -> None:
    _usable(self, change=True).text = ""


@method(_SECURE, "Copy")
def _copy(self: SecureString) -> SecureString:
    return SecureString(_usable(self).text)


@method(_SECURE, "MakeReadOnly")
def _make_read_only(self: SecureString) -> None:
    _usable(self).read_only = True


@method(_SECURE, "Dispose")
def _dispose(self: SecureString) -> None:
    self.text = ""
    self.disposed = True


# --- credentials --------------------------------------------------------------------------------------------------


@constructor(_CREDENTIAL)
def _new_credential(net_type: NetType, user: Any, password: SecureString | None = None) -> PSCredential:
    if not isinstance(user, str):
        raise Unsupported("PSCredential from an object")
    if not user:
        raise net_error(
            "System.Management.Automation.PSArgumentException",
            'Cannot process argument because the value of argument "userName" is not valid. Change the value of the '
            '"userName" argument and run the operation again.',
        )
    if password is None:
        raise net_error(
            "System.Management.Automation.PSArgumentNullException",
            'Cannot process argument because the value of argument "password" is null. Change the value of argument '
            '"password" to a non-null value.',
        )
    return PSCredential(user, password)


@static_getter(_CREDENTIAL, "Empty")
def _empty_credential() -> PSCredential:
    return _EMPTY


# One object: scripts compare with it by identity.
_EMPTY = PSCredential(None, SecureString())  # type: ignore[arg-type]


getter(_CREDENTIAL, "UserName")(lambda self: self.user_name)
getter(_CREDENTIAL, "Password")(lambda self: self.password)


def split_user(name: str) -> tuple[str, str]:
    """(user, domain) of ``DOMAIN\\user``; ``user@domain`` stays whole.

    Raises:
        PSError: more than one backslash.
    """
    if name.count("\\") > 1:
        raise net_error(
            "System.Management.Automation.PSArgumentException",
            'Cannot process argument because the value of argument "UserName" is not valid. Change the value of the '
            '"UserName" argument and run the operation again.',
        )
    if "\\" in name:
        domain, _, user = name.partition("\\")
        return user, domain
    user, at, domain = name.rpartition("@")
    # A domain with a dot is part of a user principal name, which stays whole.
    return (user, domain) if at and "." not in domain else (name, "")


@method(_CREDENTIAL, "GetNetworkCredential")
def _network_credential(self: PSCredential) -> NetworkCredential:
    user, domain = split_user(self.user_name or "")
    return NetworkCredential(user, self.password.text, domain)


@constructor(_NETWORK)
def _new_network(net_type: NetType, user: str | None = None, password: Any = "", domain: str | None = "") -> NetworkCredential:
    text = password.text if isinstance(password, SecureString) else password
    return NetworkCredential(user or "", text or "", domain or "")


getter(_NETWORK, "UserName")(lambda self: self.user_name)
getter(_NETWORK, "Password")(lambda self: self.password)
getter(_NETWORK, "Domain")(lambda self: self.domain)
getter(_NETWORK, "SecurePassword")(lambda self: SecureString(self.password))


@setter(_NETWORK, "UserName")
def _set_user(self: NetworkCredential, value: str) -> None:
    self.user_name = value or ""


@setter(_NETWORK, "Password")
def _set_password(self: NetworkCredential, value: str) -> None:
    self.password = value or ""


@setter(_NETWORK, "Domain")
def _set_domain(self: NetworkCredential, value: str) -> None:
    self.domain = value or ""


# --- Marshal: secrets only ----------------------------------------------------------------------------------------

_MARSHAL = "System.Runtime.InteropServices.Marshal"


class Pointer(NetObject):
    """An ``IntPtr`` to the text of a secure string."""

    __slots__ = ("text",)
    NET = "System.IntPtr"

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "Pointer(***)"


def _to_pointer(value: SecureString) -> Pointer:
    if value is None:
        raise null_argument("s")
    return Pointer(_usable(value).text)


for _name in ("SecureStringToBSTR", "SecureStringToGlobalAllocUnicode", "SecureStringToCoTaskMemUnicode"):
    static_method(_MARSHAL, _name, overloads=["(securestring) -> System.IntPtr"])(_to_pointer)
for _name in ("PtrToStringAuto", "PtrToStringBSTR", "PtrToStringUni"):
    static_method(_MARSHAL, _name, overloads=["(System.IntPtr) -> string"])(lambda pointer: pointer.text)
for _name in ("ZeroFreeBSTR", "ZeroFreeGlobalAllocUnicode", "ZeroFreeCoTaskMemUnicode", "FreeBSTR"):
    static_method(_MARSHAL, _name, overloads=["(System.IntPtr) -> void"])(lambda pointer: None)


# --- hashes -------------------------------------------------------------------------------------------------------

_CRYPTO = "System.Security.Cryptography."
_PIECE = 1 << 20
_ALGORITHMS = {"SHA1": 160, "SHA256": 256, "SHA384": 384, "SHA512": 512, "MD5": 128}


class HashAlgorithm(NetObject):
    """A hash or, with a key, an HMAC."""

    __slots__ = ("algorithm", "disposed", "key", "net_type", "pending", "result")

    def __init__(self, algorithm: str, net_type: NetType, key: bytes | None = None) -> None:
        self.algorithm = algorithm
        self.net_type = net_type
        self.key = key
        self.result: bytes | None = None
        self.pending: Any = None
        self.disposed = False

    def start(self) -> Any:
        """A computation as ``hashlib`` has them."""
        if self.disposed:
            raise net_error("System.ObjectDisposedException", "Safe handle has been closed.\nObject name: 'SafeHandle'.")
        name = self.algorithm.lower()
        if self.key is not None:
            return hmac_module.new(self.key, digestmod=name)
        return hashlib.new(name, usedforsecurity=False)

    def digest(self, data: Any) -> bytes:
        """The hash of bytes, or of what a stream still has to give."""
        state = self.start()
        if isinstance(data, Stream):
            while piece := data.read(_PIECE):
                state.update(piece)
        else:
            state.update(data)
        result: bytes = state.digest()
        return result


def _implementation(algorithm: str) -> HashAlgorithm:
    return HashAlgorithm(algorithm, types.get(f"{_CRYPTO}{algorithm}+Implementation"))


def _data(value: Any, name: str = "buffer") -> Any:
    if value is None:
        raise null_argument(name)
    return value if isinstance(value, Stream) else data_of(value)


def _part(value: Any, start: int, count: int) -> bytes:
    if value is None:
        raise null_argument("buffer")
    return data_of(value, start, count)


def _register_hash(algorithm: str) -> None:
    name = _CRYPTO + algorithm
    static_method(name, "Create", overloads=[f"() -> {name}"])(lambda: _implementation(algorithm))
    static_method(name, "HashData", overloads=["(byte[]) -> byte[]", "(System.IO.Stream) -> byte[]"])(
        lambda data: bytes_array(_implementation(algorithm).digest(_data(data, "source")))
    )
    hmac_name = f"{_CRYPTO}HMAC{algorithm}"

    def new_hmac(net_type: NetType, key: Any = None) -> HashAlgorithm:
        return HashAlgorithm(algorithm, net_type, data_of(key) if key is not None else secrets.token_bytes(64))

    constructor(hmac_name, overloads=["()", "(byte[])"])(new_hmac)


for _algorithm in _ALGORITHMS:
    _register_hash(_algorithm)
for _alias in ("SHA1Managed", "SHA256Managed", "SHA512Managed"):
    constructor(_CRYPTO + _alias, overloads=["()"])(
        lambda net_type: HashAlgorithm(net_type.name.removesuffix("Managed"), net_type)
    )

for _algorithm in _ALGORITHMS:
    _csp = f"{_CRYPTO}{_algorithm}CryptoServiceProvider"
    if not types.known(_csp):
        types.register(NetType(_csp, _CRYPTO + _algorithm))
    constructor(_csp, overloads=["()"])(
        lambda net_type: HashAlgorithm(net_type.name.removesuffix("CryptoServiceProvider"), net_type)
    )

_HASH = _CRYPTO + "HashAlgorithm"


@static_method(_HASH, "Create", overloads=["(string) -> System.Security.Cryptography.HashAlgorithm"])
def _create_hash(name: str) -> HashAlgorithm | None:
    plain = (name or "").upper().replace("-", "").rpartition(".")[2]
    return _implementation(plain) if plain in _ALGORITHMS else None


@method(
    _HASH,
    "ComputeHash",
    overloads=["(byte[]) -> byte[]", "(byte[], int, int) -> byte[]", "(System.IO.Stream) -> byte[]"],
)
def _compute(self: HashAlgorithm, value: Any, *span: int) -> Array:
    data = _part(value, *span) if span else _data(value)
    self.result = self.digest(data)
    return bytes_array(self.result)


@method(_HASH, "TransformBlock", overloads=["(byte[], int, int, byte[], int) -> int"])
def _transform(self: HashAlgorithm, value: Any, start: int, count: int, _target: Any, _at: int) -> int:
    if self.pending is None:
        self.pending = self.start()
    self.pending.update(_part(value, start, count))
    return count


@method(_HASH, "TransformFinalBlock", overloads=["(byte[], int, int) -> byte[]"])
def _transform_final(self: HashAlgorithm, value: Any, start: int, count: int) -> Array:
    last = _part(value, start, count)
    state = self.start() if self.pending is None else self.pending
    state.update(last)
    self.result = state.digest()
    self.pending = None
    return bytes_array(last)


getter(_HASH, "Hash", type="byte[]")(lambda self: None if self.result is None else bytes_array(self.result))
getter(_HASH, "HashSize", type="int")(lambda self: _ALGORITHMS[self.algorithm])
getter(_HASH, "CanReuseTransform", type="bool")(lambda self: True)
getter(_CRYPTO + "KeyedHashAlgorithm", "Key", type="byte[]")(lambda self: bytes_array(self.key or b""))


@method(_HASH, "Initialize", overloads=["() -> void"])
def _initialize(self: HashAlgorithm) -> None:
    self.pending = None


@method(_HASH, "Dispose", overloads=["() -> void"])
def _dispose_hash(self: HashAlgorithm) -> None:
    self.disposed = True


method(_HASH, "Clear", overloads=["() -> void"])(_dispose_hash)

_RANDOM = _CRYPTO + "RandomNumberGenerator"


class RandomGenerator(NetObject):
    """``RandomNumberGenerator``."""

    __slots__ = ()
    NET = _RANDOM


static_method(_RANDOM, "Create", overloads=[f"() -> {_RANDOM}"])(lambda: RandomGenerator())
constructor(_CRYPTO + "RNGCryptoServiceProvider", overloads=["()"])(lambda net_type: RandomGenerator())


def _fill(target: Any) -> None:
    if target is None:
        raise null_argument("data")
    put_bytes(target, 0, secrets.token_bytes(len(target)))


method(_RANDOM, "GetBytes", overloads=["(byte[]) -> void"])(lambda self, target: _fill(target))
method(_RANDOM, "Dispose", overloads=["() -> void"])(lambda self: None)
static_method(_RANDOM, "Fill", overloads=["(byte[]) -> void"])(_fill)
static_method(_RANDOM, "GetBytes", overloads=["(int) -> byte[]"])(lambda count: bytes_array(secrets.token_bytes(count)))


@static_method(_RANDOM, "GetInt32", overloads=["(int) -> int", "(int, int) -> int"])
def _random_int(first: int, second: int | None = None) -> int:
    low, high = (0, first) if second is None else (first, second)
    return low + secrets.randbelow(high - low)


# --- identities ---------------------------------------------------------------------------------------------------

_SID = "System.Security.Principal.SecurityIdentifier"
_SID_TEXT = re.compile(r"S-1-(\d+|0x[0-9A-Fa-f]+)(-\d+)+", re.IGNORECASE)
WELL_KNOWN = {0: "S-1-0-0", 1: "S-1-1-0", 2: "S-1-2-0", 3: "S-1-3-0", 22: "S-1-5-18", 23: "S-1-5-19", 24: "S-1-5-20", 26: "S-1-5-32-544", 27: "S-1-5-32-545"}  # fmt: skip


class SecurityIdentifier(NetObject):
    """``SecurityIdentifier``: its text form."""

    __slots__ = ("value",)
    NET = _SID

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecurityIdentifier) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def net_text(self, _ctx: Any) -> str:
        return self.value


def _invalid_sid() -> PSError:
    return net_error("System.ArgumentException", "Value was invalid. (Parameter 'sddlForm')")


@constructor(
    _SID,
    overloads=["(string)", "(System.Security.Principal.WellKnownSidType, System.Security.Principal.SecurityIdentifier)"],
    context=True,
)
def _new_sid(ctx: Any, net_type: NetType, value: Any, _domain: Any = None) -> SecurityIdentifier:
    if not ctx.machine.is_windows:
        raise net_error(
            "System.PlatformNotSupportedException", "Windows Principal functionality is not supported on this platform."
        )
    if isinstance(value, EnumValue):
        known = WELL_KNOWN.get(value.value)
        if known is None:
            raise Unsupported(f"WellKnownSidType {types.enum_text(value)}")
        return SecurityIdentifier(known)
    if value is None or _SID_TEXT.fullmatch(value) is None:
        raise _invalid_sid()
    return SecurityIdentifier(value.upper())


getter(_SID, "Value")(lambda self: self.value)


@method(_SID, "Equals")
def _sid_equals(self: SecurityIdentifier, other: Any) -> bool:
    return bool(self == other)


_SECURITY_ELEMENT = "System.Security.SecurityElement"


@static_method(_SECURITY_ELEMENT, "Escape", overloads=["(string) -> string"])
def _escape(text: str | None) -> str | None:
    if text is None:
        return None
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
        text = text.replace(char, entity)
    return text
