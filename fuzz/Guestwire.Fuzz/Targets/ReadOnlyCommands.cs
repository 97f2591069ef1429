using System.Collections;
using System.Reflection;
using Guestwire.Agent.Commands;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// Stands for every group of commands: reads the arguments, touches nothing, and returns a value of the right type in which every member is there.
/// Public and open, since the runtime derives a class of it for each interface.
/// </summary>
public class ReadOnlyCommands : DispatchProxy
{
    private readonly Dictionary<Type, object> _values = [];

    /// <summary>All groups.</summary>
    internal static CommandGroups Groups()
    {
        CommandGroups groups = Activator.CreateInstance<CommandGroups>();
        foreach (PropertyInfo group in typeof(CommandGroups).GetProperties().Where(property => property.PropertyType.IsInterface))
        {
            group.SetValue(groups, Create(group.PropertyType, typeof(ReadOnlyCommands)));
        }

        return groups;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        foreach (object? argument in args!)
        {
            ReadBase64(argument!);
        }

        Type type = targetMethod!.ReturnType;
        if (type == typeof(void))
        {
            return null;
        }

        if (!_values.TryGetValue(type, out object? value))
        {
            value = ValueOf(type);

            // A stream is read once.
            if (!IsStreamed(type))
            {
                _values.Add(type, value);
            }
        }

        return value;
    }

    // Arguments are typed by now; bytes are the one thing that is decoded only by who uses it.
    private static void ReadBase64(object arguments)
    {
        foreach (PropertyInfo member in arguments.GetType().GetProperties())
        {
            if ((member.PropertyType == typeof(Base64Text) || member.PropertyType == typeof(Base64Text?)) && member.GetValue(arguments) is Base64Text text)
            {
                text.Decode();
            }
        }
    }

    private static bool IsStreamed(Type type) => type.GetProperties().Any(member => typeof(Base64Source).IsAssignableFrom(member.PropertyType));

    private static object ValueOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return "a \"\\ \u00E9\n\u0001\U0001F600";
        }

        if (type == typeof(Base64Source))
        {
            return new MemoryBase64Source(new byte[100]);
        }

        if (type.IsPrimitive || type.IsEnum)
        {
            return type == typeof(bool) ? true : type.IsEnum ? Enum.GetValues(type).GetValue(0)! : Convert.ChangeType(7, type, null);
        }

        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            Array list = Array.CreateInstance(type.GetGenericArguments()[0], 2);
            list.SetValue(ValueOf(type.GetGenericArguments()[0]), 0);
            list.SetValue(ValueOf(type.GetGenericArguments()[0]), 1);
            return list;
        }

        return type.IsAbstract ? ValueOf(type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).First(type.IsAssignableFrom)) : RecordOf(type);
    }

    private static object RecordOf(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().Where(one => !one.GetParameters().Any(parameter => parameter.ParameterType == type))
            .MaxBy(one => one.GetParameters().Length) ?? throw new InvalidOperationException($"{type} cannot be made");
        object value = constructor.Invoke([.. constructor.GetParameters().Select(parameter => ValueOf(parameter.ParameterType))]);
        foreach (PropertyInfo member in type.GetProperties().Where(member => member.CanWrite))
        {
            member.SetValue(value, ValueOf(member.PropertyType));
        }

        return value;
    }
}
