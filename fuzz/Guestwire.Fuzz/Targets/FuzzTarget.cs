using Guestwire.Fuzz.Mutation;

namespace Guestwire.Fuzz.Targets;

/// <summary>Something that reads bytes which somebody else wrote, and what must hold of it whatever the bytes are.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    internal abstract string Name { get; }

    /// <summary>What it is about, in half a line.</summary>
    internal abstract string About { get; }

    /// <summary>What inputs look like.</summary>
    internal virtual InputShape Shape => InputShape.Bytes;

    /// <summary>How long inputs may become, in bytes. Short ones say as much, and more of them fit in an hour.</summary>
    internal virtual int MaxInputBytes => 512;

    /// <summary>What one input may make the code under test allocate, in bytes of managed memory.</summary>
    internal virtual long MaxAllocatedBytes => 16 * 1024 * 1024;

    /// <summary>Sound inputs to begin with.</summary>
    internal abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Words that mean something to the code under test.</summary>
    internal virtual IReadOnlyList<byte[]> Words => [];

    /// <summary>Gives an input to the code under test and looks at what it makes of it. Same input, same behaviour.</summary>
    /// <exception cref="Violation">Something does not hold. Any other exception is a finding as well.</exception>
    internal abstract void Run(ReadOnlySpan<byte> input);
}
