# What the token of a leaf may do: nomad acl policy apply knot-leaf leaf-policy.hcl
namespace "default" {
  policy       = "write"
  capabilities = ["host-volume-write"] # makes and deletes the volumes of spaces

  variables {
    # the location's lock, and what was given to its spaces
    path "knot/*" {
      capabilities = ["read", "write", "list", "destroy"]
    }

    # what the tasks of spaces read of themselves; of these jobs it is none of the leaf's business
    path "nomad/jobs/knot-*" {
      capabilities = ["read", "write", "list", "destroy"]
    }

    path "nomad/jobs/knot-origin" {
      capabilities = ["deny"]
    }

    # of this leaf and of any other
    path "nomad/jobs/knot-leaf*" {
      capabilities = ["deny"]
    }
  }
}

# spaces use the volumes that the leaf makes; name others that templates may ask for
host_volume "knot-*" {
  policy = "write"
}

# what the nodes have room for
node {
  policy = "read"
}

agent {
  policy = "read"
}

plugin {
  policy = "read"
}
