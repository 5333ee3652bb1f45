# What the job of the leaf keeps its file in: nomad volume create leaf-volume.hcl
name      = "knot-leaf"
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
