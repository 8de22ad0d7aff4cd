# SPDX-License-Identifier: GPL-3.0-or-later
"""``DefaultParameterDictionary``: what ``$PSDefaultParameterValues`` holds at first. It checks its keys when they are added; a
hashtable that a script puts in its place is checked when a command is bound (``binding/preset.py``). Texts are those of
ParameterBinderStrings.resx."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary, Hashtable
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.members import constructor

_NAME = "System.Management.Automation.DefaultParameterDictionary"
_SINGLE, _DOUBLE = "['\u2018-\u201b]", '["\u201c-\u201e]'
_QUOTED = rf"{_SINGLE}([^'\u2018-\u201b]*){_SINGLE}|{_DOUBLE}([^\"\u201c-\u201e]*){_DOUBLE}"
#: The command in the groups 1 to 3, the parameter in 4 to 6.
_KEY = re.compile(rf"(?:{_QUOTED}|([^:'\"\u2018-\u201e][^:]*))\s*:\s*(?:{_QUOTED}|(?!\s)([^'\"\u2018-\u201e].*))\Z", re.DOTALL)


def parts(key: str) -> tuple[str, str] | None:
    """Command and parameter of a key ``command:parameter``, either of them perhaps in quotes; None if it is not valid."""
    found = _KEY.match(key.strip())
    if found is None:
        return None
    command, parameter = ("".join(filter(None, found.groups()[start : start + 3])).strip() for start in (0, 3))
    return (command, parameter) if command and parameter else None


def is_valid(key: str) -> bool:
    """Whether a key names a command and a parameter, or is ``Disabled``."""
    return parts(key) is not None or key.strip().lower() == "disabled"


def bad_format(keys: list[str]) -> str:
    """What is said about keys that are not valid."""
    text = ", ".join(keys)
    words = f"The keys '{text}' do not have valid formats." if len(keys) > 1 else f"The key '{text}' does not have a valid format."
    return (
        f"{words} For information about the correct format, see about_Parameters_Default_Values at "
        "https://go.microsoft.com/fwlink/?LinkId=228266."
    )


def _invalid(keys: list[str]) -> PSError:
    return runtime_error("InvalidOperation", bad_format(keys), kind="System.Management.Automation.PSInvalidOperationException")


def _argument_error(text: str) -> PSError:
    return runtime_error(
        "Argument",
        f"{text} (Parameter 'key')",
        kind="System.Management.Automation.PSArgumentException",
        category="InvalidArgument",
    )


@types.net_class(_NAME, base="System.Collections.Hashtable")
class DefaultParameterDictionary(Hashtable):
    """Its keys are strings without blanks around them."""

    __slots__ = ()
    NET: ClassVar[str] = _NAME

    def _key(self, key: Any) -> Any:
        return super()._key(key.strip() if isinstance(key, str) else key)

    def set(self, key: Any, value: Any) -> None:
        """Replace or append.

        Raises:
            PSError: ``PSInvalidOperationException`` for a new key that is not valid, ``PSArgumentException`` for one that is no string.
        """
        super().set(self._checked(key), value)

    def add(self, key: Any, value: Any) -> bool:
        """Append.

        Raises:
            PSError: as :meth:`set`; ``PSArgumentException`` for a key that exists.
        """
        if isinstance(key, str) and self.contains(key):
            raise _argument_error(f"The key '{key}' has already been added to the dictionary.")
        return super().add(self._checked(key), value)

    def _checked(self, key: Any) -> str:
        if not isinstance(key, str):
            full_name = types.of(key).full_name
            from hvsim.runtime import convert

            shown = convert.net_string(None, key)
            raise _argument_error(
                f"The key '{shown}' of type '{full_name}' is not a string value. DefaultParameterDictionary only accepts string value keys."
            )
        if not self.contains(key) and not is_valid(key):
            raise _invalid([key])
        return key.strip()


@constructor(_NAME, overloads=["()", "(System.Collections.IDictionary)"])
def _new(_net_type: Any, source: Dictionary | None = None) -> DefaultParameterDictionary:
    found = DefaultParameterDictionary()
    if source is None:
        return found
    keys = [key for key, _ in source.items()]
    if not all(isinstance(key, str) for key in keys):
        raise Unsupported("a DefaultParameterDictionary out of a dictionary with keys that are no strings")
    bad = [key for key in keys if not is_valid(key)]
    if bad:
        raise _invalid(bad)
    for key, value in source.items():
        found.set(key, value)
    return found
