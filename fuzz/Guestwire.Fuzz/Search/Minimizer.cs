namespace Guestwire.Fuzz.Search;

/// <summary>Makes an input smaller as long as it does the same.</summary>
/// <param name="isSame">Whether an input does the same.</param>
internal sealed class Minimizer(Func<byte[], bool> isSame)
{
    /// <summary>Tries at most; a large input may stay larger than it need be.</summary>
    private const int MaxTries = 20_000;

    private int _tries;

    /// <summary>Takes parts away, large ones first, then makes bytes plain.</summary>
    internal byte[] Minimize(byte[] input)
    {
        byte[] smallest = input;
        for (int part = Math.Max(1, input.Length / 2); part > 0 && _tries < MaxTries; part /= 2)
        {
            smallest = WithoutParts(smallest, part);
        }

        // What stands at an earlier place may have become superfluous by what went later.
        smallest = WithoutParts(smallest, 1);
        return Plain(smallest);
    }

    private byte[] WithoutParts(byte[] input, int part)
    {
        for (int start = 0; start < input.Length;)
        {
            byte[] shorter = [.. input[..start], .. input[Math.Min(start + part, input.Length)..]];
            if (IsSame(shorter))
            {
                input = shorter;
            }
            else
            {
                start += part;
            }
        }

        return input;
    }

    private byte[] Plain(byte[] input)
    {
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] is not ((byte)'a' or (byte)'0' or (byte)'\n'))
            {
                byte[] plainer = [.. input];
                plainer[i] = input[i] is >= (byte)'0' and <= (byte)'9' ? (byte)'0' : (byte)'a';
                input = IsSame(plainer) ? plainer : input;
            }
        }

        return input;
    }

    private bool IsSame(byte[] input) => _tries++ < MaxTries && isSame(input);
}
