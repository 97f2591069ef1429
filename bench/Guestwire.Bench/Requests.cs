using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Guestwire.Bench;

/// <summary>Requests as bytes, newline included, made before anything is timed; and the numbers of their replies.</summary>
internal static class Requests
{
    /// <summary>The request with the least to do.</summary>
    internal static readonly byte[] Ping = Plain("guest-ping");

    /// <summary>A command without arguments.</summary>
    internal static byte[] Plain(string command) => Encoding.ASCII.GetBytes($"{{\"execute\":\"{command}\"}}\n");

    internal static byte[] Sync(long id) => WithArguments("guest-sync", $"\"id\":{id}");

    internal static byte[] SyncDelimited(long id) => WithArguments("guest-sync-delimited", $"\"id\":{id}");

    internal static byte[] FileOpen(string path, string mode) => WithArguments("guest-file-open", $"\"path\":\"{path}\",\"mode\":\"{mode}\"");

    internal static byte[] FileClose(long handle) => WithArguments("guest-file-close", $"\"handle\":{handle}");

    internal static byte[] FileRewind(long handle) =>
        WithArguments("guest-file-seek", $"\"handle\":{handle},\"offset\":0,\"whence\":\"set\"");

    internal static byte[] FileRead(long handle, int count) => WithArguments("guest-file-read", $"\"handle\":{handle},\"count\":{count}");

    internal static byte[] FileWrite(long handle, ReadOnlySpan<byte> bytes)
    {
        byte[] head = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-file-write\",\"arguments\":{{\"handle\":{handle},\"buf-b64\":\""));
        ReadOnlySpan<byte> tail = "\"}}\n"u8;
        byte[] request = new byte[head.Length + Base64.GetMaxEncodedToUtf8Length(bytes.Length) + tail.Length];
        head.CopyTo(request, 0);
        Base64.EncodeToUtf8(bytes, request.AsSpan(head.Length), out _, out _);
        tail.CopyTo(request.AsSpan(request.Length - tail.Length));
        return request;
    }

    internal static byte[] Exec(string path, string arguments, bool captureOutput) => WithArguments(
        "guest-exec", $"\"path\":\"{path}\",\"arg\":[{arguments}],\"capture-output\":{(captureOutput ? "true" : "false")}");

    internal static byte[] ExecStatus(long pid) => WithArguments("guest-exec-status", $"\"pid\":{pid}");

    /// <summary>The first number in a reply: what guest-file-open and guest-exec return.</summary>
    internal static long ReadNumber(ReadOnlySpan<byte> reply)
    {
        int begin = reply.IndexOfAnyInRange((byte)'0', (byte)'9');
        return begin >= 0 && Utf8Parser.TryParse(reply[begin..], out long number, out _)
            ? number
            : throw new BenchException($"no number in {Encoding.UTF8.GetString(reply)}");
    }

    /// <summary>The bytes that stand in a reply as base64.</summary>
    internal static byte[] ReadBytes(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> member)
    {
        int begin = reply.IndexOf(member);
        ReadOnlySpan<byte> text = begin < 0 ? [] : reply[(begin + member.Length)..];
        text = text[..Math.Max(text.IndexOf((byte)'"'), 0)];
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        Base64.DecodeFromUtf8(text, bytes, out _, out int count);
        return bytes[..count];
    }

    private static byte[] WithArguments(string command, FormattableString arguments) => Encoding.UTF8.GetBytes(
        $"{{\"execute\":\"{command}\",\"arguments\":{{{arguments.ToString(CultureInfo.InvariantCulture)}}}}}\n");
}
