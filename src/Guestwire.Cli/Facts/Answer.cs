using System.Diagnostics.CodeAnalysis;

namespace Guestwire.Cli.Facts;

/// <summary>What a guest told, or why it told nothing.</summary>
internal sealed class Answer<T>
    where T : notnull
{
    private Answer(T? value, string? remark)
    {
        Value = value;
        Remark = remark;
    }

    /// <summary>Whether it told.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Remark))]
    internal bool IsKnown => Remark is null;

    /// <summary>What it told.</summary>
    internal T? Value { get; }

    /// <summary>Why it told nothing.</summary>
    internal string? Remark { get; }

    /// <summary>It told.</summary>
    internal static Answer<T> Of(T value) => new(value, null);

    /// <summary>It did not.</summary>
    internal static Answer<T> Unknown(string remark) => new(default, remark);

    /// <summary>What follows from it.</summary>
    internal Answer<TOther> Select<TOther>(Func<T, TOther> follow)
        where TOther : notnull => IsKnown ? Answer<TOther>.Of(follow(Value)) : Answer<TOther>.Unknown(Remark);
}
