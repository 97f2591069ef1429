using System.Globalization;
using System.Text;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// What the agent tells the process that becomes a user's program. Texts, each with a zero byte at its end: the number of the user, that of its group,
/// how many groups and their numbers; the folder to start in, empty for none; where to look for the program; the program; how many arguments, the program's
/// name included, and the arguments; then up to the end the variables of its environment.
/// </summary>
internal sealed class LaunchOrder
{
    /// <summary>The number of the user.</summary>
    internal required uint UserId { get; init; }

    /// <summary>The number of the user's group.</summary>
    internal required uint GroupId { get; init; }

    /// <summary>The numbers of all of its groups.</summary>
    internal required IReadOnlyList<uint> Groups { get; init; }

    /// <summary>The folder to start in; empty for none.</summary>
    internal required string Folder { get; init; }

    /// <summary>Directories to look for the program in, with colons between.</summary>
    internal required string SearchPath { get; init; }

    /// <summary>The program.</summary>
    internal required string Program { get; init; }

    /// <summary>Its arguments with its name, each with a zero byte at its end.</summary>
    internal required ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>Its environment, likewise.</summary>
    internal required ReadOnlyMemory<byte> Environment { get; init; }

    /// <summary>The bytes of texts, each with a zero byte at its end.</summary>
    internal static byte[] BlockOf(IEnumerable<string> texts)
    {
        List<byte> block = [];
        foreach (string text in texts)
        {
            block.AddRange(PathMarshaller.ToBytes(text));
        }

        return [.. block];
    }

    /// <summary>The bytes of an order.</summary>
    internal byte[] ToBytes()
    {
        List<string> texts = [Number(UserId), Number(GroupId), Number((uint)Groups.Count)];
        foreach (uint group in Groups)
        {
            texts.Add(Number(group));
        }

        texts.AddRange([Folder, SearchPath, Program, Number((uint)Arguments.Span.Count((byte)0))]);
        return [.. BlockOf(texts), .. Arguments.Span, .. Environment.Span];
    }

    /// <summary>Reads an order.</summary>
    /// <returns>Null when it is none.</returns>
    internal static LaunchOrder? TryRead(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        if (!TryReadNumber(bytes, ref at, out uint user) || !TryReadNumber(bytes, ref at, out uint group) || !TryReadNumber(bytes, ref at, out uint count))
        {
            return null;
        }

        List<uint> groups = [];
        for (uint i = 0; i < count; i++)
        {
            if (!TryReadNumber(bytes, ref at, out uint one))
            {
                return null;
            }

            groups.Add(one);
        }

        if (!TryReadText(bytes, ref at, out string folder) || !TryReadText(bytes, ref at, out string searchPath)
            || !TryReadText(bytes, ref at, out string program) || !TryReadNumber(bytes, ref at, out uint arguments))
        {
            return null;
        }

        int start = at;
        for (uint i = 0; i < arguments; i++)
        {
            if (!TryReadText(bytes, ref at, out _))
            {
                return null;
            }
        }

        return new LaunchOrder
        {
            UserId = user,
            GroupId = group,
            Groups = groups,
            Folder = folder,
            SearchPath = searchPath,
            Program = program,
            Arguments = bytes[start..at],
            Environment = bytes[at..],
        };
    }

    private static bool TryReadNumber(ReadOnlyMemory<byte> bytes, ref int at, out uint number)
    {
        number = 0;
        return TryReadText(bytes, ref at, out string text) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    // What is no UTF-8, such as the zero inside a text that went as C0 80, is lost here: of arguments and variables the bytes go on.
    private static bool TryReadText(ReadOnlyMemory<byte> bytes, ref int at, out string text)
    {
        int length = bytes.Span[at..].IndexOf((byte)0);
        text = length < 0 ? "" : Encoding.UTF8.GetString(bytes.Span.Slice(at, length));
        at += length + 1;
        return length >= 0;
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
