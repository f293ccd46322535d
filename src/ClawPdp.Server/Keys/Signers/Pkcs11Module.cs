using System.Globalization;
using System.Runtime.InteropServices;

namespace ClawPdp.Server.Keys.Signers;

/// <summary>
/// The functions of a PKCS#11 module (OASIS PKCS #11 v2.40) that signing needs, by their places in the module's function list. Not for
/// concurrent use.
/// </summary>
internal sealed unsafe class Pkcs11Module : IDisposable
{
    private const nuint Ok = 0;
    private const nuint LockingOk = 2;

    private readonly nint _library;
    private readonly nint* _functions;

    /// <param name="path">The module, such as <c>/usr/lib/softhsm/libsofthsm2.so</c>.</param>
    /// <exception cref="Pkcs11Exception">It cannot be loaded, or is no module.</exception>
    public Pkcs11Module(string path)
    {
        if (!NativeLibrary.TryLoad(path, out _library) || !NativeLibrary.TryGetExport(_library, "C_GetFunctionList", out var entry))
        {
            throw new Pkcs11Exception($"`{path}` cannot be loaded as a PKCS#11 module");
        }

        nint list;
        Check("C_GetFunctionList", ((delegate* unmanaged[Cdecl]<nint*, nuint>)entry)(&list));

        // CK_FUNCTION_LIST: a version of two bytes, then, aligned, the functions.
        _functions = (nint*)(list + sizeof(nint));
        var arguments = new InitializeArguments { Flags = LockingOk };
        Check("C_Initialize", ((delegate* unmanaged[Cdecl]<void*, nuint>)_functions[0])(&arguments));
    }

    /// <summary>Gives the slots that have a token.</summary>
    /// <exception cref="Pkcs11Exception">The module failed.</exception>
    public nuint[] Slots()
    {
        var get = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)_functions[4];
        nuint count;
        Check("C_GetSlotList", get(1, null, &count));
        var slots = new nuint[checked((int)count)];
        fixed (nuint* first = slots)
        {
            Check("C_GetSlotList", get(1, first, &count));
        }

        return slots[..Math.Min(slots.Length, checked((int)count))];
    }

    /// <summary>Gives the label of the token in a slot.</summary>
    /// <exception cref="Pkcs11Exception">The module failed.</exception>
    public string TokenLabel(nuint slot)
    {
        // CK_TOKEN_INFO begins with the label: 32 bytes, filled with spaces.
        var info = stackalloc byte[512];
        Check("C_GetTokenInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)_functions[6])(slot, info));
        return System.Text.Encoding.UTF8.GetString(new ReadOnlySpan<byte>(info, 32)).TrimEnd(' ', '\0');
    }

    /// <summary>Opens a session and logs the user in.</summary>
    /// <exception cref="Pkcs11Exception">The module failed, or the PIN is wrong.</exception>
    public nuint Open(nuint slot, ReadOnlySpan<byte> pin)
    {
        const nuint SerialSession = 4;
        const nuint User = 1;
        nuint session;
        Check("C_OpenSession", ((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)_functions[12])(slot, SerialSession, null, null, &session));
        fixed (byte* text = pin)
        {
            Check("C_Login", ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)_functions[18])(session, User, text, (nuint)pin.Length));
        }

        return session;
    }

    /// <summary>Finds the objects of a class, a key type and a label.</summary>
    /// <exception cref="Pkcs11Exception">The module failed.</exception>
    public nuint[] Find(nuint session, nuint objectClass, nuint keyType, string label)
    {
        const int FoundMax = 2;
        var name = System.Text.Encoding.UTF8.GetBytes(label);
        var found = new nuint[FoundMax];
        nuint count;
        fixed (byte* text = name)
        fixed (nuint* first = found)
        {
            var template = stackalloc Attribute[3];
            template[0] = new Attribute { Type = AttributeClass, Value = &objectClass, Length = (nuint)sizeof(nuint) };
            template[1] = new Attribute { Type = AttributeKeyType, Value = &keyType, Length = (nuint)sizeof(nuint) };
            template[2] = new Attribute { Type = AttributeLabel, Value = text, Length = (nuint)name.Length };
            Check("C_FindObjectsInit", ((delegate* unmanaged[Cdecl]<nuint, Attribute*, nuint, nuint>)_functions[26])(session, template, 3));
            Check("C_FindObjects", ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)_functions[27])(session, first, FoundMax, &count));
            Check("C_FindObjectsFinal", ((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[28])(session));
        }

        return found[..checked((int)count)];
    }

    /// <summary>Reads an attribute of an object.</summary>
    /// <exception cref="Pkcs11Exception">The module failed, or the attribute is longer than 256 bytes.</exception>
    public byte[] Read(nuint session, nuint handle, nuint type)
    {
        const int LengthMax = 256;
        var value = stackalloc byte[LengthMax];
        var attribute = new Attribute { Type = type, Value = value, Length = LengthMax };
        Check("C_GetAttributeValue", ((delegate* unmanaged[Cdecl]<nuint, nuint, Attribute*, nuint, nuint>)_functions[24])(session, handle, &attribute, 1));
        return new ReadOnlySpan<byte>(value, checked((int)attribute.Length)).ToArray();
    }

    /// <summary>Signs a message by a mechanism without parameters.</summary>
    /// <exception cref="Pkcs11Exception">The module failed.</exception>
    public byte[] Sign(nuint session, nuint handle, nuint mechanism, ReadOnlySpan<byte> message)
    {
        const int LengthMax = 256;
        var signature = stackalloc byte[LengthMax];
        nuint length = LengthMax;
        var how = new Mechanism { Type = mechanism };
        Check("C_SignInit", ((delegate* unmanaged[Cdecl]<nuint, Mechanism*, nuint, nuint>)_functions[42])(session, &how, handle));
        fixed (byte* text = message)
        {
            Check("C_Sign", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)_functions[43])(session, text, (nuint)message.Length, signature, &length));
        }

        return new ReadOnlySpan<byte>(signature, checked((int)length)).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = ((delegate* unmanaged[Cdecl]<void*, nuint>)_functions[1])(null);
        NativeLibrary.Free(_library);
    }

    private const nuint AttributeClass = 0;
    private const nuint AttributeLabel = 3;
    private const nuint AttributeKeyType = 0x100;

    private static void Check(string function, nuint result)
    {
        if (result != Ok)
        {
            throw new Pkcs11Exception(string.Create(CultureInfo.InvariantCulture, $"{function} failed: 0x{(ulong)result:x8}"));
        }
    }

    // CK_C_INITIALIZE_ARGS
    [StructLayout(LayoutKind.Sequential)]
    private struct InitializeArguments
    {
        public nint CreateMutex;
        public nint DestroyMutex;
        public nint LockMutex;
        public nint UnlockMutex;
        public nuint Flags;
        public nint Reserved;
    }

    // CK_ATTRIBUTE
    [StructLayout(LayoutKind.Sequential)]
    private struct Attribute
    {
        public nuint Type;
        public void* Value;
        public nuint Length;
    }

    // CK_MECHANISM
    [StructLayout(LayoutKind.Sequential)]
    private struct Mechanism
    {
        public nuint Type;
        public void* Parameter;
        public nuint ParameterLength;
    }
}
