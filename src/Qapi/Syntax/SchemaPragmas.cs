namespace Qapi.Syntax;

/// <summary>
/// What the pragmas of all files say. A list that no pragma gives is null, and then its rule does not hold: schemas older
/// than a rule have no list for it.
/// </summary>
internal sealed class SchemaPragmas
{
    /// <summary>Whether every definition must be documented.</summary>
    internal bool DocumentationRequired { get; set; }

    /// <summary>Commands that may return something other than an object.</summary>
    internal HashSet<string>? ReturnExceptions { get; set; }

    /// <summary>Commands whose names may hold capitals and underscores.</summary>
    internal HashSet<string>? CommandNameExceptions { get; set; }

    /// <summary>Types whose members' names may hold capitals and underscores.</summary>
    internal HashSet<string>? MemberNameExceptions { get; set; }
}
