using Qapi.Model;

namespace Qapi.Tests;

/// <summary>Facts about our own schema that hosts and the rest of the code rely on.</summary>
public sealed class ContractTests
{
    /// <summary>The commands in the order in which the reference lists them.</summary>
    private static readonly string[] ReferenceOrder =
    [
        "guest-sync-delimited", "guest-sync", "guest-ping", "guest-get-time", "guest-set-time", "guest-info",
        "guest-shutdown", "guest-file-open", "guest-file-close", "guest-file-read", "guest-file-write",
        "guest-file-seek", "guest-file-flush", "guest-fsfreeze-status", "guest-fsfreeze-freeze",
        "guest-fsfreeze-freeze-list", "guest-fsfreeze-thaw", "guest-fstrim", "guest-suspend-disk", "guest-suspend-ram",
        "guest-suspend-hybrid", "guest-network-get-interfaces", "guest-get-vcpus", "guest-set-vcpus",
        "guest-get-disks", "guest-get-fsinfo", "guest-set-user-password", "guest-get-memory-blocks",
        "guest-set-memory-blocks", "guest-get-memory-block-info", "guest-exec-status", "guest-exec",
        "guest-get-host-name", "guest-get-users", "guest-get-timezone", "guest-get-osinfo", "guest-get-devices",
        "guest-ssh-get-authorized-keys", "guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys",
        "guest-get-diskstats", "guest-get-cpustats", "guest-get-load", "guest-network-get-route",
    ];

    /// <summary>The commands that only we have, as they are listed behind those.</summary>
    private static readonly string[] OurCommands =
    [
        "__org.guestwire_exec-read", "__org.guestwire_exec-write", "__org.guestwire_exec-signal", "__org.guestwire_file-stat",
        "__org.guestwire_file-list", "__org.guestwire_file-make-directory", "__org.guestwire_file-remove", "__org.guestwire_file-rename",
        "__org.guestwire_file-set-attributes", "__org.guestwire_file-link", "__org.guestwire_file-checksum",
        "__org.guestwire_get-memory", "__org.guestwire_get-processes",
    ];

    private readonly Schema _schema = SchemaFiles.Ours;

    [Fact]
    public void There_are_44_commands_of_the_standard_and_13_of_ours_with_58_types()
    {
        string[] all = [.. ReferenceOrder, .. OurCommands];

        Assert.Equal(all.Order(StringComparer.Ordinal), _schema.Commands.Select(command => command.Name).Order(StringComparer.Ordinal));
        Assert.Equal(58, _schema.Definitions.Count - all.Length);
    }

    [Fact]
    public void Each_group_keeps_the_order_of_the_reference()
    {
        foreach (IGrouping<string, Command> group in _schema.Commands.GroupBy(command => command.Module))
        {
            List<string> names = [.. group.Select(command => command.Name)];
            Assert.Equal(ReferenceOrder.Concat(OurCommands).Where(names.Contains), names);
        }
    }

    [Fact]
    public void Every_definition_says_what_it_is_and_since_when()
    {
        Assert.Equal([], _schema.Definitions.Where(one => one.Doc.Body.Length == 0 || one.Doc.Since.Length == 0).Select(one => one.Name));
    }

    [Fact]
    public void What_is_ours_carries_the_prefix_or_our_name()
    {
        Assert.All(
            _schema.Definitions.Where(one => one.Module.Contains("guestwire", StringComparison.Ordinal)),
            one => Assert.StartsWith(one is Command ? "__org.guestwire_" : "Guestwire", one.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_that_returns_something_says_what()
    {
        Assert.Equal(
            _schema.Commands.Where(command => command.Returns is not null).Select(command => command.Name),
            _schema.Commands.Where(command => command.Doc.Returns.Length > 0).Select(command => command.Name));
    }

    [Fact]
    public void Every_member_and_every_value_is_documented()
    {
        IEnumerable<string> silent = _schema.Definitions.SelectMany(definition =>
            Members(definition).Where(member => member.Doc.Length == 0).Select(member => $"{definition.Name}.{member.Name}"));
        Assert.Equal([], silent);
    }

    [Fact]
    public void Every_feature_is_one_that_the_read_me_explains_and_is_documented()
    {
        string[] known = ["allowed-while-frozen", "base64", "may-block", "private", "read-only", "secret", "streamed"];
        List<Feature> used = [.. _schema.Definitions.SelectMany(definition =>
            definition.Features.Concat(Members(definition).SelectMany(member => member.Features)))];

        Assert.Equal(known, used.Select(feature => feature.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(used, feature => feature.Doc.Length == 0);
    }

    [Fact]
    public void Six_commands_work_while_frozen()
    {
        Assert.Equal(
            [
                "guest-fsfreeze-status", "guest-fsfreeze-thaw", "guest-info", "guest-ping", "guest-sync",
                "guest-sync-delimited",
            ],
            With("allowed-while-frozen"));
    }

    [Fact]
    public void Four_commands_are_silent_when_they_succeed()
    {
        Assert.Equal(
            ["guest-shutdown", "guest-suspend-disk", "guest-suspend-hybrid", "guest-suspend-ram"],
            _schema.Commands.Where(command => !command.SuccessResponse).Select(command => command.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_changes_the_guest_is_not_marked_as_read_only()
    {
        Assert.Equal(
            [
                "__org.guestwire_exec-signal", "__org.guestwire_exec-write", "__org.guestwire_file-link",
                "__org.guestwire_file-make-directory", "__org.guestwire_file-remove", "__org.guestwire_file-rename",
                "__org.guestwire_file-set-attributes",
                "guest-exec", "guest-file-close", "guest-file-flush", "guest-file-open", "guest-file-write",
                "guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list", "guest-fsfreeze-thaw", "guest-fstrim",
                "guest-set-memory-blocks", "guest-set-time", "guest-set-user-password", "guest-set-vcpus",
                "guest-shutdown", "guest-ssh-add-authorized-keys", "guest-ssh-remove-authorized-keys",
                "guest-suspend-disk", "guest-suspend-hybrid", "guest-suspend-ram",
            ],
            _schema.Commands.Select(command => command.Name).Except(With("read-only")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Base64_secrets_and_what_is_private_are_marked()
    {
        IEnumerable<string> marked = _schema.Definitions.SelectMany(definition => Members(definition)
            .Where(member => member.Features.Count > 0)
            .Select(member => $"{definition.Name}.{member.Name}: {string.Join(' ', member.Features.Select(one => one.Name))}"));

        Assert.Equal(
            [
                "GuestExecStatus.err-data: base64", "GuestExecStatus.out-data: base64", "GuestFileRead.buf-b64: base64",
                "GuestwireExecOutput.err-data: base64", "GuestwireExecOutput.out-data: base64", "__org.guestwire_exec-write.buf-b64: base64",
                "guest-exec.arg: private", "guest-exec.env: private", "guest-exec.input-data: base64", "guest-file-write.buf-b64: base64",
                "guest-set-user-password.password: base64 secret",
            ],
            marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Devices_are_listed_on_Windows_only()
    {
        Definition devices = _schema.Find("guest-get-devices")!;

        Assert.Equal("CONFIG_WIN32", devices.If!.Text);
        Assert.Contains("Windows only", devices.Doc.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_use_four_names()
    {
        HashSet<string> names = [];
        foreach (Condition condition in _schema.Definitions.Select(one => one.If)
            .Concat(_schema.Definitions.OfType<EnumType>().SelectMany(type => type.Values).Select(value => value.If))
            .OfType<Condition>())
        {
            names.UnionWith(condition.Text.Split('(', ')', ',', ' ').Where(word => word.StartsWith("CONFIG_", StringComparison.Ordinal)));
        }

        Assert.Equal(["CONFIG_FREEBSD", "CONFIG_LINUX", "CONFIG_POSIX", "CONFIG_WIN32"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_type_exists_wherever_a_command_that_uses_it_does()
    {
        foreach (Command command in _schema.Commands.Where(command => command.If is not null))
        {
            foreach (string name in command.Arguments.Select(one => one.Type.Name).Append(command.Returns?.Name ?? "str"))
            {
                string condition = _schema.Find(name)?.If?.Text ?? "";
                string own = command.If!.Text.Replace("any(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
                Assert.True(
                    condition.Length == 0 || own.Split(", ").All(part => condition.Contains(part, StringComparison.Ordinal)),
                    $"{name} is missing on a platform that has {command.Name}");
            }
        }
    }

    private IEnumerable<string> With(string feature) => _schema.Commands
        .Where(command => command.Features.Any(one => one.Name == feature))
        .Select(command => command.Name).Order(StringComparer.Ordinal);

    /// <summary>Whatever stands inside a definition; branches of a union are named and described by its enumeration.</summary>
    private static IEnumerable<(string Name, string Doc, EquatableArray<Feature> Features)> Members(Definition definition) =>
        definition switch
        {
            Command command => command.Arguments.Select(one => (one.Name, one.Doc, one.Features)),
            StructType type => type.Members.Select(one => (one.Name, one.Doc, one.Features)),
            UnionType type => type.Members.Select(one => (one.Name, one.Doc, one.Features)),
            AlternateType type => type.Branches.Select(one => (one.Name, one.Doc, one.Features)),
            EnumType type => type.Values.Select(one => (one.Name, one.Doc, one.Features)),
            _ => [],
        };
}
