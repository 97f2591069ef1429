namespace Qapi.Generator.Checks;

/// <summary>
/// What the generator asks of a schema beyond the rules of the language, each with its stable id and its page in
/// <c>docs/diagnostics</c>.
/// </summary>
internal static class EmitRules
{
    internal const string NoRootFileId = "QAPI0101";
    internal const string UnknownEmitId = "QAPI0102";
    internal const string UnusableNameId = "QAPI0103";
    internal const string UnsupportedTypeId = "QAPI0104";
    internal const string NestedStreamId = "QAPI0105";
    internal const string BothWaysId = "QAPI0106";
    internal const string UnknownUntilStreamedId = "QAPI0107";
    internal const string UnknownSymbolId = "QAPI0108";

    internal static Diagnostic NoRootFile() => new(NoRootFileId, "", 0, 0,
        $"{Reading.SchemaReader.RootFile} is not among the additional files; "
        + "add the schema folder: <AdditionalFiles Include=\"schema/*.json\" />");

    internal static Diagnostic UnknownEmit(string emit) => new(UnknownEmitId, "", 0, 0,
        $"QapiEmit is '{emit}'; it must be 'types', 'agent' or 'client'");
}
