namespace ModelOperator.OpenInference.Tensors;

/// <param name="Name">As paths call it.</param>
/// <param name="Versions">Those that can be asked for; may be empty.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
internal sealed record ModelDescription(string Name, string[] Versions, TensorDescription[] Inputs, TensorDescription[] Outputs);
