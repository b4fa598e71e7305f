namespace ModelOperator.Demo.Story;

/// <summary>What a person can do with a demo that is left running.</summary>
internal static class KeepRunning
{
    public static void Explain(TextWriter output, string kubeconfig)
    {
        output.WriteLine($"""

            demo: passed, and left running until Ctrl-C. In another terminal:

              export KUBECONFIG={kubeconfig}
              kubectl get mdep,mrev,pods -A
              kubectl describe mdep digits
              kubectl get mroute digits -o yaml
              kubectl logs -n modeloperator-system deployment/modeloperator
              kubectl apply -f samples/digits/crashing.yaml   # rejected once, stays rejected
              kubectl get mdep digits -w
            """);
    }
}
