# What the job of the origin keeps its file in: nomad volume create origin-volume.hcl
name      = "knot-origin"
type      = "host"
plugin_id = "mkdir"

capability {
  access_mode     = "single-node-writer"
  attachment_mode = "file-system"
}

parameters {
  mode = "0700"
  uid  = 10001
  gid  = 10001
}
