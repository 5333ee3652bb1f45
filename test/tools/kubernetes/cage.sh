#!/bin/sh
# Runs inside the cage (mount, process and network namespaces of its own): a whole Kubernetes of one node. What it writes
# outside of its folder lies on file systems in memory that end with it; the kernel's own settings are hidden by files.
# Environment: FOLDER, CGROUP, ETCD, KUBE (folder of the programs), IMAGES; POLICIES (what judges by NetworkPolicies) or none.
set -eu
mount --make-rprivate /
for place in /run /var/lib /var/log; do mount -t tmpfs tmpfs "$place"; done
mkdir -p /var/lib/kubelet /var/lib/cni /var/lib/etcd /run/containerd "$FOLDER/pv" "$FOLDER/log" /tmp/hostpath_pv
mount --bind "$FOLDER/pv" /tmp/hostpath_pv
hide() { # kubelet sets these for the whole machine unless they say already what it wants
  [ -e "$1" ] || return 0
  mkdir -p /run/settings
  echo "$2" > "/run/settings/$(basename "$1")"
  mount --bind "/run/settings/$(basename "$1")" "$1"
}
hide /proc/sys/vm/overcommit_memory 1
hide /proc/sys/vm/panic_on_oom 0
hide /proc/sys/kernel/panic 10
hide /proc/sys/kernel/panic_on_oops 1
hide /proc/sys/kernel/keys/root_maxkeys 1000000
hide /proc/sys/kernel/keys/root_maxbytes 25000000
mount --make-rshared /

ip link set lo up
ip link add knot0 type bridge
ip addr add 10.88.0.1/32 dev knot0
ip link set knot0 up
ip route add default dev knot0
echo 1 > /proc/sys/net/ipv4/ip_forward

# In a session of its own: the kernel shares out processor time by session, and beside others' all parts would have one share.
keep() { # name, command: starts it, and again when it ends
  name=$1; shift
  while :; do setsid -w "$@" >> "$FOLDER/log/$name" 2>&1 || true; sleep 0.1; done &
}

keep etcd "$ETCD" --data-dir /var/lib/etcd --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster default=http://127.0.0.1:2380
keep containerd containerd --config "$FOLDER/containerd.toml" --address "$FOLDER/containerd.sock" --log-level warn
keep apiserver "$KUBE/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --secure-port 6443 \
  --advertise-address 10.88.0.1 --tls-cert-file "$FOLDER/server.crt" --tls-private-key-file "$FOLDER/server.key" \
  --client-ca-file "$FOLDER/ca.crt" --token-auth-file "$FOLDER/tokens.csv" --service-cluster-ip-range 10.96.0.0/16 \
  --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$FOLDER/accounts.key" \
  --service-account-signing-key-file "$FOLDER/accounts.key" --authorization-mode RBAC --allow-privileged \
  --kubelet-preferred-address-types InternalIP --max-requests-inflight 800 --event-ttl 1h
keep controller-manager "$KUBE/kube-controller-manager" --kubeconfig "$FOLDER/inside.yaml" --leader-elect=false \
  --service-account-private-key-file "$FOLDER/accounts.key" --root-ca-file "$FOLDER/ca.crt" \
  --use-service-account-credentials=false --enable-hostpath-provisioner --bind-address 127.0.0.1
# The folders of volumes are for whatever user a pod runs as; controller-manager makes them for root, and fsGroup is not for hostPath.
while sleep 0.4; do chmod -f 2777 /tmp/hostpath_pv/* || true; done &
keep scheduler "$KUBE/kube-scheduler" --kubeconfig "$FOLDER/inside.yaml" --leader-elect=false --bind-address 127.0.0.1

until [ -S "$FOLDER/containerd.sock" ] && ctr -a "$FOLDER/containerd.sock" version > /dev/null 2>&1; do sleep 0.05; done
for image in $IMAGES; do ctr -a "$FOLDER/containerd.sock" -n k8s.io images import "$image"; done
for controller in /sys/fs/cgroup/*/; do mkdir -p "$controller$CGROUP" 2> /dev/null || true; done
if [ -d "/sys/fs/cgroup/cpuset/$CGROUP" ]; then
  for file in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$file" > "/sys/fs/cgroup/cpuset/$CGROUP/$file"
  done
fi
if [ -n "${POLICIES:-}" ]; then
  # What a pod begins, to another or to this machine, and what is begun with it, is judged; not what the node itself asks, as
  # kubelet's probes. Beside the node two addresses listen: one as a cloud's for metadata, one as of the world.
  for hook in INPUT POSTROUTING; do
    iptables -w -t mangle -A "$hook" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    [ "$hook" = INPUT ] || iptables -w -t mangle -A "$hook" -m owner --uid-owner 0 -j ACCEPT
    iptables -w -t mangle -A "$hook" -s 10.89.0.0/16 -j NFQUEUE --queue-num 100
    iptables -w -t mangle -A "$hook" -d 10.89.0.0/16 -j NFQUEUE --queue-num 100
  done
  keep policies "$POLICIES" -kubeconfig "$FOLDER/inside.yaml" -node node
  for address in 169.254.169.254 203.0.113.5; do ip addr add "$address/32" dev knot0; done
  for place in 169.254.169.254:80 203.0.113.5:80 203.0.113.5:53; do keep "at-$place" busybox httpd -f -p "$place" -h /run/settings; done
fi
# A kubelet that begins before its API server fails once at what it tells of volumes, and waits for a minute and more.
until "$KUBE/kubectl" --kubeconfig "$FOLDER/inside.yaml" get --raw /readyz > /dev/null 2>&1; do sleep 0.3; done
keep kubelet "$KUBE/kubelet" --config "$FOLDER/kubelet.yaml" --kubeconfig "$FOLDER/inside.yaml" \
  --hostname-override node --node-ip 10.88.0.1 --root-dir /var/lib/kubelet
keep proxy "$KUBE/kube-proxy" --config "$FOLDER/proxy.yaml" --hostname-override node
wait
