namespace ModelOperator.Serving.Inference.Batching;

/// <summary>Gives a batch to the model and each member its rows of the answer.</summary>
internal static class BatchRun
{
    /// <returns>Null, or why the members had to run one by one.</returns>
    public static string? Run(IModelSession session, Batch batch, ServingMetrics metrics)
    {
        if (batch.Members is [var single])
        {
            RunAlone(session, single, metrics);
            return null;
        }
        try
        {
            RunTogether(session, batch, metrics);
            return null;
        }
        catch (InferenceException failure)
        {
            // One member's values may have been too much for the model; that is not the others' fault.
            foreach (var member in batch.Members)
            {
                RunAlone(session, member, metrics);
            }
            return failure.Message;
        }
    }

    private static void RunAlone(IModelSession session, PendingRequest member, ServingMetrics metrics)
    {
        metrics.Ran(member.Request.BatchSize);
        try
        {
            member.Answer(session.Run(member.Request.Inputs!, member.Request.Outputs));
        }
        catch (InferenceException failure)
        {
            member.Fail(failure);
        }
    }

    private static void RunTogether(IModelSession session, Batch batch, ServingMetrics metrics)
    {
        var rows = batch.Members.Sum(member => member.Request.BatchSize);
        var inputs = new InputTensor[session.Signature.Inputs.Length];
        RunOutputs outputs;
        metrics.Ran(rows);
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = Join(batch, i, rows);
            }
            outputs = session.Run(inputs, batch.Leader.Request.Outputs);
        }
        finally
        {
            foreach (var input in inputs)
            {
                input?.Dispose();
            }
        }
        if (!outputs.HasRows(rows))
        {
            outputs.LetGo();
            throw new InferenceException($"a batch of {rows} rows did not give outputs of {rows} rows; serve this model without batching");
        }
        var row = 0;
        foreach (var member in batch.Members)
        {
            outputs.Hold();
            member.Answer(outputs, row);
            row += (int)member.Request.BatchSize;
        }
        outputs.LetGo();
    }

    private static InputTensor Join(Batch batch, int index, long rows)
    {
        var first = batch.Leader.Request.Inputs[index]!;
        var elements = 0;
        foreach (var member in batch.Members)
        {
            elements = checked(elements + member.Request.Inputs[index]!.Elements);
        }
        var joined = InputTensor.Create(first.Type, [rows, .. first.Shape.AsSpan(1)], elements);
        var (bytes, texts) = (0, 0);
        foreach (var member in batch.Members)
        {
            var part = member.Request.Inputs[index]!;
            if (part.Type != DataType.Bytes)
            {
                part.Data.CopyTo(joined.Data[bytes..]);
                bytes += part.Data.Length;
                continue;
            }
            for (var i = 0; i < part.Elements; i++)
            {
                joined.SetText(texts++, part.Text(i));
            }
        }
        return joined;
    }
}
