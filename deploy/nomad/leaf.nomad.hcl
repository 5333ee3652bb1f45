# A leaf of knot as a Nomad job: it drives the Nomad that it runs on. docs/guide/nomad.md tells of it from the first volume to
# an upgrade.
#   nomad var put nomad/jobs/knot-leaf shared_token=<as at the origin> nomad_token=<what the driver needs>
#   nomad job run -var image=registry.example.com/knot:0.1.0 -var location=lon -var origin=https://knot.example.com \
#     -var nomad_addr=http://10.0.0.5:4646 leaf.nomad.hcl

variable "image" {
  type        = string
  description = "The image made by deploy/docker/Dockerfile, where the clients find it."
}

variable "location" {
  type        = string
  description = "The name of this location; one leaf at a time acts for it."
}

variable "origin" {
  type        = string
  description = "The address of the origin, https://..."
}

variable "nomad_addr" {
  type        = string
  description = "Nomad as the leaf reaches it from its allocation."
}

variable "nomad_namespace" {
  type        = string
  default     = "default"
  description = "The namespace of the spaces."
}

variable "agents_port" {
  type        = number
  default     = 3010
  description = "The port of the client that it runs on which the agents of spaces dial."
}

variable "agent_endpoint" {
  type        = string
  default     = ""
  description = "host:port that the agents dial, where it is not the client's own address and that port."
}

variable "job" {
  type        = string
  default     = "knot-leaf"
  description = "The name of this job; each leaf of a Nomad has one of its own. leaf-policy.hcl relies on how it begins."
}

variable "datacenters" {
  type    = list(string)
  default = ["*"]
}

variable "volume" {
  type        = string
  default     = "knot-leaf"
  description = "A host volume, made beforehand and writable by the user 10001, that keeps what the leaf knows."
}

job "knot-leaf" {
  id          = var.job
  name        = var.job
  datacenters = var.datacenters
  type        = "service"

  group "leaf" {
    count = 1

    network {
      mode = "bridge"

      port "web" {
        to = 3000
      }

      # the same one whenever the leaf is replaced: what runs goes on dialling it
      port "agents" {
        static = var.agents_port
        to     = 3010
      }
    }

    volume "data" {
      type            = "host"
      source          = var.volume
      access_mode     = "single-node-writer"
      attachment_mode = "file-system"
    }

    service {
      name     = var.job
      port     = "web"
      provider = "nomad"

      # a leaf is ready without its origin
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
        ports           = ["web", "agents"]
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
            allow_plaintext: true   # its own port, inside the cluster
            location: ${var.location}
            origin_server: ${var.origin}
            data_path: /var/lib/knot
            shared_token_file: /secrets/shared-token
            listen_agent: 0.0.0.0:3010
            agent_endpoint: ${var.agent_endpoint != "" ? var.agent_endpoint : "{{ env \"NOMAD_HOST_ADDR_agents\" }}"}
            nomad:
              addr: ${var.nomad_addr}
              namespace: ${var.nomad_namespace}
              token_file: /secrets/nomad-token
        EOT
      }

      template {
        destination = "secrets/shared-token"
        data        = "{{ with nomadVar \"nomad/jobs/${var.job}\" }}{{ .shared_token }}{{ end }}"
      }

      template {
        destination = "secrets/nomad-token"
        data        = "{{ with nomadVar \"nomad/jobs/${var.job}\" }}{{ .nomad_token }}{{ end }}"
      }

      resources {
        cpu    = 200
        memory = 384
      }
    }
  }
}
