namespace EndToEnd.Libvirt;

/// <summary>The test classes that share one libvirt domain.</summary>
[CollectionDefinition(LibvirtMachine.Collection)]
public sealed class LibvirtCollection : ICollectionFixture<LibvirtMachine>;
