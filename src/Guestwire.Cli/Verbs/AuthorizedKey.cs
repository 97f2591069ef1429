using System.Buffers.Binary;
using System.Text;

namespace Guestwire.Cli.Verbs;

/// <summary>
/// A line of authorized_keys(5): <c>[OPTIONS] TYPE BASE64 [COMMENT]</c>. Options have no blanks outside of double quotes. The bytes begin with the
/// type once more: four bytes of length, the most significant first, and its letters.
/// </summary>
/// <param name="Line">The line.</param>
/// <param name="Type">The kind of key.</param>
/// <param name="Data">The key in base64.</param>
internal sealed record AuthorizedKey(string Line, string Type, string Data)
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="source">Where it is from, for the complaint.</param>
    /// <exception cref="UsageException">It is none.</exception>
    internal static AuthorizedKey Parse(string line, string source)
    {
        if (line.StartsWith("-----BEGIN", StringComparison.Ordinal))
        {
            throw new UsageException($"{source} is a private key, which belongs on no other machine: give the file that ends in .pub");
        }

        return TryParse(line) ?? throw new UsageException($"{source} is no public key of OpenSSH, such as 'ssh-ed25519 AAAA... comment': '{Start(line)}'");
    }

    /// <summary>Reads a line; null when it is none.</summary>
    internal static AuthorizedKey? TryParse(string line)
    {
        string trimmed = line.Trim();
        if (trimmed.Any(char.IsControl))
        {
            return null;
        }

        List<string> words = Words(trimmed);
        for (int i = 0; i < Math.Min(2, words.Count - 1); i++)
        {
            if (IsKey(words[i], words[i + 1]))
            {
                return new AuthorizedKey(trimmed, words[i], words[i + 1]);
            }
        }

        return null;
    }

    /// <summary>Whether both are the same key, whatever stands around it.</summary>
    internal bool IsSameKey(AuthorizedKey other) => Type == other.Type && Data == other.Data;

    private static bool IsKey(string type, string data)
    {
        byte[] bytes = new byte[data.Length];
        if (!Convert.TryFromBase64String(data, bytes, out int count) || count < sizeof(int))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return length > 0 && length <= count - sizeof(int) && Encoding.Latin1.GetString(bytes, sizeof(int), length) == type && count > sizeof(int) + length;
    }

    /// <summary>The words up to the comment; what stands in quotes stays together.</summary>
    private static List<string> Words(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isQuoted = false;
        foreach (char character in line)
        {
            isQuoted ^= character == '"' && (word.Length == 0 || word[^1] != '\\');
            if (character is ' ' or '\t' && !isQuoted)
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(character);
            }
        }

        words.Add(word.ToString());
        return words;
    }

    private static string Start(string line) => line.Length <= 40 ? line : $"{line[..40]}...";
}
