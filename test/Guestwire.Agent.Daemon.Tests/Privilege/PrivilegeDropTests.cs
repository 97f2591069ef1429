using System.Text;
using Guestwire.Agent.Daemon.Privilege;
using Guestwire.Agent.Privilege;

namespace Guestwire.Agent.Daemon.Tests.Privilege;

public sealed class PrivilegeDropTests
{
    private static readonly Privileges s_kept = new(Capabilities.SysAdmin | Capabilities.DacReadSearch, NoNewPrivileges: true);

    [Theory]
    [InlineData("0000000000200004", "0000000000000000", 1, true)]
    [InlineData("0000000000000000", "0000000000000000", 1, true)]
    [InlineData("0000000000200006", "0000000000000000", 1, false)]
    [InlineData("0000010000200004", "0000000000000000", 1, false)]
    [InlineData("0000000000200004", "0000000000000001", 1, false)]
    [InlineData("0000000000200004", "0000000000000000", 0, false)]
    public void A_thread_with_more_than_what_is_kept_is_found_out(string permitted, string other, int noNewPrivileges, bool isWithin)
    {
        Assert.Equal(isWithin, IsWithin($"Name:\tx\nCapInh:\t{other}\nCapPrm:\t{permitted}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t{noNewPrivileges}\n"));
        Assert.Equal(isWithin, IsWithin($"CapInh:\t0000000000000000\nCapPrm:\t{permitted}\nCapAmb:\t{other}\nNoNewPrivs:\t{noNewPrivileges}\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CapInh:\t0\nCapPrm:\t0\nCapAmb:\t0\n")]
    [InlineData("CapInh:\t0\nCapPrm:\tnonsense\nCapAmb:\t0\nNoNewPrivs:\t1\n")]
    public void A_status_that_does_not_tell_is_no_proof(string status) => Assert.False(IsWithin(status));

    [Fact]
    public void An_errand_is_run_once_in_this_thread_and_once_in_the_finalizer_s()
    {
        List<int> threads = [];

        EveryThread.Do(() => threads.Add(Environment.CurrentManagedThreadId));

        Assert.Equal(2, threads.Distinct().Count());
        Assert.Equal(2, threads.Count);
        Assert.Equal(Environment.CurrentManagedThreadId, threads[0]);
    }

    private static bool IsWithin(string status) => PrivilegeDrop.IsWithin(Encoding.ASCII.GetBytes(status), s_kept);
}
