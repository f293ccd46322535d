using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClawPdp.Core.Log;

/// <summary>A signed note (C2SP signed-note): a text that ends with a newline, a blank line, and signature lines.</summary>
public sealed class SignedNote
{
    /// <summary>The most signatures that are read.</summary>
    public const int SignatureCountMax = 64;

    /// <summary>The longest note that is looked at.</summary>
    public const int LengthMax = 65_536;

    /// <summary>The algorithm byte of Ed25519.</summary>
    public const byte Ed25519 = 0x01;

    private const string SignaturePrefix = "\u2014 ";
    private const int KeyIdSizeBytes = 4;

    private SignedNote(string text, ImmutableArray<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>Gets the signed text with its final newline.</summary>
    public string Text { get; }

    /// <summary>Gets the signatures, in order.</summary>
    public ImmutableArray<NoteSignature> Signatures { get; }

    /// <summary>Gives the id of a key: the first four bytes of SHA-256(name, newline, algorithm, public key), as a number.</summary>
    public static uint KeyIdOf(string name, byte algorithm, ReadOnlySpan<byte> publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes(name), (byte)'\n', algorithm, .. publicKey]));

    /// <summary>Gives the text of an Ed25519 verifier key: name, key id and key.</summary>
    public static string VerifierKeyOf(string name, ReadOnlySpan<byte> publicKey) =>
        $"{name}+{KeyIdOf(name, Ed25519, publicKey):x8}+{Convert.ToBase64String([Ed25519, .. publicKey])}";

    /// <summary>Writes a note.</summary>
    /// <param name="text">The text with its final newline.</param>
    /// <param name="signatures">At least one.</param>
    public static string Write(string text, params ReadOnlySpan<NoteSignature> signatures)
    {
        var note = new StringBuilder(text).Append('\n');
        Span<byte> keyId = stackalloc byte[KeyIdSizeBytes];
        foreach (var signature in signatures)
        {
            BinaryPrimitives.WriteUInt32BigEndian(keyId, signature.KeyId);
            note.Append(SignaturePrefix).Append(signature.Name).Append(' ').Append(Convert.ToBase64String([.. keyId, .. signature.Signature.Span])).Append('\n');
        }

        return note.ToString();
    }

    /// <summary>Reads a note; <see langword="null"/> when it is none.</summary>
    public static SignedNote? Parse(string note)
    {
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 >= note.Length || note.Length > LengthMax || note[^1] is not '\n' || note.Any(static unit => unit is not '\n' && char.IsControl(unit)))
        {
            return null;
        }

        var signatures = ImmutableArray.CreateBuilder<NoteSignature>();
        foreach (var line in note[(end + 2)..^1].Split('\n'))
        {
            if (ParseSignature(line) is not { } signature || signatures.Count == SignatureCountMax)
            {
                return null;
            }

            signatures.Add(signature);
        }

        return new SignedNote(note[..(end + 1)], signatures.ToImmutable());
    }

    /// <summary>Tells whether a text may be the name of a key.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.Any(static unit => unit is '+' || char.IsWhiteSpace(unit) || char.IsControl(unit));

    private static NoteSignature? ParseSignature(string line)
    {
        if (!line.StartsWith(SignaturePrefix, StringComparison.Ordinal) || line[SignaturePrefix.Length..].Split(' ') is not [var name, var encoded] || !IsName(name))
        {
            return null;
        }

        return StrictBase64.TryDecode(encoded, out var bytes) && bytes.Length > KeyIdSizeBytes
            ? new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdSizeBytes))
            : null;
    }
}
