namespace ClawPdp.Core.Log;

/// <summary>Gives the hash of the full subtree that covers the leaves from index * 2^level on, 2^level of them.</summary>
/// <param name="level">The height, 0 for a leaf.</param>
/// <param name="index">The place among the subtrees of that height, from 0.</param>
public delegate byte[] NodeReader(int level, long index);
