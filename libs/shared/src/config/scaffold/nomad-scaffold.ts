import { indent } from './indent.js';
import { renderScaffold } from './render-scaffold.js';

/** A Nomad job that runs a server; its key comes from a Nomad variable, because everybody who sees the job reads it. */
export function nomadScaffold(): string {
  return `# A Nomad job that runs a knot server. Before the first run:
#   nomad var put nomad/jobs/knot-server encrypt="$(knot genkey)"
#   nomad job run knot-server.nomad.hcl
# Its data stays on the one machine in /var/lib/knot: keep the constraint, or mount a volume there.
job "knot-server" {
  type = "service"

  group "knot" {
    count = 1

    # One server only may use the data folder.
    update {
      max_parallel = 0
    }

    constraint {
      attribute = "\${attr.unique.hostname}"
      value     = "knot-host" # the machine that keeps the data
    }

    network {
      port "web" {
        static = 3000
      }
      port "agents" {
        static = 3010
      }
    }

    service {
      name     = "knot-server"
      port     = "web"
      provider = "nomad"

      check {
        type            = "http"
        protocol        = "https"
        tls_skip_verify = true # the server makes its own certificate
        path            = "/livez"
        interval        = "10s"
        timeout         = "2s"
      }
    }

    task "server" {
      driver       = "raw_exec" # knot has to be in the PATH of the Nomad client
      kill_signal  = "SIGTERM"
      kill_timeout = "20s"

      config {
        command = "knot"
        args    = ["server", "--config", "\${NOMAD_TASK_DIR}/knot.yaml"]
      }

      template {
        destination = "secrets/encrypt"
        data        = "{{ with nomadVar \\"nomad/jobs/knot-server\\" }}{{ .encrypt }}{{ end }}"
      }

      template {
        destination = "local/knot.yaml"
        data        = <<-YAML
${indent(serverFile(), 10)}
        YAML
      }

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }
}
`;
}

function serverFile(): string {
  const lines = renderScaffold(
    [],
    [
      { key: 'log.level', value: 'info' },
      { key: 'server.listen', value: '0.0.0.0:3000' },
      { key: 'server.url', value: 'https://127.0.0.1:3000' },
      { key: 'server.location', value: '""' },
      { key: 'server.shared_token', value: '""', example: true },
      { key: 'server.origin_server', value: '""', example: true },
      { key: 'server.data_path', value: '/var/lib/knot' },
      { key: 'server.encrypt_file', value: '../secrets/encrypt' },
      { key: 'server.listen_agent', value: '0.0.0.0:3010', example: true },
      { key: 'server.nomad.addr', value: 'http://127.0.0.1:4646' },
      { key: 'server.nomad.token', value: '""' },
    ],
  );
  return lines.trim();
}
