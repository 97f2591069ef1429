using System.Diagnostics;
using Guestwire.Fuzz.Coverage;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Search;

/// <summary>
/// Searches a target for inputs that do what they should not: runs the seeds, then inputs made of those that reached something new, until time or number is
/// used up. Each different fault is made small and written down once.
/// </summary>
internal sealed class Campaign
{
    /// <summary>So many different faults in one target say that it is broken altogether.</summary>
    private const int MaxFindings = 20;

    private readonly FuzzTarget _target;
    private readonly FindingFolder _findings;
    private readonly InputRun _run;
    private readonly Mutator _mutator;
    private readonly Corpus _corpus;
    private readonly SeenEdges _seen = new();
    private readonly HashSet<string> _faults = [];
    private readonly List<string> _files = [];
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private long _inputs;

    /// <summary>A search.</summary>
    /// <param name="target">What to search.</param>
    /// <param name="seed">The same seed makes the same inputs, whatever other targets run.</param>
    /// <param name="findings">Where findings go.</param>
    internal Campaign(FuzzTarget target, int seed, FindingFolder findings)
    {
        Random random = new(seed);
        _target = target;
        _findings = findings;
        _run = new InputRun(target);
        _mutator = new Mutator(target.Shape, target.Words, target.MaxInputBytes, random);
        _corpus = new Corpus(random);
    }

    /// <summary>Where it stands.</summary>
    internal CampaignResult Result => new(_target.Name, _inputs, _time.Elapsed, _seen.Count, _corpus.Count, _files);

    /// <summary>Searches.</summary>
    /// <param name="maxInputs">Inputs at most.</param>
    /// <param name="maxTime">Time at most.</param>
    /// <param name="progress">Told now and then.</param>
    internal CampaignResult Search(long maxInputs, TimeSpan maxTime, Action<CampaignResult>? progress = null)
    {
        using LastInput last = new(_findings.Path, _target.Name, _target.MaxInputBytes);
        using HangWatch watch = new(() => _findings.Write(_target.Name, last.Current, new Fault("hang", "it never ends")));
        foreach (byte[] seed in _target.Seeds)
        {
            Try(seed.AsSpan(0, Math.Min(seed.Length, _target.MaxInputBytes)), last, watch, isSeed: true);
        }

        TimeSpan told = TimeSpan.Zero;
        while (_inputs < maxInputs && _faults.Count < MaxFindings)
        {
            Try(_mutator.Mutate(_corpus.Pick(), _corpus.Pick()), last, watch, isSeed: false);
            if ((_inputs & 0xFF) == 0)
            {
                if (_time.Elapsed > maxTime)
                {
                    break;
                }

                if (_time.Elapsed - told > TimeSpan.FromSeconds(5))
                {
                    told = _time.Elapsed;
                    progress?.Invoke(Result);
                }
            }
        }

        return Result;
    }

    private void Try(ReadOnlySpan<byte> input, LastInput last, HangWatch watch, bool isSeed)
    {
        _inputs++;
        watch.Next();
        last.Note(input);
        Fault? fault = _run.Execute(input);
        if (_seen.Add(EdgeMap.Counts) || isSeed)
        {
            _corpus.Add(input.ToArray());
        }

        if (fault is not null && _faults.Add(fault.Signature))
        {
            byte[] small = new Minimizer(candidate =>
            {
                watch.Next();
                last.Note(candidate);
                return _run.Execute(candidate)?.Signature == fault.Signature;
            }).Minimize(input.ToArray());
            _files.Add(_findings.Write(_target.Name, small, _run.Execute(small) ?? fault));
        }
    }
}
