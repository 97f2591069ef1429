namespace EndToEnd.Libvirt;

/// <summary>Passwords and keys set by virsh: one logs in with the one, the other lies where sshd looks for it.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtAccountTests(LibvirtMachine guest)
{
    private const string First = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirst first@example.com";
    private const string Second = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISecond second@example.com";
    private const string Keys = "/home/tester/.ssh/authorized_keys";

    [Fact]
    public async Task Set_user_password_lets_the_user_in_with_it()
    {
        string told = await guest.Virsh.DoAsync("set-user-password", "tester", "in clear: 'ä'");

        (string user, int status) = await LogInAsync("in clear: 'ä'");
        (_, int wrong) = await LogInAsync("another");
        await guest.Shell.DoAsync("usermod -p '!' tester");
        Assert.StartsWith("Password set successfully for tester", told, StringComparison.Ordinal);
        Assert.Equal("tester\n", user);
        Assert.Equal(0, status);
        Assert.NotEqual(0, wrong);
    }

    [Fact]
    public async Task Set_user_password_takes_one_that_is_encrypted_already()
    {
        string encrypted = await guest.Shell.DoAsync("perl -e 'print crypt(\"behind a hash\", \"\\$6\\$saltsalt\\$\")'; echo");

        await guest.Virsh.DoAsync("set-user-password", "tester", encrypted.Trim(), "--encrypted");

        string stored = await guest.Shell.DoAsync("getent shadow tester | cut -d : -f 2");
        (string user, _) = await LogInAsync("behind a hash");
        await guest.Shell.DoAsync("usermod -p '!' tester");
        Assert.StartsWith("$6$saltsalt$", encrypted, StringComparison.Ordinal);
        Assert.Equal(encrypted, stored);
        Assert.Equal("tester\n", user);
    }

    [Fact]
    public async Task Set_user_sshkeys_writes_adds_and_removes_keys_that_get_user_sshkeys_reads()
    {
        await SetKeysAsync([First], "--reset");
        string written = await guest.Shell.DoAsync($"cat {Keys}; stat --format '%U:%G %a' {Keys} /home/tester/.ssh");
        await SetKeysAsync([Second]);
        string added = await guest.Shell.DoAsync($"cat {Keys}");
        string read = await guest.Virsh.DoAsync("get-user-sshkeys", "tester");
        await SetKeysAsync([First], "--remove");
        string removed = await guest.Shell.DoAsync($"cat {Keys}");
        await SetKeysAsync([First], "--reset");
        string replaced = await guest.Shell.DoAsync($"cat {Keys}");
        await guest.Virsh.DoAsync("set-user-sshkeys", "tester", "--reset");
        string emptied = await guest.Shell.DoAsync($"cat {Keys}; rm -r /home/tester/.ssh");

        Assert.Equal($"{First}\ntester:tester 600\ntester:tester 700\n", written);
        Assert.Equal($"{First}\n{Second}\n", added);

        // The last key first, and libvirt 9.0 puts nothing between them.
        Assert.Equal(Second + First, read);
        Assert.Equal($"{Second}\n", removed);
        Assert.Equal($"{First}\n", replaced);
        Assert.Equal("", emptied.Trim());
    }

    // su asks everybody but root for the password.
    private async Task<(string Output, int Status)> LogInAsync(string password) => await guest.Shell.RunAsync(
        $"printf '%s\\n' \"{password}\" | setpriv --reuid=nobody --regid=nogroup --clear-groups su tester -c 'id -un' 2>/dev/null");

    private async Task SetKeysAsync(string[] keys, params string[] more)
    {
        string file = guest.PathOf("keys");
        await File.WriteAllLinesAsync(file, keys);
        await guest.Virsh.DoAsync("set-user-sshkeys", ["tester", "--file", file, .. more]);
    }
}
