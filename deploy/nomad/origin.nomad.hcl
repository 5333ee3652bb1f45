# knot's origin as a Nomad job; docs/guide/nomad.md tells of it from the first volume to an upgrade.
#   nomad var put nomad/jobs/knot-origin encrypt=$(knot genkey) shared_token=$(knot gen-server-key)
#   nomad job run -var image=registry.example.com/knot:0.1.0 -var url=https://knot.example.com origin.nomad.hcl

variable "image" {
  type        = string
  description = "The image made by deploy/docker/Dockerfile, where the clients find it."
}

variable "url" {
  type        = string
  description = "The address that people reach the origin at."
}

variable "datacenters" {
  type    = list(string)
  default = ["*"]
}

variable "volume" {
  type        = string
  default     = "knot-origin"
  description = "A host volume, made beforehand and writable by the user 10001, that keeps what the origin keeps."
}

variable "location" {
  type        = string
  default     = "home"
  description = "The name of the origin's own location."
}

variable "port" {
  type        = number
  default     = 3000
  description = "The port of the client that it runs on: of its proxy, or of leaves that reach it directly."
}

variable "trusted_proxies" {
  type        = list(string)
  default     = []
  description = "Networks of the proxy that speaks TLS before it."
}

job "knot-origin" {
  datacenters = var.datacenters
  type        = "service"

  group "origin" {
    # the embedded store is one file: never two at once
    count = 1

    network {
      mode = "bridge"

      port "web" {
        static = var.port
        to     = 3000
      }
    }

    volume "data" {
      type            = "host"
      source          = var.volume
      access_mode     = "single-node-writer"
      attachment_mode = "file-system"
    }

    service {
      name     = "knot-origin"
      port     = "web"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/readyz"
        interval = "10s"
        timeout  = "5s"
      }
    }

    task "knot" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = var.image
        args            = ["server", "--config", "/local/knot.yaml"]
        ports           = ["web"]
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]

        mount {
          type     = "tmpfs"
          target   = "/tmp"
          readonly = false
        }
      }

      volume_mount {
        volume      = "data"
        destination = "/var/lib/knot"
      }

      template {
        destination = "local/knot.yaml"
        data        = <<-EOT
          server:
            listen: http://0.0.0.0:3000
            allow_plaintext: true   # a proxy before it speaks TLS
            url: ${var.url}
            location: ${var.location}
            trusted_proxies: ${jsonencode(var.trusted_proxies)}
            data_path: /var/lib/knot
            encrypt_file: /secrets/encrypt
            shared_token_file: /secrets/shared-token
        EOT
      }

      template {
        destination = "secrets/encrypt"
        data        = "{{ with nomadVar \"nomad/jobs/knot-origin\" }}{{ .encrypt }}{{ end }}"
      }

      template {
        destination = "secrets/shared-token"
        data        = "{{ with nomadVar \"nomad/jobs/knot-origin\" }}{{ .shared_token }}{{ end }}"
      }

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }
}
