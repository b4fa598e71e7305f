namespace ModelOperator.Benchmarks.Router;

/// <summary>Settings of the programs beside the router: as a careful operator of each would write them for this task.</summary>
internal static class PeerConfigurations
{
    /// <summary>A server that answers everything at once with 1 KB.</summary>
    public static string Backend(string directory, int port) => Nginx(
        directory, "backend", 1, $"server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; return 200 '{new string('x', 1024)}'; }} }}");

    public static string NginxProxy(string directory, int port, int backend) => Nginx(
        directory, "proxy", 2,
        $$"""
        upstream backend { server 127.0.0.1:{{backend}}; keepalive 64; keepalive_requests 1000000000; }
        server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; } }
        """);

    public static string Haproxy(int port, int backend) =>
        $"""
        global
          nbthread 2
          maxconn 1000
        defaults
          mode http
          timeout connect 5s
          timeout client 30s
          timeout server 30s
          http-reuse always
        frontend callers
          bind 127.0.0.1:{port}
          default_backend model
        backend model
          server pod 127.0.0.1:{backend}

        """;

    /// <summary>A route to the backend, as the router keeps its last known ones.</summary>
    public static string Snapshot(int backend) =>
        $$$"""
        {"routes": [{"metadata": {"namespace": "default", "name": "digits", "generation": 1},
          "spec": {"backends": [{"revision": "digits-r1", "service": "digits-r1", "role": "Stable", "weight": 100}]}}],
         "slices": [{"metadata": {"namespace": "default", "name": "digits-r1", "labels": {"kubernetes.io/service-name": "digits-r1"}},
          "addressType": "IPv4", "endpoints": [{"addresses": ["127.0.0.1"]}], "ports": [{"name": "http", "port": {{{backend}}}}]}]}
        """;

    /// <summary>A cluster whose API nobody serves.</summary>
    public const string NoCluster =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: none, user: {}}]
        contexts: [{name: none, context: {cluster: none, user: none}}]
        current-context: none
        """;

    private static string Nginx(string directory, string name, int workers, string http) =>
        $$"""
        worker_processes {{workers}};
        daemon off;
        pid {{directory}}/{{name}}.pid;
        error_log {{directory}}/{{name}}.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path {{directory}}/{{name}}-body;
          proxy_temp_path {{directory}}/{{name}}-proxy;
          fastcgi_temp_path {{directory}}/{{name}}-fastcgi;
          uwsgi_temp_path {{directory}}/{{name}}-uwsgi;
          scgi_temp_path {{directory}}/{{name}}-scgi;
          {{http}}
        }
        """;
}
