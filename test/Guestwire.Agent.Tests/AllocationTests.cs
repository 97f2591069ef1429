using System.Net.Sockets;
using System.Text;

namespace Guestwire.Agent.Tests;

/// <summary>What a small request costs the garbage collector, from its bytes to the bytes of its reply: nothing.</summary>
public sealed class AllocationTests : IDisposable
{
    /// <summary>Far more than anything that may be made once: a request that makes garbage at all is seen.</summary>
    private const int Requests = 1000;

    private const int Runs = 5;

    private readonly SessionBench _bench = new();
    private readonly byte[] _replies = new byte[64 * 1024];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{"execute":"guest-ping"}""", """{"return": {}}""")]
    [InlineData("""{"execute":"guest-ping","arguments":{},"id":"req-1"}""", """{"return": {}, "id": "req-1"}""")]
    [InlineData("""{"execute":"guest-sync","arguments":{"id":123456789}}""", """{"return": 123456789}""")]
    [InlineData("""{'execute': 'guest-sync', 'arguments': {'id': -1}, 'id': {'a': [1, null, true]}}""", """{"return": -1, "id": {"a": [1, null, true]}}""")]
    [InlineData("""{"execute":"guest-fsfreeze-status"}""", "{\"return\": \"thawed\"}")]
    public void A_small_request_makes_no_garbage(string request, string reply)
    {
        byte[] question = Encoding.UTF8.GetBytes(request + "\n");
        byte[] answer = Encoding.UTF8.GetBytes(reply + "\n");
        using Socket host = Connect();

        Assert.InRange(Least(() => Enumerable.Range(0, Requests).Sum(_ => Ask(host, question, answer))), 0, Requests);
    }

    [Fact]
    public void A_thousand_requests_sent_together_make_no_garbage()
    {
        byte[] questions = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"execute\":\"guest-ping\"}\n", Requests)));
        byte[] answers = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"return\": {}}\n", Requests)));
        using Socket host = Connect();

        Assert.InRange(Least(() => Ask(host, questions, answers)), 0, Requests);
    }

    [Fact]
    public void Garbage_would_be_seen()
    {
        using Socket host = Connect();
        byte[] question = "{\"execute\":\"nonsense\"}\n"u8.ToArray();
        byte[] answer = "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command nonsense has not been found\"}}\n"u8.ToArray();
        Ask(host, question, answer);

        Assert.InRange(Ask(host, question, answer), 1, long.MaxValue);
    }

    /// <summary>The runtime allocates too, when it happens to compile a method anew that runs; a request that makes garbage does so each time.</summary>
    private static long Least(Func<long> ask) => Enumerable.Range(0, Runs).Min(_ => ask());

    private Socket Connect()
    {
        _bench.Parts.Log.Forgets = true;
        Socket host = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        host.Connect(new UnixDomainSocketEndPoint(_bench.Parts["socket"]));
        _bench.Accept();
        return host;
    }

    /// <returns>The bytes of managed memory that the agent allocated for it.</returns>
    private long Ask(Socket host, byte[] question, byte[] answer)
    {
        host.Send(question);
        int count = 0;
        long allocated = 0;
        while (count < answer.Length)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _bench.Parts.Loop.RunOnce(timeoutMilliseconds: 10_000);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            while (count < answer.Length && host.Available > 0)
            {
                count += host.Receive(_replies, count, _replies.Length - count, SocketFlags.None);
            }
        }

        Assert.Equal(answer, _replies[..count]);
        return allocated;
    }
}
