using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>A write that asks to be admitted.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Write">Where it writes.</param>
/// <param name="Object">The object as it is to be; null for a delete.</param>
/// <param name="OldObject">The object as it is; null for a create.</param>
internal sealed record AdmissionRequest(AdmissionOperation Operation, WriteRequest Write, JsonObject? Object, JsonObject? OldObject);
