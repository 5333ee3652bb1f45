import type { LeafConfig } from './leaf-config.js';

/** As the page of the guide on Kubernetes has it. Names and tokens hold nothing that a shell would read as its own. */
export function helmCommands({ location, origin, token }: LeafConfig): string {
  const release = location.toLowerCase();
  const plain = origin.startsWith('http:') ? ' --set origin.allowPlaintext=true' : '';
  return `kubectl create namespace knot
kubectl -n knot create secret generic ${release}-token --from-literal=shared-token=${token}
helm install ${release} deploy/helm/knot -n knot --set mode=leaf --set location=${location} \\
  --set origin.url=${origin} --set origin.existingSecret=${release}-token${plain}
`;
}

/** As deploy/nomad/leaf.nomad.hcl wants it; what only the cluster's keeper knows stands in capitals. */
export function nomadCommands({ location, origin, token }: LeafConfig): string {
  return `nomad var put nomad/jobs/knot-leaf shared_token=${token} nomad_token=NOMAD_TOKEN
nomad job run -var image=IMAGE_OF_KNOT -var location=${location} -var origin=${origin} \\
  -var nomad_addr=ADDRESS_OF_NOMAD deploy/nomad/leaf.nomad.hcl
`;
}
