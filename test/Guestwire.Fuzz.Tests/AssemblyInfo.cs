// The map of edges is one for the process, and time and memory are measured.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
