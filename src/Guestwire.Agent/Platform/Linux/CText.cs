using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Text in a field of fixed size: it ends at the first zero byte, or with the field.</summary>
internal static class CText
{
    /// <summary>The text in a field.</summary>
    internal static string ToString(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
