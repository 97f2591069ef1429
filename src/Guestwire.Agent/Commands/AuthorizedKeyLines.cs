using System.Text;
using System.Text.Unicode;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>
/// The text of an authorized_keys file: one key a line; empty lines and lines that start with <c>#</c> hold none, and blanks around a
/// line do not count. Source: sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
/// </summary>
/// <remarks>Every line that is neither added nor removed keeps its bytes. Searches are linear for each key; a user has tens of them.</remarks>
internal static class AuthorizedKeyLines
{
    private static ReadOnlySpan<byte> Blanks => " \t\v\f\r"u8;

    /// <summary>Makes sure that each key is one line that holds a key, or an empty one, which means nothing.</summary>
    /// <exception cref="QapiException">GenericError: one of them is none.</exception>
    internal static void Check(IReadOnlyList<string> keys)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].StartsWith('#') || keys[i].Contains('\n') || keys[i].Contains('\0'))
            {
                throw new QapiException($"invalid OpenSSH public key: '{keys[i]}'");
            }
        }
    }

    /// <summary>The keys, without blanks around them, the last line first: the order that hosts know.</summary>
    internal static List<string> List(ReadOnlySpan<byte> text)
    {
        List<string> keys = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].Trim(Blanks);
            if (!line.IsEmpty && line[0] != (byte)'#')
            {
                keys.Add(Encoding.UTF8.GetString(line));
            }
        }

        keys.Reverse();
        return keys;
    }

    /// <summary>Appends those keys that the text does not hold yet, each on a line of its own that ends in a line feed.</summary>
    internal static void Add(ByteBuffer text, IReadOnlyList<string> keys)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            byte[] key = Encoding.UTF8.GetBytes(keys[i]);
            if (key.Length == 0 || Holds(text.Bytes, key))
            {
                continue;
            }

            if (text.Count > 0 && text.Bytes[^1] != (byte)'\n')
            {
                text.Append((byte)'\n');
            }

            text.Append(key);
            text.Append((byte)'\n');
        }
    }

    /// <summary>Copies the text without the lines that hold one of these keys.</summary>
    /// <returns>Whether there were any.</returns>
    internal static bool Remove(ReadOnlySpan<byte> text, IReadOnlyList<string> keys, ByteBuffer rest)
    {
        byte[][] unwanted = new byte[keys.Count][];
        for (int i = 0; i < unwanted.Length; i++)
        {
            unwanted[i] = Encoding.UTF8.GetBytes(keys[i]);
        }

        bool removed = false;
        while (!text.IsEmpty)
        {
            int feed = text.IndexOf((byte)'\n');
            int length = feed < 0 ? text.Length : feed + 1;
            if (IsOneOf(text[..length].TrimEnd((byte)'\n'), unwanted))
            {
                removed = true;
            }
            else
            {
                rest.Append(text[..length]);
            }

            text = text[length..];
        }

        return removed;
    }

    private static bool Holds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            if (IsKey(text[range], key))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> line, byte[][] keys)
    {
        foreach (byte[] key in keys)
        {
            if (key.Length > 0 && IsKey(line, key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a line holds a key. Blanks around the line do not count, and bytes that are no UTF-8 are what they become in a reply: a key
    /// that is taken away as <see cref="List"/> showed it must be gone, or it would go on opening the account.
    /// </summary>
    private static bool IsKey(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> shown = line.Trim(Blanks);
        return line.SequenceEqual(key) || shown.SequenceEqual(key)
            || (!Utf8.IsValid(shown) && Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(shown)).AsSpan().SequenceEqual(key));
    }
}
