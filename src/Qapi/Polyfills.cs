// What C# records need and netstandard2.0 lacks.

namespace System.Runtime.CompilerServices;

/// <summary>Lets the compiler emit <c>init</c> accessors.</summary>
internal static class IsExternalInit;
