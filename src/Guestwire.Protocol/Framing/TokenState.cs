namespace Guestwire.Protocol.Framing;

/// <summary>Where in a token the scanner stands; it may have to wait there for more bytes.</summary>
internal enum TokenState : byte
{
    /// <summary>Between tokens.</summary>
    Between,

    /// <summary>Inside a string in double quotes.</summary>
    DoubleQuoted,

    /// <summary>Inside a string in single quotes.</summary>
    SingleQuoted,

    /// <summary>Behind a minus; a digit must follow.</summary>
    Minus,

    /// <summary>Behind a leading zero; only a fraction may follow, no digit and no exponent.</summary>
    Zero,

    /// <summary>Inside the whole part of a number.</summary>
    Digits,

    /// <summary>Behind the point; a digit must follow.</summary>
    Point,

    /// <summary>Inside the fraction.</summary>
    Fraction,

    /// <summary>Behind the <c>e</c>; a sign or a digit must follow.</summary>
    Exponent,

    /// <summary>Behind the sign of the exponent; a digit must follow.</summary>
    ExponentSign,

    /// <summary>Inside the digits of the exponent.</summary>
    ExponentDigits,

    /// <summary>Inside a run of the letters a to z.</summary>
    Keyword,

    /// <summary>Behind a bad byte: skipping to where a request may start.</summary>
    Recovering,
}
