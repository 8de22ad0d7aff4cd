# SPDX-License-Identifier: GPL-3.0-or-later
"""Character classes of PowerShell's tokenizer, as parts of regular expressions and as sets."""

from __future__ import annotations

WHITESPACE = " \t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space without line ends, inside ``[...]``."""

END_TOKEN = WHITESPACE + "\\0\r\n&(),;{|}"
"""What ends a bare word, inside ``[...]``."""

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'
DASHES = "-\u2013\u2014\u2015"

# \w has also the numbers that are no decimal digits (categories No and Nl); .NET's IsLetterOrDigit has not.
_NOT_WORD = (
    "\u00b2-\u00b3\u00b9\u00bc-\u00be\u09f4-\u09f9\u0b72-\u0b77\u0bf0-\u0bf2\u0c78-\u0c7e\u0d58-\u0d5e\u0d70-\u0d78"
    "\u0f2a-\u0f33\u1369-\u137c\u16ee-\u16f0\u17f0-\u17f9\u19da\u2070\u2074-\u2079\u2080-\u2089\u2150-\u2182"
    "\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u2cfd\u3007\u3021-\u3029\u3038-\u303a\u3192-\u3195"
    "\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\ua6e6-\ua6ef\ua830-\ua835"
)
WORD = f"[^\\W{_NOT_WORD}]"
"""A letter, digit or underscore."""

_WHITESPACE_CHARS = frozenset(
    " \t\v\f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
TOKEN_ENDS = _WHITESPACE_CHARS | frozenset("\0\r\n&(),;{|}")
TRIVIA_STARTS = _WHITESPACE_CHARS | frozenset("#<`")
BLANKS_AND_ENDS = _WHITESPACE_CHARS | frozenset("\0\r\n")
NUMBER_ENDS = frozenset("!#%*+-./<=>]\u2013\u2014\u2015")


def is_variable_start(char: str) -> bool:
    """Whether *char* may follow ``$`` in a variable without braces."""
    return char in "$?^:_" or char.isalpha() or char.isdecimal()
