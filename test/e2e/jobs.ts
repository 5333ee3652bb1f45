/** Nomad jobs of the kinds that people write, for the end-to-end tests. */

/** A process of the machine itself with its own volume. */
export const RAW_JOB = `
job "sleeper" {
  datacenters = ["dc1"]
  type        = "service"
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    restart {
      attempts = 1
      interval = "5m"
      delay    = "1s"
      mode     = "fail"
    }
    volume "home" {
      type            = "host"
      source          = "home"
      access_mode     = "single-node-writer"
      attachment_mode = "file-system"
    }
    task "main" {
      driver = "raw_exec"
      config {
        command = "/bin/sh"
        args    = ["-c", "echo $GREETING > greeting; exec sleep 100000"]
      }
      env {
        GREETING = "hello \${{ .user.username }} in \${{ .space.name }}"
      }
      logs {
        disabled = true
      }
      resources {
        cpu    = 20
        memory = 20
      }
    }
  }
}
`;

export const HOME_VOLUME = `
volumes:
  - name: home
    type: host
    plugin_id: mkdir
    capabilities:
      - access_mode: single-node-writer
        attachment_mode: file-system
`;

/** A job of Nomad's mock driver: no process at all. */
export function mockJob(config: Record<string, string | number> = { run_for: '1000h' }, constraint = ''): string {
  const lines = Object.entries(config).map(([key, value]) => `        ${key} = ${JSON.stringify(value)}`);
  return `
job "mock" {
  datacenters = ["dc1"]
  type        = "service"
  ${constraint}
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    restart {
      attempts = 0
      interval = "10m"
      mode     = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    task "main" {
      driver = "mock_driver"
      config {
${lines.join('\n')}
      }
      logs {
        disabled = true
      }
      resources {
        cpu    = 5
        memory = 10
      }
    }
  }
}
`;
}

export const NEVER_PLACED = `constraint {
    attribute = "\${attr.kernel.name}"
    value     = "plan9"
  }`;
