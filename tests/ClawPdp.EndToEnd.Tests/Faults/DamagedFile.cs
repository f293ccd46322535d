using System.Text;
using Microsoft.Data.Sqlite;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>
/// Turns over one bit of a ledger's file, whose bytes were right when this was made. Pages keep remains of what stood in them before, so
/// a place is tried until SQLite itself sees the difference.
/// </summary>
internal sealed class DamagedFile
{
    private const int PageSize = 4096;

    private readonly string _path;
    private readonly byte[] _whole;

    public DamagedFile(string path)
    {
        _path = path;
        _whole = File.ReadAllBytes(path);
    }

    /// <summary>Gives every place where a text stands.</summary>
    public IEnumerable<int> PlacesOf(string text)
    {
        var wanted = Encoding.ASCII.GetBytes(text);
        for (var place = _whole.AsSpan().IndexOf(wanted); place >= 0;)
        {
            yield return place;
            var next = _whole.AsSpan(place + 1).IndexOf(wanted);
            place = next < 0 ? -1 : place + 1 + next;
        }
    }

    /// <summary>Turns a bit of one byte; all others are as they were. Written in place, as a process may have the file open.</summary>
    public void TurnAt(int place)
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(_whole);
        file.Position = place;
        file.WriteByte((byte)(_whole[place] ^ 0x01));
    }

    /// <summary>Turns a bit of a text in a record's content.</summary>
    public void TurnContent(ulong sequence, string text)
    {
        var before = Content((long)sequence);
        TurnFirst(PlacesOf(text), () => Content((long)sequence) != before);
    }

    /// <summary>Turns a bit of the kind of the page that holds a record.</summary>
    public void TurnPageOf(string text) => TurnFirst(PlacesOf(text).Select(static place => place / PageSize * PageSize), () => !HasWholePages());

    /// <summary>Turns a bit of an index's key, so that the index and its table differ and nothing else does.</summary>
    public void TurnIndexEntry(string text) => TurnFirst(PlacesOf(text).Select(place => place + text.Length - 1), () => HasWholePages() && !HasWholeIndexes());

    private void TurnFirst(IEnumerable<int> places, Func<bool> isSeen)
    {
        foreach (var place in places)
        {
            TurnAt(place);
            if (isSeen())
            {
                return;
            }
        }

        throw new InvalidOperationException("nothing that was turned over made a difference");
    }

    private string Content(long sequence)
    {
        using var command = new SqliteCommand("SELECT hex(content) FROM record WHERE sequence = $sequence");
        command.Parameters.Add(new SqliteParameter("$sequence", sequence));
        return Ask(command);
    }

    private bool HasWholePages()
    {
        using var command = new SqliteCommand("PRAGMA quick_check(1)");
        return Ask(command) == "ok";
    }

    private bool HasWholeIndexes()
    {
        using var command = new SqliteCommand("PRAGMA integrity_check(1)");
        return Ask(command) == "ok";
    }

    private string Ask(SqliteCommand command)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        command.Connection = connection;
        try
        {
            return command.ExecuteScalar()?.ToString() ?? "";
        }
        catch (SqliteException failure)
        {
            return failure.Message;
        }
    }
}
