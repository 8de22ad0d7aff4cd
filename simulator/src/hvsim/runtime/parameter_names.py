# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of parameters that messages mention ("Cannot convert argument ..."); the recorded metadata has none.

From the class library's documentation. Key ``Type.Method`` or ``Type.Method/count``; ``*.Method`` holds for all types.
A name that is not here shows as the parameter's position, which is what PowerShell does for its internal calls.
"""

from __future__ import annotations

from hvsim.runtime.types import NetType

_NAMES = """
System.String.Substring startIndex length
System.String.IndexOf value startIndex count comparisonType
System.String.LastIndexOf value startIndex count comparisonType
System.String.IndexOfAny anyOf startIndex count
System.String.Insert startIndex value
System.String.Remove startIndex count
System.String.Replace/2 oldChar newChar
System.String.Replace/3 oldValue newValue comparisonType
System.String.PadLeft totalWidth paddingChar
System.String.PadRight totalWidth paddingChar
System.String.Split/2 separator options
System.String.Split/3 separator count options
System.String.StartsWith value comparisonType
System.String.EndsWith value comparisonType
System.String.Contains value comparisonType
System.String.Equals value comparisonType
System.String.CompareTo strB
System.String.Compare strA strB comparisonType
System.String.Join separator values
System.String.Format format args
System.String.ToCharArray startIndex length
System.String.CopyTo sourceIndex destination destinationIndex count
System.String.Trim trimChars
System.String.TrimStart trimChars
System.String.TrimEnd trimChars
System.String..ctor/2 c count
System.String..ctor/1 value
System.Math.Round/1 a
System.Math.Round/2 value digits
System.Math.Round/3 value digits mode
System.Math.Abs value
System.Math.Max val1 val2
System.Math.Min val1 val2
System.Math.Pow x y
System.Math.Sqrt d
System.Math.Floor d
System.Math.Ceiling a
System.Math.Truncate d
System.Math.Sign value
System.Math.Log/1 d
System.Math.Log/2 a newBase
System.Math.Log10 d
System.Math.Exp d
System.Math.Sin a
System.Math.Cos d
System.Math.Tan a
System.Math.Clamp value min max
System.Math.DivRem/2 left right
System.Math.DivRem/3 a b result
System.DateTime..ctor/1 ticks
System.DateTime..ctor year month day hour minute second millisecond
System.DateTime.DaysInMonth year month
System.DateTime.IsLeapYear year
System.DateTime.AddDays value
System.DateTime.AddHours value
System.DateTime.AddMinutes value
System.DateTime.AddSeconds value
System.DateTime.AddMilliseconds value
System.DateTime.AddMonths months
System.DateTime.AddYears value
System.DateTime.AddTicks value
System.DateTime.Add value
System.DateTime.Subtract value
System.DateTime.Parse s provider styles
System.DateTime.ParseExact s format provider style
System.TimeSpan..ctor/1 ticks
System.TimeSpan..ctor/3 hours minutes seconds
System.TimeSpan..ctor/4 days hours minutes seconds
System.TimeSpan..ctor/5 days hours minutes seconds milliseconds
System.TimeSpan.FromDays value
System.TimeSpan.FromHours value
System.TimeSpan.FromMinutes value
System.TimeSpan.FromSeconds value
System.TimeSpan.FromMilliseconds value
System.Guid..ctor/1 g
System.Guid.Parse input
System.Version..ctor/1 version
System.Version..ctor major minor build revision
System.Collections.ArrayList.Insert index value
System.Collections.ArrayList.InsertRange index c
System.Collections.ArrayList.RemoveAt index
System.Collections.ArrayList.RemoveRange index count
System.Collections.ArrayList.AddRange c
System.Collections.ArrayList.GetRange index count
System.Collections.ArrayList.Add value
System.Collections.ArrayList.IndexOf value startIndex count
System.Collections.ArrayList..ctor/1 capacity
System.Collections.Generic.List`1.Add item
System.Collections.Generic.List`1.AddRange collection
System.Collections.Generic.List`1.Insert index item
System.Collections.Generic.List`1.InsertRange index collection
System.Collections.Generic.List`1.Remove item
System.Collections.Generic.List`1.RemoveAt index
System.Collections.Generic.List`1.RemoveRange index count
System.Collections.Generic.List`1.RemoveAll match
System.Collections.Generic.List`1.Contains item
System.Collections.Generic.List`1.IndexOf item index count
System.Collections.Generic.List`1.GetRange index count
System.Collections.Generic.List`1.Find match
System.Collections.Generic.List`1.FindAll match
System.Collections.Generic.List`1.Exists match
System.Collections.Generic.List`1.ForEach action
System.Collections.Generic.Dictionary`2.Add key value
System.Collections.Generic.Dictionary`2.ContainsKey key
System.Collections.Generic.Dictionary`2.ContainsValue value
System.Collections.Generic.Dictionary`2.Remove key value
System.Collections.Generic.Dictionary`2.TryGetValue key value
System.Collections.Generic.Dictionary`2.TryAdd key value
System.Collections.Generic.HashSet`1.Add item
System.Collections.Generic.HashSet`1.Contains item
System.Collections.Generic.HashSet`1.Remove item
System.Collections.Generic.HashSet`1.UnionWith other
System.Collections.Generic.HashSet`1.ExceptWith other
System.Collections.Generic.HashSet`1.IntersectWith other
System.Collections.Generic.HashSet`1.SetEquals other
System.Collections.Generic.HashSet`1.Overlaps other
System.Collections.Generic.HashSet`1.IsSubsetOf other
System.Collections.Generic.HashSet`1.IsSupersetOf other
System.Collections.Generic.Queue`1.Enqueue item
System.Collections.Generic.Stack`1.Push item
System.Text.StringBuilder.Insert index value
System.Text.StringBuilder.Remove startIndex length
System.Text.StringBuilder.Append value repeatCount
System.Text.StringBuilder.Replace oldValue newValue
System.Convert.FromBase64String s
System.Convert.ToBase64String inArray
System.Threading.Thread.Sleep millisecondsTimeout
System.Array.GetValue index
System.Array.GetLength dimension
System.Enum.Parse enumType value ignoreCase
System.Enum.GetNames enumType
System.Enum.GetValues enumType
System.Enum.IsDefined enumType value
*.Parse s provider
*.Equals/1 obj
*.ToUpper culture
*.ToLower culture
*.CompareTo value
*.ToString/1 format
*.ToString/2 format provider
*.CopyTo array index
*.Contains item
*.Remove item
*.GetValue index
*.ContainsKey key
*.ContainsValue value
*.HasFlag flag
System.Collections.Hashtable.Add key value
System.Collections.Hashtable.Contains key
System.Collections.Hashtable.Remove key
System.Collections.Hashtable.CopyTo array arrayIndex
System.Collections.ArrayList.Contains item
System.Collections.ArrayList.Remove obj
System.Collections.ArrayList.CopyTo/1 array
System.Collections.ArrayList.CopyTo/2 array arrayIndex
System.Collections.Specialized.OrderedDictionary.Add key value
System.Collections.Specialized.OrderedDictionary.Insert index key value
System.Collections.Specialized.OrderedDictionary.RemoveAt index
System.Collections.Specialized.OrderedDictionary.Remove key
System.Collections.Specialized.OrderedDictionary.Contains key
System.Management.Automation.PSCustomObject.Equals/1 obj
System.Object.Equals/1 obj
System.Object.Equals/2 objA objB
System.Object.ReferenceEquals objA objB
System.Array.SetValue/2 value index
System.Array.Clear array index length
System.Array.Copy/3 sourceArray destinationArray length
System.Array.Copy/5 sourceArray sourceIndex destinationArray destinationIndex length
System.Array.IndexOf array value startIndex count
System.Array.Resize array newSize
System.Array.Reverse array index length
System.Array.CreateInstance/2 elementType length
System.Version.CompareTo value
System.TimeSpan.Add ts
System.TimeSpan.Subtract ts
System.IO.Path.Combine/2 path1 path2
System.IO.Path.Combine/3 path1 path2 path3
System.IO.File.ReadAllText path encoding
System.IO.File.ReadAllLines path encoding
System.IO.File.ReadAllBytes path
System.IO.File.Exists path
System.IO.File.Delete path
System.IO.File.WriteAllText path contents encoding
System.IO.File.WriteAllLines path contents encoding
System.IO.File.WriteAllBytes path bytes
System.IO.MemoryStream.Write buffer offset count
System.IO.MemoryStream.Read buffer offset count
System.IO.MemoryStream.WriteByte value
System.Text.Encoding.GetBytes/1 s
System.Text.Encoding.GetString/1 bytes
System.Text.Encoding.GetString/3 bytes index count
System.Text.RegularExpressions.Regex.IsMatch/1 input
System.Text.RegularExpressions.Regex.IsMatch/2 input pattern
System.Text.RegularExpressions.Regex.IsMatch/3 input pattern options
System.Text.RegularExpressions.Regex.Match/1 input
System.Text.RegularExpressions.Regex.Match/2 input pattern
System.Text.RegularExpressions.Regex.Match/3 input pattern options
System.Text.RegularExpressions.Regex.Replace/2 input replacement
System.Text.RegularExpressions.Regex.Replace/3 input pattern replacement
System.Security.SecureString.AppendChar c
System.Net.IPAddress..ctor/1 address
System.Security.Cryptography.SHA256.ComputeHash buffer offset count
"""

_table: dict[str, tuple[str, ...]] = {}
for _line in _NAMES.strip().splitlines():
    _key, *_words = _line.split()
    _table[_key] = tuple(_words)


def parameter_name(owner: NetType, method: str, count: int, index: int) -> str:
    """The name of a parameter of the overload with *count* parameters, its position where it is not known."""
    own = (owner.definition or owner).full_name
    for key in (f"{own}.{method}/{count}", f"{own}.{method}", f"*.{method}"):
        names = _table.get(key)
        if names is not None:
            return names[index] if index < len(names) else str(index)
    return str(index)
