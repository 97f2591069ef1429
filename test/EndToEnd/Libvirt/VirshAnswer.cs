namespace EndToEnd.Libvirt;

/// <summary>What virsh said.</summary>
/// <param name="Output">Its standard output without the empty lines at its end.</param>
/// <param name="Errors">Its standard error likewise.</param>
/// <param name="Status">Zero when the command succeeded.</param>
internal sealed record VirshAnswer(string Output, string Errors, int Status);
