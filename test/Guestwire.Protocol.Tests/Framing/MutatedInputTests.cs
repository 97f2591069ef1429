using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Framing;

/// <summary>
/// A million broken inputs, each made from sound ones by a fixed seed: nothing throws, everything ends, nothing grows, and what the
/// reader calls a value can be taken apart and written back, to the same value again.
/// </summary>
public sealed class MutatedInputTests
{
    private const int Inputs = 1_000_000;

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":-9223372036854775808},\"id\":{\"a\":[1,2.5e3,null]}}",
            "{'execute':'guest-file-write','arguments':{'handle':1000,'buf-b64':'aGVsbG8=','count':5}}",
            "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\",\"arg\":[\"-c\",\"\\ud83d\\ude00\\n\"],\"capture-output\":true}}",
            "[[[{\"x\":{}}],true,false,null],0,-0,0.1,18446744073709551615,1e400]",
            "{\"execute\":\"guest-ping\",\"id\":\"\u00C0\u0080\u00C3\u00A9\u00F0\u009F\u0098\u0080\"}",
            "\u00FF{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":7}}\n",
            "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16,\"q\":17,\"r\":18}",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[] Interesting = "{}[]:,\"'\\ \t\n019-+.eEutfn\0\u001F\u007F"u8.ToArray();

    [Fact]
    public void A_million_mutated_inputs_never_throw_never_hang_and_never_grow()
    {
        Random random = new(20260117);
        using FrameReader reader = new();
        using Output output = new();
        byte[] input = new byte[4096];
        int values = 0;
        int errors = 0;
        int largest = 0;
        for (int i = 0; i < Inputs; i++)
        {
            int length = Mutate(random, input);
            int given = 0;
            while (given < length)
            {
                int piece = Math.Min(length - given, random.Next(1, 200));
                FrameFeed.Give(reader, input.AsSpan(given, piece));
                given += piece;
                while (reader.Read(out JsonValue value, out string? error) is FrameStatus status && status != FrameStatus.NeedMoreData)
                {
                    if (status == FrameStatus.Error)
                    {
                        errors++;
                        Assert.False(string.IsNullOrEmpty(error));
                    }
                    else
                    {
                        values++;
                        output.CheckEcho(value);
                    }
                }
            }

            // Every fourth input goes on where the last one broke off; the others start with a clean line.
            if ((i & 3) != 3)
            {
                reader.Reset();
            }

            largest = Math.Max(largest, reader.GetSpan(1).Length);
        }

        Assert.InRange(values, Inputs / 50, int.MaxValue);
        Assert.InRange(errors, Inputs / 50, int.MaxValue);
        Assert.InRange(largest, 0, 1024 * 1024);
    }

    private static int Mutate(Random random, byte[] input)
    {
        byte[] seed = Seeds[random.Next(Seeds.Length)];
        seed.CopyTo(input, 0);
        int length = seed.Length;
        for (int mutations = random.Next(4); mutations > 0; mutations--)
        {
            int at = random.Next(length);
            switch (random.Next(6))
            {
                case 0:
                    input[at] = (byte)random.Next(256);
                    break;
                case 1:
                    input[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 2 when length > 1:
                    input.AsSpan(at + 1, length - at - 1).CopyTo(input.AsSpan(at));
                    length--;
                    break;
                case 3:
                    input.AsSpan(at, length - at).CopyTo(input.AsSpan(at + 1));
                    input[at] = Interesting[random.Next(Interesting.Length)];
                    length++;
                    break;
                case 4:
                    length = Math.Max(1, at);
                    break;
                default:
                    byte[] other = Seeds[random.Next(Seeds.Length)];
                    int start = random.Next(other.Length);
                    int count = Math.Min(other.Length - start, input.Length - length - 8);
                    other.AsSpan(start, count).CopyTo(input.AsSpan(length));
                    length += count;
                    break;
            }
        }

        return length;
    }

    /// <summary>Writes values back and reads them again.</summary>
    private sealed class Output : IDisposable
    {
        private readonly ByteBuffer _first = new();
        private readonly ByteBuffer _second = new();
        private readonly FrameReader _again = new();

        public void CheckEcho(JsonValue value)
        {
            string? fault = Request.Read(value, out Request request);
            if (fault is null)
            {
                _ = request.Command.GetString();
            }

            Echo(value, _first);
            _again.Reset();
            FrameFeed.Give(_again, _first.Bytes);
            Assert.Equal(FrameStatus.Value, _again.Read(out JsonValue same, out string? error));
            Assert.Null(error);
            Echo(same, _second);

            // A double zero with a sign goes out as -0, which is a whole number, which has no sign.
            Assert.True(
                _first.Bytes.SequenceEqual(_second.Bytes) || _first.Bytes.IndexOf("-0"u8) >= 0,
                Encoding.ASCII.GetString(_first.Bytes));
            Assert.Equal(-1, _first.Bytes.IndexOfAnyExceptInRange((byte)'\n', (byte)0x7E));
        }

        public void Dispose()
        {
            ((IDisposable)_first).Dispose();
            ((IDisposable)_second).Dispose();
            _again.Dispose();
        }

        private static void Echo(JsonValue value, ByteBuffer buffer)
        {
            buffer.Clear();
            JsonWriter writer = new(buffer);
            JsonEcho.Write(writer, value);
            writer.EndLine();
        }
    }
}
