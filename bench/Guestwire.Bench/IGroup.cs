namespace Guestwire.Bench;

/// <summary>Measurements that belong together. Each file in Groups/ and Growth/ is one.</summary>
internal interface IGroup
{
    /// <summary>For <c>--only</c>, and the heading of its rows.</summary>
    string Name { get; }

    /// <summary>The rows that it may fill, in the table's order; what stays empty is not printed.</summary>
    IReadOnlyList<Row> Rows { get; }

    /// <summary>Measures one target in one round.</summary>
    void Measure(Turn turn);
}
