namespace EndToEnd.Faults.Guest;

/// <summary>The moment of a freeze and its thaw at which an agent died.</summary>
internal enum FreezeMoment
{
    /// <summary>Told to freeze, and nothing is frozen yet.</summary>
    BeforeTheFirst,

    /// <summary>Told to freeze, and some are frozen.</summary>
    BetweenTwo,

    /// <summary>All are frozen.</summary>
    Frozen,

    /// <summary>Told to thaw, and some are thawed.</summary>
    Thawing,

    /// <summary>All are thawed, and the hook's turn has come, or the end.</summary>
    Thawed,
}
