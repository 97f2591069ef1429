namespace Guestwire.Bench;

/// <summary>One target's turn in one round of one group.</summary>
/// <param name="Target">What is measured.</param>
/// <param name="Round">From 0.</param>
/// <param name="Data">Where files lie.</param>
/// <param name="Results">Where the numbers go.</param>
internal sealed record Turn(Target Target, int Round, DataPlace Data, Results Results)
{
    /// <summary>Starts the target anew: what an earlier group left in it is gone.</summary>
    internal Server Start() => new(Target);

    /// <summary>Adds a number to a row, in the target's column.</summary>
    internal void Add(Row row, double value) => Results.Add(row, Target.Kind, value);
}
