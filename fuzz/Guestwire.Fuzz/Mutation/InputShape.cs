namespace Guestwire.Fuzz.Mutation;

/// <summary>What inputs of a target look like, which decides how they are changed. Bytes are changed in all of them.</summary>
[Flags]
internal enum InputShape
{
    /// <summary>Anything.</summary>
    Bytes = 0,

    /// <summary>JSON, or what looks like it.</summary>
    Json = 1,

    /// <summary>Lines of fields.</summary>
    Lines = 2,
}
