using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol;

/// <summary>
/// The order in which the reference meets the members of an object: not as they came, but by a hash of the name, 512 buckets.
/// We need it in one place only: of several faults in an envelope, hosts have always been told the first in this order.
/// </summary>
internal static class MemberOrder
{
    /// <summary>
    /// The bucket of a name. For a name of n bytes: v = 0x238F13AF · n; each byte i is added shifted left by 5·i mod 24;
    /// the bucket is (1103515243 · v + 12345) mod 512. All modulo 2^32.
    /// </summary>
    internal static int Of(JsonValue name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name.GetString());
        uint value = unchecked(0x238F13AFu * (uint)bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            value = unchecked(value + ((uint)bytes[i] << (5 * i % 24)));
        }

        return (int)(unchecked((1103515243u * value) + 12345u) % 512);
    }
}
