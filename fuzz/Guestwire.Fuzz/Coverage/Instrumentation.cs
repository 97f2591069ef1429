using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Guestwire.Fuzz.Coverage;

/// <summary>
/// Rewrites an assembly so that each basic block of each method first calls <see cref="EdgeMap.Hit"/> with a number of its own. A block begins at
/// a method's first instruction, where a branch leads, behind a branch, and where a handler of exceptions begins.
/// </summary>
internal sealed class Instrumentation
{
    // Odd, so that numbers repeat only after all have been given; far from regular, so that neighbours do not share places in the map.
    private const uint Step = 0x9E3779B1;

    private uint _given;

    /// <summary>Rewrites an assembly.</summary>
    /// <param name="path">Its file; stays as it is.</param>
    /// <param name="image">Gets the new assembly.</param>
    internal void Rewrite(string path, Stream image)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        MethodReference hit = module.ImportReference(typeof(EdgeMap).GetMethod(nameof(EdgeMap.Hit)));
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            Rewrite(method.Body, hit);
        }

        module.Write(image);
        image.Position = 0;
    }

    private void Rewrite(MethodBody body, MethodReference hit)
    {
        body.SimplifyMacros();
        Dictionary<Instruction, Instruction> probes = [];
        ILProcessor processor = body.GetILProcessor();
        foreach (Instruction leader in Leaders(body))
        {
            Instruction number = processor.Create(OpCodes.Ldc_I4, (int)((++_given * Step) >> 16));
            processor.InsertBefore(leader, number);
            processor.InsertBefore(leader, processor.Create(OpCodes.Call, hit));
            probes.Add(leader, number);
        }

        foreach (Instruction instruction in body.Instructions)
        {
            instruction.Operand = instruction.Operand switch
            {
                Instruction target => probes[target],
                Instruction[] targets => Array.ConvertAll(targets, target => probes[target]),
                object other => other,
                null => null,
            };
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = probes[handler.TryStart];
            handler.TryEnd = Probe(handler.TryEnd);
            handler.FilterStart = Probe(handler.FilterStart);
            handler.HandlerStart = probes[handler.HandlerStart];
            handler.HandlerEnd = Probe(handler.HandlerEnd);
        }

        body.OptimizeMacros();

        // An end is the first instruction behind a region, and none when the method ends there.
        Instruction? Probe(Instruction? edge) => edge is null ? null : probes[edge];
    }

    private static HashSet<Instruction> Leaders(MethodBody body)
    {
        HashSet<Instruction> leaders = [body.Instructions[0]];
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                leaders.Add(target);
            }

            leaders.UnionWith(instruction.Operand as Instruction[] ?? []);
            if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch && instruction.Next is not null)
            {
                leaders.Add(instruction.Next);
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            foreach (Instruction? edge in (Instruction?[])[handler.TryStart, handler.TryEnd, handler.FilterStart, handler.HandlerStart, handler.HandlerEnd])
            {
                if (edge is not null)
                {
                    leaders.Add(edge);
                }
            }
        }

        return leaders;
    }
}
