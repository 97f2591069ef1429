namespace EndToEnd.DebianGuest;

/// <summary>The judge of system calls knows a write to a disk when it sees one.</summary>
[Trait("Suite", "debian-guest")]
public sealed class TracedCallTests
{
    [Theory]
    [InlineData("""540   write(9</var/log/agent.log>, "line", 4) = 4""")]
    [InlineData("""540   write(9</data/xfs/dev/vport0p1>, "line", 4 <unfinished ...>""")]
    [InlineData("""540   sendto(7<socket:[14150]>, "<14>", 4, MSG_NOSIGNAL, NULL, 0) = 4""")]
    [InlineData("""540   openat(AT_FDCWD</>, "/var/lib/state", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) = 9</var/lib/state>""")]
    [InlineData("""540   unlink("/var/lib/state") = 0""")]
    [InlineData("""540   mkdir("/tmp/.dotnet", 0700) = 0""")]
    [InlineData("""540   ftruncate(9</run/x>, 0) = 0""")]
    [InlineData("""540   fsync(9</root/x>) = 0""")]
    [InlineData("540   mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 9</root/x>, 0) = 0x7f")]
    [InlineData("540   ioctl(9</root>, FITRIM, {start=0}) = 0")]
    [InlineData("540   sync( <unfinished ...>")]
    [InlineData("540   never_heard_of(1) = 0")]
    [InlineData("not a call at all")]
    public void These_may_write(string line) => Assert.True(TracedCall.MayWriteToDisk(line));

    [Theory]
    [InlineData("""540   write(5</dev/vport0p1>, "{\"return\": {}}\n", 15) = 15""")]
    [InlineData("""540   write(4<anon_inode:[eventfd]>, "\1\0\0\0\0\0\0\0", 8) = 8""")]
    [InlineData("""540   openat(AT_FDCWD</>, "/data/xfs", O_RDONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC) = 9</data/xfs>""")]
    [InlineData("""540   openat(AT_FDCWD</>, "/var/run/qga.state.isfrozen", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0600) = 9</run/qga.state.isfrozen>""")]
    [InlineData("540   mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f")]
    [InlineData("540   ioctl(9</root>, FIFREEZE) = 0")]
    [InlineData("538   <... read resumed>\"\", 62406) = 0")]
    [InlineData("540   +++ exited with 0 +++")]
    public void These_do_not(string line) => Assert.False(TracedCall.MayWriteToDisk(line));
}
