# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, bases and interfaces of the .NET types the engine knows, as text that reads like the class library's index.

One type a line: ``kind name < base | interfaces``. A line ``@ namespace`` sets the namespace that names without a dot
get; ``@`` alone ends it. Kinds: ``c`` class, ``z`` sealed class, ``a`` abstract class, ``t`` static class, ``s`` struct,
``i`` interface, ``d`` delegate, ``x`` exception, ``r`` attribute. The base defaults to the kind's usual one.
"""

from __future__ import annotations

TABLE = """
@ System
c Object < -
a ValueType < Object
a Enum < ValueType | IComparable ISpanFormattable IFormattable IConvertible
a Delegate | ICloneable System.Runtime.Serialization.ISerializable
a MulticastDelegate < Delegate
a Attribute
a MarshalByRefObject
s Void
z String | IComparable System.Collections.IEnumerable IConvertible System.Collections.Generic.IEnumerable`1[System.Char] IComparable`1[System.String] IEquatable`1[System.String] ICloneable ISpanParsable`1[System.String] IParsable`1[System.String]
s Char | IComparable IComparable`1[System.Char] IEquatable`1[System.Char] IConvertible ISpanFormattable IFormattable
s Boolean | IComparable IConvertible IComparable`1[System.Boolean] IEquatable`1[System.Boolean] ISpanParsable`1[System.Boolean] IParsable`1[System.Boolean]
s Byte | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Byte] IEquatable`1[System.Byte]
s SByte | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.SByte] IEquatable`1[System.SByte]
s Int16 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Int16] IEquatable`1[System.Int16]
s UInt16 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.UInt16] IEquatable`1[System.UInt16]
s Int32 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Int32] IEquatable`1[System.Int32]
s UInt32 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.UInt32] IEquatable`1[System.UInt32]
s Int64 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Int64] IEquatable`1[System.Int64]
s UInt64 | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.UInt64] IEquatable`1[System.UInt64]
s Int128 | IComparable ISpanFormattable IFormattable
s UInt128 | IComparable ISpanFormattable IFormattable
s Half | IComparable ISpanFormattable IFormattable
s Single | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Single] IEquatable`1[System.Single]
s Double | IComparable IConvertible ISpanFormattable IFormattable IComparable`1[System.Double] IEquatable`1[System.Double]
s Decimal | ISpanFormattable IFormattable IComparable IConvertible IComparable`1[System.Decimal] IEquatable`1[System.Decimal] System.Runtime.Serialization.IDeserializationCallback System.Runtime.Serialization.ISerializable
s IntPtr | IComparable ISpanFormattable IFormattable System.Runtime.Serialization.ISerializable
s UIntPtr | IComparable ISpanFormattable IFormattable System.Runtime.Serialization.ISerializable
s DateTime | IComparable ISpanFormattable IFormattable IConvertible IComparable`1[System.DateTime] IEquatable`1[System.DateTime] System.Runtime.Serialization.ISerializable
s DateTimeOffset | IComparable ISpanFormattable IFormattable IComparable`1[System.DateTimeOffset] IEquatable`1[System.DateTimeOffset] System.Runtime.Serialization.ISerializable
s TimeSpan | IComparable IComparable`1[System.TimeSpan] IEquatable`1[System.TimeSpan] ISpanFormattable IFormattable
s DateOnly | IComparable ISpanFormattable IFormattable
s TimeOnly | IComparable ISpanFormattable IFormattable
s Guid | ISpanFormattable IFormattable IComparable IComparable`1[System.Guid] IEquatable`1[System.Guid]
s Index
s Range
s Nullable`1
t Nullable
s ArraySegment`1 | System.Collections.IEnumerable
s Span`1
s ReadOnlySpan`1
s Memory`1
s ReadOnlyMemory`1
s ConsoleKeyInfo
z Version | ICloneable IComparable IComparable`1[System.Version] IEquatable`1[System.Version] ISpanFormattable IFormattable
c Uri | System.Runtime.Serialization.ISerializable ISpanFormattable IFormattable
c UriBuilder
a Array | ICloneable System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable System.Collections.IStructuralComparable System.Collections.IStructuralEquatable
a Type < System.Reflection.MemberInfo | System.Reflection.IReflect
z RuntimeType < System.Reflection.TypeInfo | System.Reflection.IReflect ICloneable
z DBNull | System.Runtime.Serialization.ISerializable IConvertible
z CharEnumerator | System.Collections.IEnumerator System.Collections.Generic.IEnumerator`1[System.Char] IDisposable ICloneable
c Random
c Lazy`1
c WeakReference
a StringComparer | System.Collections.IComparer System.Collections.IEqualityComparer System.Collections.Generic.IComparer`1[System.String] System.Collections.Generic.IEqualityComparer`1[System.String]
a CultureAwareComparer < StringComparer
c OrdinalComparer < StringComparer
a TimeZoneInfo
z OperatingSystem | ICloneable System.Runtime.Serialization.ISerializable
z AppDomain < MarshalByRefObject
t AppContext
t Math
t MathF
t Convert
t BitConverter
t Environment
t GC
t Console
t Activator
t Buffer
c EventArgs
t Tuple
c Tuple`1 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`2 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`3 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`4 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`5 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`6 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
c Tuple`7 | System.Collections.IStructuralEquatable System.Collections.IStructuralComparable IComparable System.Runtime.CompilerServices.ITuple
s ValueTuple
s ValueTuple`1 | IComparable System.Runtime.CompilerServices.ITuple
s ValueTuple`2 | IComparable System.Runtime.CompilerServices.ITuple
s ValueTuple`3 | IComparable System.Runtime.CompilerServices.ITuple
s ValueTuple`4 | IComparable System.Runtime.CompilerServices.ITuple
i IComparable
i IComparable`1
i IEquatable`1
i IFormattable
i ISpanFormattable
i IFormatProvider
i ICustomFormatter
i IConvertible
i ICloneable
i IDisposable
i IAsyncDisposable
i IServiceProvider
i IAsyncResult
i ISpanParsable`1
i IParsable`1
i IProgress`1
d Action
d Action`1
d Action`2
d Action`3
d Action`4
d Func`1
d Func`2
d Func`3
d Func`4
d Func`5
d Predicate`1
d Comparison`1
d Converter`2
d EventHandler
d EventHandler`1
d AsyncCallback
x Exception < Object | System.Runtime.Serialization.ISerializable
x SystemException < Exception
x ApplicationException < Exception
x ArgumentException < SystemException
x ArgumentNullException < ArgumentException
x ArgumentOutOfRangeException < ArgumentException
x ArithmeticException < SystemException
x OverflowException < ArithmeticException
x DivideByZeroException < ArithmeticException
x NotFiniteNumberException < ArithmeticException
x ArrayTypeMismatchException < SystemException
x BadImageFormatException < SystemException
x FormatException < SystemException
x UriFormatException < FormatException
x IndexOutOfRangeException < SystemException
x InsufficientMemoryException < OutOfMemoryException
x InvalidCastException < SystemException
x InvalidOperationException < SystemException
x ObjectDisposedException < InvalidOperationException
x InvalidProgramException < SystemException
x InvalidTimeZoneException < Exception
x TimeZoneNotFoundException < Exception
x MemberAccessException < SystemException
x FieldAccessException < MemberAccessException
x MethodAccessException < MemberAccessException
x MissingMemberException < MemberAccessException
x MissingFieldException < MissingMemberException
x MissingMethodException < MissingMemberException
x MulticastNotSupportedException < SystemException
x NotImplementedException < SystemException
x NotSupportedException < SystemException
x PlatformNotSupportedException < NotSupportedException
x NullReferenceException < SystemException
x OperationCanceledException < SystemException
x OutOfMemoryException < SystemException
x RankException < SystemException
x StackOverflowException < SystemException
x TimeoutException < SystemException
x TypeInitializationException < SystemException
x TypeLoadException < SystemException
x DllNotFoundException < TypeLoadException
x EntryPointNotFoundException < TypeLoadException
x UnauthorizedAccessException < SystemException
x AggregateException < Exception
x AppDomainUnloadedException < SystemException
r ObsoleteAttribute
r FlagsAttribute
r ThreadStaticAttribute
@ System.Reflection
t IntrospectionExtensions
c Pointer
a Binder
a Module
c CustomAttributeData
a MemberInfo | ICustomAttributeProvider
a TypeInfo < System.Type | IReflectableType
a MethodBase < MemberInfo
a MethodInfo < MethodBase
a ConstructorInfo < MethodBase
a PropertyInfo < MemberInfo
a FieldInfo < MemberInfo
c ParameterInfo | ICustomAttributeProvider
z RuntimeMethodInfo < MethodInfo
z RuntimeConstructorInfo < ConstructorInfo
z RuntimePropertyInfo < PropertyInfo
a Assembly | ICustomAttributeProvider
z RuntimeAssembly < Assembly
z AssemblyName | System.ICloneable
i ICustomAttributeProvider
i IReflect
i IReflectableType
x TargetInvocationException < System.ApplicationException
x TargetParameterCountException < System.ApplicationException
x TargetException < System.ApplicationException
x AmbiguousMatchException < System.SystemException
x ReflectionTypeLoadException < System.SystemException
@ System.Runtime.Serialization
i ISerializable
i IDeserializationCallback
x SerializationException < System.SystemException
@ System.Runtime.CompilerServices
i ITuple
t RuntimeHelpers
@ System.Runtime.InteropServices
x ExternalException < System.SystemException
x COMException < ExternalException
t Marshal
t RuntimeInformation
@ System.Runtime.ConstrainedExecution
a CriticalFinalizerObject
@ System.Collections
i IEnumerable
i IEnumerator
i IDictionaryEnumerator < IEnumerator
i ICollection | IEnumerable
i IList | ICollection IEnumerable
i IDictionary | ICollection IEnumerable
i IComparer
i IEqualityComparer
i IHashCodeProvider
i IStructuralComparable
i IStructuralEquatable
c ArrayList | IList ICollection IEnumerable System.ICloneable
c Hashtable | IDictionary ICollection IEnumerable System.Runtime.Serialization.ISerializable System.Runtime.Serialization.IDeserializationCallback System.ICloneable
c SortedList | IDictionary ICollection IEnumerable System.ICloneable
c Queue | ICollection IEnumerable System.ICloneable
c Stack | ICollection IEnumerable System.ICloneable
z BitArray | ICollection IEnumerable System.ICloneable
a CollectionBase | IList ICollection IEnumerable
a DictionaryBase | IDictionary ICollection IEnumerable
a ReadOnlyCollectionBase | ICollection IEnumerable
z Comparer | IComparer System.Runtime.Serialization.ISerializable
c CaseInsensitiveComparer | IComparer
s DictionaryEntry
z ArrayList+ArrayListEnumeratorSimple | IEnumerator System.ICloneable
z ArrayList+ArrayListEnumerator | IEnumerator System.ICloneable
z Hashtable+HashtableEnumerator | IDictionaryEnumerator IEnumerator System.ICloneable
z Hashtable+KeyCollection | ICollection IEnumerable
z Hashtable+ValueCollection | ICollection IEnumerable
c Hashtable+SyncHashtable < Hashtable | IDictionary ICollection IEnumerable
@ System.Collections.Specialized
c OrderedDictionary | IOrderedDictionary System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable System.Runtime.Serialization.ISerializable System.Runtime.Serialization.IDeserializationCallback
c OrderedDictionary+OrderedDictionaryKeyValueCollection | System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable
c OrderedDictionary+OrderedDictionaryEnumerator | System.Collections.IDictionaryEnumerator System.Collections.IEnumerator
i IOrderedDictionary | System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable
a NameObjectCollectionBase | System.Collections.ICollection System.Collections.IEnumerable
c NameValueCollection < NameObjectCollectionBase | System.Collections.ICollection System.Collections.IEnumerable
c StringCollection | System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable
c StringDictionary | System.Collections.IEnumerable
c ListDictionary | System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable
c HybridDictionary | System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable
s BitVector32
@ System.Collections.Generic
i IEnumerable`1 | System.Collections.IEnumerable
i IEnumerator`1 | System.Collections.IEnumerator System.IDisposable
i ICollection`1 | IEnumerable`1[T] System.Collections.IEnumerable
i IList`1 | ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable
i ISet`1 | ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable
i IReadOnlyCollection`1 | IEnumerable`1[T] System.Collections.IEnumerable
i IReadOnlyList`1 | IReadOnlyCollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable
i IReadOnlySet`1 | IReadOnlyCollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable
i IDictionary`2 | System.Collections.IEnumerable
i IReadOnlyDictionary`2 | System.Collections.IEnumerable
i IComparer`1
i IEqualityComparer`1
c List`1 | IList`1[T] ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable System.Collections.IList System.Collections.ICollection IReadOnlyList`1[T] IReadOnlyCollection`1[T]
s List`1+Enumerator | IEnumerator`1[T] System.Collections.IEnumerator System.IDisposable
c Dictionary`2 | IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable IReadOnlyDictionary`2[TKey,TValue] System.Runtime.Serialization.ISerializable System.Runtime.Serialization.IDeserializationCallback
s Dictionary`2+Enumerator | System.Collections.IEnumerator System.IDisposable System.Collections.IDictionaryEnumerator
z Dictionary`2+KeyCollection | ICollection`1[TKey] IEnumerable`1[TKey] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[TKey]
z Dictionary`2+ValueCollection | ICollection`1[TValue] IEnumerable`1[TValue] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[TValue]
c SortedDictionary`2 | IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable IReadOnlyDictionary`2[TKey,TValue]
z SortedDictionary`2+KeyCollection | ICollection`1[TKey] IEnumerable`1[TKey] System.Collections.IEnumerable System.Collections.ICollection
z SortedDictionary`2+ValueCollection | ICollection`1[TValue] IEnumerable`1[TValue] System.Collections.IEnumerable System.Collections.ICollection
c SortedList`2 | IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable IReadOnlyDictionary`2[TKey,TValue]
z SortedList`2+KeyList | IList`1[TKey] ICollection`1[TKey] IEnumerable`1[TKey] System.Collections.IEnumerable System.Collections.ICollection
z SortedList`2+ValueList | IList`1[TValue] ICollection`1[TValue] IEnumerable`1[TValue] System.Collections.IEnumerable System.Collections.ICollection
c OrderedDictionary`2 | IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable IReadOnlyDictionary`2[TKey,TValue]
c HashSet`1 | ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable ISet`1[T] IReadOnlyCollection`1[T] IReadOnlySet`1[T] System.Runtime.Serialization.ISerializable System.Runtime.Serialization.IDeserializationCallback
s HashSet`1+Enumerator | IEnumerator`1[T] System.Collections.IEnumerator System.IDisposable
c SortedSet`1 | ISet`1[T] ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[T] IReadOnlySet`1[T]
c Queue`1 | IEnumerable`1[T] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[T]
c PriorityQueue`2
c Stack`1 | IEnumerable`1[T] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[T]
c LinkedList`1 | ICollection`1[T] IEnumerable`1[T] System.Collections.IEnumerable System.Collections.ICollection IReadOnlyCollection`1[T]
z LinkedListNode`1
s KeyValuePair`2
t KeyValuePair
a Comparer`1 | System.Collections.IComparer IComparer`1[T]
a EqualityComparer`1 | System.Collections.IEqualityComparer IEqualityComparer`1[T]
x KeyNotFoundException < System.SystemException
@ System.Collections.ObjectModel
c Collection`1 | System.Collections.Generic.IList`1[T] System.Collections.Generic.ICollection`1[T] System.Collections.Generic.IEnumerable`1[T] System.Collections.IEnumerable System.Collections.IList System.Collections.ICollection System.Collections.Generic.IReadOnlyList`1[T] System.Collections.Generic.IReadOnlyCollection`1[T]
c ReadOnlyCollection`1 | System.Collections.Generic.IList`1[T] System.Collections.Generic.ICollection`1[T] System.Collections.Generic.IEnumerable`1[T] System.Collections.IEnumerable System.Collections.IList System.Collections.ICollection System.Collections.Generic.IReadOnlyList`1[T] System.Collections.Generic.IReadOnlyCollection`1[T]
c ReadOnlyDictionary`2 | System.Collections.Generic.IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable
c ObservableCollection`1 < Collection`1[T]
@ System.Collections.Concurrent
c BlockingCollection`1 | System.Collections.ICollection System.Collections.IEnumerable System.IDisposable
c ConcurrentDictionary`2 | System.Collections.Generic.IDictionary`2[TKey,TValue] System.Collections.IDictionary System.Collections.ICollection System.Collections.IEnumerable
c ConcurrentQueue`1 | System.Collections.ICollection System.Collections.IEnumerable
c ConcurrentStack`1 | System.Collections.ICollection System.Collections.IEnumerable
c ConcurrentBag`1 | System.Collections.ICollection System.Collections.IEnumerable
@ System.Linq
t Enumerable
@ System.Text
c CodePagesEncodingProvider
a EncodingProvider
a Encoder
a Decoder
z CompositeFormat
z EncodingInfo
z StringBuilder | System.Runtime.Serialization.ISerializable
a Encoding | System.ICloneable
z UTF8Encoding+UTF8EncodingSealed < UTF8Encoding
c UTF8Encoding < Encoding
c UnicodeEncoding < Encoding
c UTF32Encoding < Encoding
c UTF7Encoding < Encoding
c ASCIIEncoding < Encoding
z ASCIIEncoding+ASCIIEncodingSealed < ASCIIEncoding
z Latin1Encoding < Encoding
z Latin1Encoding+Latin1EncodingSealed < Latin1Encoding
a DecoderFallback
a EncoderFallback
s Rune
x DecoderFallbackException < System.ArgumentException
x EncoderFallbackException < System.ArgumentException
@ System.Text.RegularExpressions
c Regex | System.Runtime.Serialization.ISerializable
c Capture
c Group < Capture
c Match < Group
c CaptureCollection | System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable
c GroupCollection | System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable
c MatchCollection | System.Collections.IList System.Collections.ICollection System.Collections.IEnumerable
d MatchEvaluator
x RegexParseException < System.ArgumentException
x RegexMatchTimeoutException < System.TimeoutException
@ System.Text.Json
z JsonSerializerOptions
z JsonDocument | System.IDisposable
t JsonSerializer
s JsonElement
x JsonException < System.Exception
@ System.Globalization
c CultureInfo | System.ICloneable System.IFormatProvider
z NumberFormatInfo | System.IFormatProvider System.ICloneable
z DateTimeFormatInfo | System.IFormatProvider System.ICloneable
z TextInfo | System.ICloneable
z CompareInfo
a Calendar | System.ICloneable
c GregorianCalendar < Calendar
c RegionInfo
t ISOWeek
t CharUnicodeInfo
x CultureNotFoundException < System.ArgumentException
@ System.Numerics
s BigInteger | System.ISpanFormattable System.IFormattable System.IComparable System.IComparable`1[System.Numerics.BigInteger] System.IEquatable`1[System.Numerics.BigInteger]
s Complex | System.IFormattable
@ System.IO
c FileSystemWatcher
c BinaryData
c UnmanagedMemoryStream < Stream
t File
t Directory
t Path
a FileSystemInfo < System.MarshalByRefObject | System.Runtime.Serialization.ISerializable
z FileInfo < FileSystemInfo
z DirectoryInfo < FileSystemInfo
z DriveInfo
a Stream < System.MarshalByRefObject | System.IDisposable System.IAsyncDisposable
c FileStream < Stream | System.IDisposable System.IAsyncDisposable
c MemoryStream < Stream | System.IDisposable System.IAsyncDisposable
z BufferedStream < Stream
z Stream+NullStream < Stream
a TextReader < System.MarshalByRefObject | System.IDisposable
a TextWriter < System.MarshalByRefObject | System.IDisposable System.IAsyncDisposable
c StreamReader < TextReader | System.IDisposable
c StreamWriter < TextWriter | System.IDisposable System.IAsyncDisposable
c StringReader < TextReader | System.IDisposable
c StringWriter < TextWriter | System.IDisposable System.IAsyncDisposable
c BinaryReader | System.IDisposable
c BinaryWriter | System.IDisposable System.IAsyncDisposable
x IOException < System.SystemException
x FileNotFoundException < IOException
x DirectoryNotFoundException < IOException
x DriveNotFoundException < IOException
x EndOfStreamException < IOException
x FileLoadException < IOException
x PathTooLongException < IOException
x InvalidDataException < System.SystemException
@ System.IO.Compression
c GZipStream < System.IO.Stream
c DeflateStream < System.IO.Stream
c ZipArchive | System.IDisposable
c ZipArchiveEntry
t ZipFile
@ System.Security
z SecureString | System.IDisposable
z SecurityElement
x SecurityException < System.SystemException
x VerificationException < System.SystemException
@ System.Security.Principal
a IdentityReference
z SecurityIdentifier < IdentityReference | System.IComparable`1[System.Security.Principal.SecurityIdentifier]
z NTAccount < IdentityReference
c WindowsIdentity
c WindowsPrincipal
@ System.Security.AccessControl
a ObjectSecurity
a FileSystemSecurity < ObjectSecurity
z FileSecurity < FileSystemSecurity
z DirectorySecurity < FileSystemSecurity
z FileSystemAccessRule
@ System.Security.Cryptography
c RSA
a ECDsa
a DSA
a TripleDES < SymmetricAlgorithm
c CryptoStream < System.IO.Stream
z AesManaged < Aes
z AesCryptoServiceProvider < Aes
c Rfc2898DeriveBytes
z RijndaelManaged < SymmetricAlgorithm
t CryptographicOperations
a HashAlgorithm | System.IDisposable ICryptoTransform
a SHA1 < HashAlgorithm
a SHA256 < HashAlgorithm
a SHA384 < HashAlgorithm
a SHA512 < HashAlgorithm
a MD5 < HashAlgorithm
z SHA1+Implementation < SHA1
z SHA256+Implementation < SHA256
z SHA384+Implementation < SHA384
z SHA512+Implementation < SHA512
z MD5+Implementation < MD5
a KeyedHashAlgorithm < HashAlgorithm
a HMAC < KeyedHashAlgorithm
c HMACSHA1 < HMAC
c HMACSHA256 < HMAC
c HMACSHA384 < HMAC
c HMACSHA512 < HMAC
c HMACMD5 < HMAC
a RandomNumberGenerator | System.IDisposable
a SymmetricAlgorithm | System.IDisposable
a Aes < SymmetricAlgorithm
z SHA256Managed < SHA256
z SHA1Managed < SHA1
z SHA512Managed < SHA512
z RNGCryptoServiceProvider < RandomNumberGenerator
z ProtectedData
i ICryptoTransform | System.IDisposable
x CryptographicException < System.SystemException
@ System.Security.Cryptography.X509Certificates
z X509Store
c X509Certificate2Collection
c X509Chain
c X509Certificate | System.IDisposable
c X509Certificate2 < X509Certificate
z X500DistinguishedName
@ System.Security.Authentication
x AuthenticationException < System.SystemException
x InvalidCredentialException < AuthenticationException
@ System.Net
c HttpWebRequest
c WebRequest
c WebResponse
c HttpWebResponse
z HttpListener
c Cookie
c WebProxy
z IPHostEntry
t HttpVersion
c WebHeaderCollection
c NetworkCredential | ICredentials ICredentialsByHost
i ICredentials
i ICredentialsByHost
c IPAddress | System.ISpanFormattable System.IFormattable
a EndPoint
c IPEndPoint < EndPoint
t Dns
t WebUtility
c WebClient
z CookieContainer
c WebException < System.InvalidOperationException
t ServicePointManager
x ProtocolViolationException < System.InvalidOperationException
@ System.Net.Http
c HttpClientHandler
c HttpRequestMessage
c HttpResponseMessage
c HttpMethod
c StringContent
c ByteArrayContent
c MultipartFormDataContent
c HttpClient | System.IDisposable
x HttpRequestException < System.Exception
@ System.Net.Mail
c MailMessage
c SmtpClient
c Attachment
c MailAddress
@ System.Net.NetworkInformation
c Ping
c PingReply
a NetworkInterface
a IPGlobalProperties
c PhysicalAddress
@ System.Net.Sockets
c Socket
c UdpClient
c NetworkStream < System.IO.Stream
c TcpClient | System.IDisposable
c TcpListener
x SocketException < System.ComponentModel.Win32Exception
@ System.ComponentModel
c Component
c BackgroundWorker
c CancelEventArgs
c DescriptionAttribute
c ListSortDescription
x Win32Exception < System.Runtime.InteropServices.ExternalException
c TypeConverter
t TypeDescriptor
x InvalidEnumArgumentException < System.ArgumentException
@ System.Management.Automation.Remoting
x PSRemotingTransportException < System.Management.Automation.RuntimeException
x PSDirectException < System.Management.Automation.RuntimeException
@ System.Diagnostics
c EventLog
c PerformanceCounter
c Activity
t Debugger
c TraceSource
c StackFrame
c ProcessModule
c Stopwatch
c Process | System.IDisposable
z ProcessStartInfo
c FileVersionInfo
c StackTrace
t Debug
t Trace
@ System.Threading
c Semaphore
z SemaphoreSlim
z EventWaitHandle
a WaitHandle | System.IDisposable
c Barrier
t ThreadPool
z ReaderWriterLockSlim
t Volatile
c Thread < System.Runtime.ConstrainedExecution.CriticalFinalizerObject
t Monitor
t Interlocked
z Mutex
s CancellationToken
c CancellationTokenSource | System.IDisposable
z Timer
c ManualResetEvent
c AutoResetEvent
x ThreadAbortException < System.SystemException
x ThreadInterruptedException < System.SystemException
x SynchronizationLockException < System.SystemException
x AbandonedMutexException < System.SystemException
x WaitHandleCannotBeOpenedException < System.ApplicationException
@ System.Threading.Tasks
c Task | System.IDisposable System.IAsyncResult
c Task`1 < Task
x TaskCanceledException < System.OperationCanceledException
@ System.Xml
c XmlTextReader < XmlReader
c XmlNodeReader < XmlReader
z XmlUrlResolver
a XmlNode | System.ICloneable System.Collections.IEnumerable System.Xml.XPath.IXPathNavigable
c XmlDocument < XmlNode
a XmlLinkedNode < XmlNode
c XmlElement < XmlLinkedNode
c XmlAttribute < XmlNode
a XmlCharacterData < XmlLinkedNode
c XmlText < XmlCharacterData
c XmlComment < XmlCharacterData
c XmlCDataSection < XmlCharacterData
c XmlWhitespace < XmlCharacterData
c XmlSignificantWhitespace < XmlCharacterData
c XmlDeclaration < XmlLinkedNode
c XmlDocumentType < XmlLinkedNode
c XmlProcessingInstruction < XmlLinkedNode
c XmlDocumentFragment < XmlNode
c XmlEntityReference < XmlLinkedNode
a XmlNodeList | System.Collections.IEnumerable System.IDisposable
c XmlChildNodes < XmlNodeList
c XPathNodeList < XmlNodeList
c XmlElementList < XmlNodeList
c XmlNamedNodeMap | System.Collections.IEnumerable
z XmlAttributeCollection < XmlNamedNodeMap | System.Collections.ICollection
c XmlNamespaceManager | System.Collections.IEnumerable
a XmlNameTable
c NameTable < XmlNameTable
a XmlReader | System.IDisposable
a XmlWriter | System.IDisposable System.IAsyncDisposable
c XmlTextWriter < XmlWriter
z XmlWriterSettings
z XmlReaderSettings
t XmlConvert
x XmlException < System.SystemException
@ System.Xml.XPath
i IXPathNavigable
x XPathException < System.SystemException
@ System.Xml.Linq
c XText < XNode
c XComment < XNode
c XDeclaration
z XNamespace
a XObject
a XNode < XObject
a XContainer < XNode
c XElement < XContainer
c XDocument < XContainer
c XAttribute < XObject
z XName
@ System.Timers
c Timer < System.ComponentModel.Component
c ElapsedEventArgs
@ System.Data
c DataTable
c DataRow
c DataSet
@ System.Management.Automation
c PSObject | System.IFormattable System.IComparable System.Dynamic.IDynamicMetaObjectProvider
c PSCustomObject
z PSCredential | System.Runtime.Serialization.ISerializable
c ErrorRecord | System.Runtime.Serialization.ISerializable
c ErrorCategoryInfo
c ErrorDetails | System.Runtime.Serialization.ISerializable
c InformationRecord
c InformationalRecord
c WarningRecord < InformationalRecord
c VerboseRecord < InformationalRecord
c DebugRecord < InformationalRecord
c HostInformationMessage
c ProgressRecord
c ScriptBlock | System.Runtime.Serialization.ISerializable
c InvocationInfo
a CommandInfo
c AliasInfo < CommandInfo
c ApplicationInfo < CommandInfo
c CmdletInfo < CommandInfo
c FunctionInfo < CommandInfo
c FilterInfo < FunctionInfo
c ConfigurationInfo < FunctionInfo
c ExternalScriptInfo < CommandInfo
c ScriptInfo < CommandInfo
z PSModuleInfo
c PSVariable
c PSVariableProperty < PSNoteProperty
c PSDriveInfo
c ProviderInfo
c PathInfo
c SessionState
c PSDriveInfo
a PSMemberInfo
a PSPropertyInfo < PSMemberInfo
a PSMethodInfo < PSMemberInfo
c PSProperty < PSPropertyInfo
c PSNoteProperty < PSPropertyInfo
c PSAliasProperty < PSPropertyInfo
c PSScriptProperty < PSPropertyInfo
c PSCodeProperty < PSPropertyInfo
c PSAdaptedProperty < PSProperty
c PSParameterizedProperty < PSMethodInfo
c PSMethod < PSMethodInfo
c PSScriptMethod < PSMethodInfo
c PSCodeMethod < PSMethodInfo
c PSPropertySet < PSMemberInfo
c PSMemberSet < PSMemberInfo
c PSEvent < PSMemberInfo
a PSMemberInfoCollection`1 | System.Collections.Generic.IEnumerable`1[T] System.Collections.IEnumerable
c PSMemberInfoIntegratingCollection`1 < PSMemberInfoCollection`1[T]
c ReadOnlyPSMemberInfoCollection`1 | System.Collections.Generic.IEnumerable`1[T] System.Collections.IEnumerable
c PSReference
c PSReference`1 < PSReference
s SwitchParameter
z WildcardPattern
z SemanticVersion | System.IComparable System.IComparable`1[System.Management.Automation.SemanticVersion] System.IEquatable`1[System.Management.Automation.SemanticVersion]
c PSPrimitiveDictionary < System.Collections.Hashtable
c PSVersionHashTable < System.Collections.Hashtable
c PSListModifier
c PSSerializer
t LanguagePrimitives
z PowerShell | System.IDisposable
c PSInvocationSettings
c PSTokenType
t PSToken
c CommandParameterInfo
c CommandMetadata
z ParameterMetadata
c EngineIntrinsics
c ProviderIntrinsics
c PSCmdlet < System.Management.Automation.Internal.InternalCommand
c Job
c CallStackFrame
z ValidateSetAttributeValues
c RemotingErrorRecord < ErrorRecord
t ScriptBlockExtensions
x RuntimeException < System.SystemException | IContainsErrorRecord
x ActionPreferenceStopException < RuntimeException
x CmdletInvocationException < RuntimeException
x CmdletProviderInvocationException < CmdletInvocationException
x CommandNotFoundException < RuntimeException
x ApplicationFailedException < RuntimeException
x ScriptRequiresException < RuntimeException
x ExtendedTypeSystemException < RuntimeException
x GetValueException < ExtendedTypeSystemException
x GetValueInvocationException < GetValueException
x SetValueException < ExtendedTypeSystemException
x SetValueInvocationException < SetValueException
x MethodException < ExtendedTypeSystemException
x MethodInvocationException < MethodException
x PSInvalidCastException < System.InvalidCastException | IContainsErrorRecord
x PSInvalidOperationException < System.InvalidOperationException | IContainsErrorRecord
x PSArgumentException < System.ArgumentException | IContainsErrorRecord
x PSArgumentNullException < System.ArgumentNullException | IContainsErrorRecord
x PSArgumentOutOfRangeException < System.ArgumentOutOfRangeException | IContainsErrorRecord
x PSNotImplementedException < System.NotImplementedException | IContainsErrorRecord
x PSNotSupportedException < System.NotSupportedException | IContainsErrorRecord
x PSObjectDisposedException < System.ObjectDisposedException | IContainsErrorRecord
x PSSecurityException < RuntimeException
x PSSnapInException < RuntimeException
x ParameterBindingException < RuntimeException
x ParameterBindingValidationException < ParameterBindingException
x ParameterBindingArgumentTransformationException < ParameterBindingException
x ParseException < RuntimeException
x IncompleteParseException < ParseException
x PipelineStoppedException < RuntimeException
x PipelineClosedException < RuntimeException
x PipelineDepthException < System.SystemException
x StopUpstreamCommandsException < FlowControlException
x FlowControlException < System.SystemException
x LoopFlowException < FlowControlException
x BreakException < LoopFlowException
x ContinueException < LoopFlowException
x ExitException < FlowControlException
x TerminateException < FlowControlException
x ScriptCallDepthException < System.SystemException
x SessionStateException < RuntimeException
x SessionStateUnauthorizedAccessException < SessionStateException
x ItemNotFoundException < SessionStateException
x DriveNotFoundException < SessionStateException
x ProviderNotFoundException < SessionStateException
x ProviderInvocationException < RuntimeException
x ProviderNameAmbiguousException < ProviderNotFoundException
x MetadataException < RuntimeException
x ArgumentTransformationMetadataException < MetadataException
x ValidationMetadataException < MetadataException
x ParsingMetadataException < MetadataException
x WildcardPatternException < RuntimeException
x RemoteException < RuntimeException
x HaltCommandException < System.SystemException
x ParentContainsErrorRecordException < System.SystemException
x ScriptBlockToPowerShellNotSupportedException < RuntimeException
x JobFailedException < System.SystemException
x InvalidJobStateException < System.SystemException
i IContainsErrorRecord
r CmdletBindingAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r ParameterAttribute < System.Management.Automation.Internal.ParsingBaseAttribute
r AliasAttribute < System.Management.Automation.Internal.ParsingBaseAttribute
r AllowEmptyCollectionAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r AllowEmptyStringAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r AllowNullAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r ArgumentCompleterAttribute
r ArgumentCompletionsAttribute
r OutputTypeAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r PSDefaultValueAttribute < System.Management.Automation.Internal.ParsingBaseAttribute
r PSTypeNameAttribute
r SupportsWildcardsAttribute < System.Management.Automation.Internal.ParsingBaseAttribute
r ValidateArgumentsAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r ValidateEnumeratedArgumentsAttribute < ValidateArgumentsAttribute
r ValidateCountAttribute < ValidateArgumentsAttribute
r ValidateLengthAttribute < ValidateEnumeratedArgumentsAttribute
r ValidatePatternAttribute < ValidateEnumeratedArgumentsAttribute
r ValidateRangeAttribute < ValidateEnumeratedArgumentsAttribute
r ValidateScriptAttribute < ValidateEnumeratedArgumentsAttribute
r ValidateSetAttribute < ValidateEnumeratedArgumentsAttribute
r ValidateDriveAttribute < ValidateArgumentsAttribute
r ValidateUserDriveAttribute < ValidateDriveAttribute
r ValidateNotNullOrAttributeBase < ValidateArgumentsAttribute
r ValidateNotNullAttribute < ValidateArgumentsAttribute
r ValidateNotNullOrEmptyAttribute < ValidateNotNullOrAttributeBase
r ValidateNotNullOrWhiteSpaceAttribute < ValidateNotNullOrAttributeBase
r ValidateTrustedDataAttribute < ValidateArgumentsAttribute
r CredentialAttribute < ArgumentTransformationAttribute
r ArgumentTransformationAttribute < System.Management.Automation.Internal.CmdletMetadataAttribute
r HiddenAttribute
r DynamicParamAttribute
r DscLocalConfigurationManagerAttribute
r DscPropertyAttribute
r DscResourceAttribute
r ExperimentalAttribute
c ExperimentalFeature
@ System.Management.Automation.Internal
r CmdletMetadataAttribute
r ParsingBaseAttribute < CmdletMetadataAttribute
a InternalCommand
z AutomationNull
@ System.Management.Automation.Language
z NullString
r NoRunspaceAffinityAttribute
a Ast
z Parser
@ System.Management.Automation.Runspaces
a Runspace | System.IDisposable
t RunspaceFactory
c InitialSessionState
c PSSession
c RunspacePool
x InvalidRunspaceStateException < System.SystemException
x InvalidPipelineStateException < System.SystemException
@ System.Management.Automation.Host
x HostException < System.Management.Automation.RuntimeException
x PromptingException < HostException
c PSHost
@ System.Dynamic
i IDynamicMetaObjectProvider
@ Microsoft.PowerShell.Commands
x WriteErrorException < System.SystemException
x ServiceCommandException < System.SystemException
x HttpResponseException < System.Net.Http.HttpRequestException
c PSPropertyExpression
c GroupInfo
c MatchInfo
c MeasureInfo
c GenericMeasureInfo < MeasureInfo
c GenericObjectMeasureInfo < MeasureInfo
c TextMeasureInfo < MeasureInfo
c MemberDefinition
c HistoryInfo
@ Microsoft.PowerShell
t ToStringCodeMethods
t AdapterCodeMethods
t DeserializingTypeConverter
@ Microsoft.Management.Infrastructure
c CimInstance
c CimSession
c CimClass
c CimType
t CimConverter
x CimException < System.Exception
@ Microsoft.Win32
t Registry
z RegistryKey
@
"""

ENUMS = """
System.Management.Automation.ExperimentAction None=0 Hide=1 Show=2
System.Globalization.CompareOptions flags None=0 IgnoreCase=1 IgnoreNonSpace=2 IgnoreSymbols=4 IgnoreKanaType=8 IgnoreWidth=16 NumericOrdering=32 OrdinalIgnoreCase=268435456 StringSort=536870912 Ordinal=1073741824
System.Text.NormalizationForm FormC=1 FormD=2 FormKC=5 FormKD=6
System.Management.Automation.WhereOperatorSelectionMode Default=0 First=1 Last=2 SkipUntil=3 Until=4 Split=5
System.Management.Automation.SplitOptions flags SimpleMatch=1 RegexMatch=2 CultureInvariant=4 IgnorePatternWhitespace=8 Multiline=16 Singleline=32 IgnoreCase=64 ExplicitCapture=128
System.ConsoleColor Black=0 DarkBlue=1 DarkGreen=2 DarkCyan=3 DarkRed=4 DarkMagenta=5 DarkYellow=6 Gray=7 Blue=8 Green=9 Cyan=10 Red=11 Magenta=12 Yellow=13 White=14
System.PlatformID Win32S=0 Win32Windows=1 Win32NT=2 WinCE=3 Unix=4 Xbox=5 MacOSX=6 Other=7
System.Xml.XmlDateTimeSerializationMode Local=0 Utc=1 Unspecified=2 RoundtripKind=3
System.Xml.XmlNodeType None=0 Element=1 Attribute=2 Text=3 CDATA=4 EntityReference=5 Entity=6 ProcessingInstruction=7 Comment=8 Document=9 DocumentType=10 DocumentFragment=11 Notation=12 Whitespace=13 SignificantWhitespace=14 EndElement=15 EndEntity=16 XmlDeclaration=17
System.Threading.ThreadState flags Running=0 StopRequested=1 SuspendRequested=2 Background=4 Unstarted=8 Stopped=16 WaitSleepJoin=32 Suspended=64 AbortRequested=128 Aborted=256
System.Threading.ApartmentState STA=0 MTA=1 Unknown=2
System.Net.SecurityProtocolType flags SystemDefault=0 Ssl3=48 Tls=192 Tls11=768 Tls12=3072 Tls13=12288
System.Net.Sockets.AddressFamily Unspecified=0 Unix=1 InterNetwork=2 InterNetworkV6=23 Unknown=-1
System.Security.AccessControl.InheritanceFlags flags None=0 ContainerInherit=1 ObjectInherit=2
System.Security.AccessControl.PropagationFlags flags None=0 NoPropagateInherit=1 InheritOnly=2
System.Reflection.BindingFlags flags Default=0 IgnoreCase=1 DeclaredOnly=2 Instance=4 Static=8 Public=16 NonPublic=32 FlattenHierarchy=64 InvokeMethod=256 CreateInstance=512 GetField=1024 SetField=2048 GetProperty=4096 SetProperty=8192
System.Reflection.MemberTypes flags Constructor=1 Event=2 Field=4 Method=8 Property=16 TypeInfo=32 Custom=64 NestedType=128 All=191
System.Environment+SpecialFolder Desktop=0 Programs=2 MyDocuments=5 Personal=5 Favorites=6 Startup=7 Recent=8 SendTo=9 StartMenu=11 MyMusic=13 MyVideos=14 DesktopDirectory=16 MyComputer=17 Fonts=20 Templates=21 CommonStartMenu=22 CommonPrograms=23 CommonStartup=24 CommonDesktopDirectory=25 ApplicationData=26 LocalApplicationData=28 InternetCache=32 Cookies=33 History=34 CommonApplicationData=35 Windows=36 System=37 ProgramFiles=38 MyPictures=39 UserProfile=40 SystemX86=41 ProgramFilesX86=42 CommonProgramFiles=43 CommonProgramFilesX86=44 CommonTemplates=45 CommonDocuments=46
System.Security.Principal.WellKnownSidType NullSid=0 WorldSid=1 LocalSid=2 CreatorOwnerSid=3 LocalSystemSid=22 LocalServiceSid=23 NetworkServiceSid=24 BuiltinAdministratorsSid=26 BuiltinUsersSid=27
System.Security.Principal.WindowsBuiltInRole Administrator=544 User=545 Guest=546 PowerUser=547
System.ServiceProcess.ServiceControllerStatus Stopped=1 StartPending=2 StopPending=3 Running=4 ContinuePending=5 PausePending=6 Paused=7
System.Management.Automation.PSLanguageMode FullLanguage=0 RestrictedLanguage=1 NoLanguage=2 ConstrainedLanguage=3
System.Management.Automation.VariableAccessMode Read=0 Write=1 ReadWrite=2
System.Management.Automation.ErrorView NormalView=0 CategoryView=1 ConciseView=2 DetailedView=3
System.Management.Automation.ModuleType Script=0 Binary=1 Manifest=2 Cim=3 Workflow=4
System.Management.Automation.JobState NotStarted=0 Running=1 Completed=2 Failed=3 Stopped=4 Blocked=5 Suspended=6 Disconnected=7 Suspending=8 Stopping=9 AtBreakpoint=10
System.Management.Automation.CommandOrigin Runspace=0 Internal=1
System.GCCollectionMode Default=0 Forced=1 Optimized=2 Aggressive=3
System.Text.RegularExpressions.RegexParseError Unknown=0
System.IO.UnixFileMode flags None=0 OtherExecute=1 OtherWrite=2 OtherRead=4 GroupExecute=8 GroupWrite=16 GroupRead=32 UserExecute=64 UserWrite=128 UserRead=256 StickyBit=512 SetGroup=1024 SetUser=2048
System.UriComponents flags Scheme=1 UserInfo=2 Host=4 Port=8 SchemeAndServer=13 Path=16 Query=32 PathAndQuery=48 HttpRequestUrl=61 Fragment=64 AbsoluteUri=127 StrongPort=128 HostAndPort=132 StrongAuthority=134 NormalizedHost=256 KeepDelimiter=1073741824
System.UriPartial Scheme=0 Authority=1 Path=2 Query=3
System.UriFormat UriEscaped=1 Unescaped=2 SafeUnescaped=3
System.UriHostNameType Unknown=0 Basic=1 Dns=2 IPv4=3 IPv6=4
System.Globalization.TimeSpanStyles None=0 AssumeNegative=1
System.Globalization.CultureTypes flags NeutralCultures=1 SpecificCultures=2 InstalledWin32Cultures=4 AllCultures=7
System.Globalization.CalendarWeekRule FirstDay=0 FirstFullWeek=1 FirstFourDayWeek=2
System.Globalization.UnicodeCategory UppercaseLetter=0 LowercaseLetter=1 TitlecaseLetter=2 ModifierLetter=3 OtherLetter=4 NonSpacingMark=5 SpacingCombiningMark=6 EnclosingMark=7 DecimalDigitNumber=8 LetterNumber=9 OtherNumber=10 SpaceSeparator=11 LineSeparator=12 ParagraphSeparator=13 Control=14 Format=15 Surrogate=16 PrivateUse=17 ConnectorPunctuation=18 DashPunctuation=19 OpenPunctuation=20 ClosePunctuation=21 InitialQuotePunctuation=22 FinalQuotePunctuation=23 OtherPunctuation=24 MathSymbol=25 CurrencySymbol=26 ModifierSymbol=27 OtherSymbol=28 OtherNotAssigned=29
System.IO.Compression.CompressionLevel Optimal=0 Fastest=1 NoCompression=2 SmallestSize=3
System.IO.Compression.ZipArchiveMode Read=0 Create=1 Update=2
System.Security.Cryptography.DataProtectionScope CurrentUser=0 LocalMachine=1
System.Security.Cryptography.CipherMode CBC=1 ECB=2 OFB=3 CFB=4 CTS=5
System.Security.Cryptography.PaddingMode None=1 PKCS7=2 Zeros=3 ANSIX923=4 ISO10126=5
System.Management.Automation.PSMemberViewTypes flags Extended=1 Adapted=2 Base=4 All=7
Microsoft.PowerShell.ExecutionPolicy Unrestricted=0 RemoteSigned=1 AllSigned=2 Restricted=3 Default=3 Bypass=4 Undefined=5
Microsoft.PowerShell.Commands.OpenMode Add=0 New=1 Overwrite=2
Microsoft.Win32.RegistryValueKind String=1 ExpandString=2 Binary=3 DWord=4 MultiString=7 QWord=11 Unknown=0 None=-1
Microsoft.Win32.RegistryHive ClassesRoot=-2147483648 CurrentUser=-2147483647 LocalMachine=-2147483646 Users=-2147483645 PerformanceData=-2147483644 CurrentConfig=-2147483643
"""
