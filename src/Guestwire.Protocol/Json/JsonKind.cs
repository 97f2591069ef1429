namespace Guestwire.Protocol.Json;

/// <summary>What a <see cref="JsonValue"/> is.</summary>
public enum JsonKind
{
    /// <summary>There is no value: the member does not occur.</summary>
    Absent,

    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A number without fraction and exponent, within int64 or uint64.</summary>
    Integer,

    /// <summary>Any other number.</summary>
    Double,

    /// <summary>A string in double or single quotes.</summary>
    String,

    /// <summary>An array.</summary>
    Array,

    /// <summary>An object.</summary>
    Object,
}
