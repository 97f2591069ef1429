namespace Guestwire.Bench;

/// <summary>A row of the table.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Of the numbers; MB are 10^6 bytes.</param>
/// <param name="Digits">After the decimal point.</param>
/// <param name="Promise">What our agent must hold, if anything.</param>
internal sealed record Row(string Name, string Unit, int Digits, Promise? Promise = null);
