using Guestwire.Fuzz.Coverage;

namespace Guestwire.Fuzz.Tests.Coverage;

public sealed class SeenEdgesTests
{
    [Fact]
    public void An_edge_is_news_once_for_each_order_of_magnitude()
    {
        SeenEdges seen = new();
        byte[] counts = new byte[EdgeMap.Size];
        List<bool> news = [];
        foreach (byte count in (byte[])[0, 1, 1, 2, 3, 4, 7, 8, 15, 16, 40, 127, 200, 255, 1])
        {
            counts[^1] = count;
            news.Add(seen.Add(counts));
        }

        Assert.Equal([false, true, false, true, true, true, false, true, false, true, true, false, true, false, false], news);
        Assert.Equal(1, seen.Count);
    }
}
