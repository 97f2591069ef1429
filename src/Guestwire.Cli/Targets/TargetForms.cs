namespace Guestwire.Cli.Targets;

/// <summary>The ways to name a guest, for help and errors.</summary>
internal static class TargetForms
{
    internal const string Text = "a name, unix:PATH, vsock:CID:PORT, serial:PATH, libvirt:[URI/]DOMAIN or pve:ID";
}
