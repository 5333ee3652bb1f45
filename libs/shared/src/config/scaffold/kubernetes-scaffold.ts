import { indent } from './indent.js';
import { renderScaffold } from './render-scaffold.js';

const ACCOUNT = `# A knot server on Kubernetes, whose spaces are pods of the namespace knot-spaces. Before the first time:
#   kubectl create namespace knot
#   kubectl -n knot create secret generic knot-keys --from-literal=encrypt="$(knot genkey)"
#   kubectl apply -f knot-server.yaml
#   kubectl -n knot logs statefulset/knot      # shows the code for the first administrator
#   kubectl -n knot port-forward svc/knot 3000
# The chart deploy/helm/knot makes all this and more of values: Ingress, NetworkPolicies, leaves, several origins.
apiVersion: v1
kind: Namespace
metadata:
  name: knot-spaces
  labels:
    pod-security.kubernetes.io/enforce: baseline
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: knot, namespace: knot }
automountServiceAccountToken: false
---
# In the namespace of the spaces alone.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: knot, namespace: knot-spaces }
rules:
  - apiGroups: [""]
    resources: [pods, services, configmaps, secrets, persistentvolumeclaims]
    verbs: [get, list, watch, create, patch, delete]
  - apiGroups: [apps]
    resources: [deployments, statefulsets]
    verbs: [get, list, watch, create, patch, delete]
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, watch, create, patch, delete]
  - apiGroups: [networking.k8s.io]
    resources: [ingresses]
    verbs: [get, list, watch, create, patch, delete]
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
  - apiGroups: [""]
    resources: [events]
    verbs: [list, watch]
  - apiGroups: [coordination.k8s.io]
    resources: [leases]
    verbs: [get, create, update]
  - apiGroups: [""]
    resources: [namespaces]
    resourceNames: [knot-spaces]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: knot, namespace: knot-spaces }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: knot }
subjects:
  - { kind: ServiceAccount, name: knot, namespace: knot }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: knot, namespace: knot }
data:
  knot.yaml: |
`;

const SERVER = `---
apiVersion: v1
kind: Service
metadata: { name: knot, namespace: knot }
spec:
  selector: { app: knot }
  ports:
    - { name: web, port: 3000 }
    - { name: agents, port: 3010 }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: knot, namespace: knot }
spec:
  serviceName: knot
  replicas: 1
  selector:
    matchLabels: { app: knot }
  template:
    metadata:
      labels: { app: knot }
    spec:
      serviceAccountName: knot
      automountServiceAccountToken: true
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        fsGroup: 10001
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: knot
          image: knot # yours, made by deploy/docker/Dockerfile
          args: [server, --config, /etc/knot/knot.yaml]
          ports:
            - { name: web, containerPort: 3000 }
            - { name: agents, containerPort: 3010 }
          readinessProbe:
            httpGet: { path: /readyz, port: web }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: data, mountPath: /var/lib/knot }
            - { name: tmp, mountPath: /tmp }
            - { name: config, mountPath: /etc/knot }
            - { name: keys, mountPath: /etc/knot-keys }
      volumes:
        - { name: tmp, emptyDir: {} }
        - { name: config, configMap: { name: knot } }
        - { name: keys, secret: { secretName: knot-keys, defaultMode: 0440 } }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 1Gi } }
`;

/** Manifests that run one server alone; its key is in a Secret, because everybody who sees the pod reads its configuration. */
export function kubernetesScaffold(): string {
  return `${ACCOUNT}${indent(serverFile(), 4)}\n${SERVER}`;
}

function serverFile(): string {
  const lines = renderScaffold(
    [],
    [
      { key: 'log.level', value: 'info' },
      { key: 'server.listen', value: 'http://0.0.0.0:3000' },
      { key: 'server.allow_plaintext', value: 'true' },
      { key: 'server.url', value: 'http://127.0.0.1:3000' },
      { key: 'server.location', value: 'knot' },
      { key: 'server.shared_token', value: '""', example: true },
      { key: 'server.origin_server', value: '""', example: true },
      { key: 'server.data_path', value: '/var/lib/knot' },
      { key: 'server.encrypt_file', value: '/etc/knot-keys/encrypt' },
      { key: 'server.listen_agent', value: '0.0.0.0:3010' },
      { key: 'server.agent_endpoint', value: 'knot.knot.svc:3010' },
      { key: 'server.kubernetes.enabled', value: 'true' },
      { key: 'server.kubernetes.namespace', value: 'knot-spaces' },
    ],
  );
  return lines.trim();
}
