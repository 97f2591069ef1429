using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Framing;

/// <summary>Keys that come twice, in objects small and large, inside one another and side by side.</summary>
public sealed class KeyTests
{
    private const string Duplicate = "!JSON parse error, duplicate key";

    [Theory]
    [InlineData("k", "k")]
    [InlineData("k", "\\u006b")]
    [InlineData("k\\\"", "k\\u0022")]
    [InlineData("\u00C3\u00A9", "\\u00e9")]
    [InlineData("\u00C0\u0080", "\\u0000")]
    [InlineData("\u00F0\u009F\u0098\u0080", "\\ud83d\\ude00")]
    [InlineData("/", "\\/")]
    public void The_same_key_in_another_spelling_is_the_same_at_every_size(string key, string again)
    {
        string longer = new('l', 100);
        foreach (int others in new[] { 0, 1, 14, 15, 16, 17, 63, 64, 500 })
        {
            foreach (string tail in new[] { "", longer })
            {
                string between = string.Concat(Enumerable.Range(0, others).Select(i => $"\"other {i}\":{i},"));
                Assert.Equal([Duplicate], Read($"{{\"{key}{tail}\":1,{between}\"{again}{tail}\":2}}"));
                Assert.Equal([Duplicate], Read($"{{{between}\"{key}{tail}\":1,\"{again}{tail}\":2}}"));
                Assert.Single(Read($"{{\"{key}{tail}\":1,{between}\"{again}{tail}-\":2}}"), text => text[0] == '{');
            }
        }
    }

    [Fact]
    public void Objects_inside_one_another_and_side_by_side_may_have_the_same_keys()
    {
        static string Members(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"\"k{i}\":0,"));
        foreach (int count in new[] { 3, 16, 17, 40, 200 })
        {
            string text = "{\"last\":1}";
            for (int level = 0; level < 30; level++)
            {
                text = $"{{{Members(count)}\"in\":[{text},{{{Members(count)}\"k\":1}}],\"out\":1}}";
            }

            Assert.Equal([text], Read(text));
            Assert.Equal([Duplicate], Read(text[..^1] + ",\"k1\":1}"));
            Assert.Equal([Duplicate], Read(text.Replace("\"last\":1", $"{Members(count)}\"k0\":1", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_key_that_comes_twice_is_told_behind_the_faults_of_its_value_and_before_those_that_follow()
    {
        string many = string.Concat(Enumerable.Range(0, 40).Select(i => $"\"k{i}\":0,"));

        Assert.Equal([Duplicate], Read($"{{{many}\"k7\":1,\"x\":tru}}"));
        Assert.Equal(["!JSON parse error, invalid keyword 'tru'"], Read($"{{{many}\"k7\":[tru]}}"));
        Assert.Equal(["!JSON parse error, missing : in object pair"], Read($"{{{many}\"k7\"}}"));
    }

    [Fact]
    public void Space_that_is_squeezed_out_between_keys_does_not_hide_one()
    {
        using FrameReader reader = new(squeezeFromBytes: 64);
        List<string> found = [];
        byte[] space = Encoding.ASCII.GetBytes(new string('\n', 100));
        FrameFeed.Give(reader, "{"u8);
        for (int i = 0; i < 40; i++)
        {
            FrameFeed.Give(reader, space);
            FrameFeed.Give(reader, Encoding.ASCII.GetBytes($"\"key {i}\" : {{ 'a' :\t1}} ,"));
            FrameFeed.Collect(reader, found);
        }

        FrameFeed.Give(reader, space);
        FrameFeed.Give(reader, "\"key 3\" : 1}"u8);
        FrameFeed.Collect(reader, found);

        Assert.Equal([Duplicate], found);
    }

    [Fact]
    public void Objects_of_many_members_allocate_nothing()
    {
        byte[] text = Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":{{\"\\u006b{i}\":[{i}]}}"))}}}");
        using FrameReader reader = new();
        FrameStatus status = default;
        int length = 0;

        Assert.Equal(0, Allocation.Least(() => FrameFeed.Give(reader, text), Read));
        Assert.Equal(FrameStatus.Value, status);
        Assert.Equal(text.Length, length);

        void Read()
        {
            status = reader.Read(out JsonValue value, out _);
            length = value.Text.Length;
        }
    }

    private static List<string> Read(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        List<string> whole = FrameFeed.Read(bytes, int.MaxValue);
        Assert.Equal(whole, FrameFeed.Read(bytes, 7));
        return whole;
    }
}
