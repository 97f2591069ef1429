namespace Guestwire.Fuzz.Mutation;

/// <summary>Numbers at which something ends: a type, a limit, a grammar.</summary>
internal static class Numbers
{
    private static readonly byte[][] s_all =
    [
        .. new[]
        {
            "0", "-0", "1", "-1", "7", "8", "10", "100", "127", "128", "255", "256", "999", "1000", "1024", "4096", "32767", "32768", "65535", "65536",
            "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "50331648", "50331649", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
            "99999999999999999999999", "0.5", "1e3", "1E-5", "1e400", "0x7f", "ffffffff", "00", "007", "1.", "-",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>One of them.</summary>
    internal static byte[] Any(Random random) => s_all[random.Next(s_all.Length)];
}
