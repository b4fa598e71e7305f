namespace ModelOperator.Controller.Rollouts;

/// <summary>What became of a command, for the record of the revision that it was about.</summary>
/// <param name="Revision">The ModelRevision that keeps the record.</param>
/// <param name="Command">The command.</param>
/// <param name="Step">The step under way when it was dealt with, counted from 1; null when none was.</param>
internal sealed record CommandReceipt(string Revision, Command Command, int? Step);
