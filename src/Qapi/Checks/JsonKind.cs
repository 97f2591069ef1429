namespace Qapi.Checks;

/// <summary>What a value is in JSON; the branches of an alternate are told apart by it.</summary>
internal enum JsonKind
{
    Text,
    Number,
    Boolean,
    Null,
    Array,
    Object,
    Any,
}
