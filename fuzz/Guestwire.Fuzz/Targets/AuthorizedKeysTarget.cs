using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// authorized_keys. An input is keys, one a line, a line <c>%</c>, and the file. Adding keeps every byte and joins no lines; adding twice is adding once; what
/// was added is listed; what was removed is not, and all other lines keep their bytes; and what a host was shown it can remove.
/// </summary>
internal sealed class AuthorizedKeysTarget : FuzzTarget
{
    internal override string Name => "authorized-keys";

    internal override string About => "authorized_keys: list, add, remove";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds =>
    [
        [.. SeedTexts.Named("keys.txt"), .. "%\n"u8, .. SeedTexts.Named("authorized_keys.txt")],
        "a\n%\na\nb"u8.ToArray(),
        "a\n b \n\n%\n a\t\n#a\nb"u8.ToArray(),
    ];

    internal override IReadOnlyList<byte[]> Words { get; } = [.. SeedTexts.Words("ssh-rsa AAAA k\n", "#", "%\n", "\n", "\r\n", " ", "\t", "a\n"), [0xE4], [0xC2, 0xA0], [0]];

    internal override void Run(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf("%\n"u8);
        if (end < 0)
        {
            return;
        }

        string[] keys = Encoding.UTF8.GetString(input[..end]).Split('\n');
        byte[] file = input[(end + 2)..].ToArray();
        CheckListed(file);
        try
        {
            AuthorizedKeyLines.Check(keys);
        }
        catch (QapiException)
        {
            return;
        }

        CheckAdded(file, keys);
        CheckRemoved(file, keys);
    }

    private static void CheckListed(byte[] file)
    {
        // A key with a zero in it is no key of a request.
        List<string> listed = [.. AuthorizedKeyLines.List(file).Where(key => !key.Contains('\0', StringComparison.Ordinal))];
        byte[] rest = Remove(file, listed);
        Violation.Unless(!AuthorizedKeyLines.List(rest).Any(listed.Contains), "what a host was shown it can remove", () => string.Join('|', AuthorizedKeyLines.List(rest)));
    }

    private static void CheckAdded(byte[] file, string[] keys)
    {
        byte[] once = Add(file, keys);
        Violation.Unless(once.AsSpan().StartsWith(file), "adding keeps every byte");
        Violation.Unless(Add(once, keys).AsSpan().SequenceEqual(once), "adding twice is adding once", () => Encoding.Latin1.GetString(Add(once, keys)));
        Violation.Unless(once.Length == file.Length || once[^1] == '\n', "what was added is a line of its own");
        HashSet<string> before = [.. AuthorizedKeyLines.List(file)];
        foreach (string key in AuthorizedKeyLines.List(once))
        {
            Violation.Unless(before.Contains(key) || keys.Any(added => added.Trim(" \t\v\f\r".ToCharArray()) == key), "nothing else comes in, and nothing is joined", () => key);
        }

        HashSet<string> after = [.. AuthorizedKeyLines.List(once)];
        foreach (string key in keys.Select(added => added.Trim(" \t\v\f\r".ToCharArray())).Where(key => key.Length > 0 && !key.StartsWith('#')))
        {
            Violation.Unless(after.Contains(key), "what was added is listed", () => key);
        }

        Violation.Unless(before.IsSubsetOf(after), "what was listed is listed");
    }

    private static void CheckRemoved(byte[] file, string[] keys)
    {
        byte[] rest = Remove(file, keys);
        Violation.Unless(Remove(rest, keys).AsSpan().SequenceEqual(rest), "removing twice is removing once");
        HashSet<string> unwanted = [.. keys.Where(key => key.Length > 0)];
        Violation.Unless(!AuthorizedKeyLines.List(rest).Any(unwanted.Contains), "what was removed is not listed");

        // Every line that is left is one of the file's, in its order, byte for byte; every line that is gone was unwanted.
        string[] left = Lines(rest);
        int next = 0;
        foreach (string line in Lines(file))
        {
            if (next < left.Length && left[next] == line)
            {
                next++;
            }
            else
            {
                string key = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line.TrimEnd('\n')));
                Violation.Unless(unwanted.Contains(key) || unwanted.Contains(key.Trim(" \t\v\f\r".ToCharArray())), "only what is unwanted goes", () => line);
            }
        }

        Violation.Unless(next == left.Length, "no line changes");
    }

    private static string[] Lines(byte[] text)
    {
        string all = Encoding.Latin1.GetString(text);
        List<string> lines = [];
        for (int start = 0; start < all.Length;)
        {
            int feed = all.IndexOf('\n', start);
            int end = feed < 0 ? all.Length : feed + 1;
            lines.Add(all[start..end]);
            start = end;
        }

        return [.. lines];
    }

    private static byte[] Add(byte[] file, IReadOnlyList<string> keys)
    {
        using ByteBuffer text = new();
        text.Append(file);
        AuthorizedKeyLines.Add(text, keys);
        return text.Bytes.ToArray();
    }

    private static byte[] Remove(byte[] file, IReadOnlyList<string> keys)
    {
        using ByteBuffer rest = new();
        return AuthorizedKeyLines.Remove(file, keys, rest) ? rest.Bytes.ToArray() : file;
    }
}
