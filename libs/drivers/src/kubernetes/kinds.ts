/** A kind of objects of a namespace. */
export interface Resource {
  readonly kind: string;
  readonly apiVersion: string;
  /** As it stands in the API's path. */
  readonly plural: string;
}

/** What of Kubernetes a template may hold. A kind that is not named here is refused; none of these is cluster-scoped. */
export interface Kind extends Resource {
  readonly kind: KindName;
  /** Runs pods. */
  readonly runs: boolean;
}

export type KindName =
  | 'Pod'
  | 'Deployment'
  | 'StatefulSet'
  | 'Job'
  | 'Service'
  | 'ConfigMap'
  | 'Secret'
  | 'Ingress'
  | 'PersistentVolumeClaim';

function kindOf(kind: KindName, apiVersion: string, plural: string, runs = false): Kind {
  return { kind, apiVersion, plural, runs };
}

/** In the order in which they are made: what a workload refers to comes before it. */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  PersistentVolumeClaim: kindOf('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims'),
  ConfigMap: kindOf('ConfigMap', 'v1', 'configmaps'),
  Secret: kindOf('Secret', 'v1', 'secrets'),
  Service: kindOf('Service', 'v1', 'services'),
  Ingress: kindOf('Ingress', 'networking.k8s.io/v1', 'ingresses'),
  Pod: kindOf('Pod', 'v1', 'pods', true),
  Deployment: kindOf('Deployment', 'apps/v1', 'deployments', true),
  StatefulSet: kindOf('StatefulSet', 'apps/v1', 'statefulsets', true),
  Job: kindOf('Job', 'batch/v1', 'jobs', true),
};

export const ALL_KINDS: readonly Kind[] = Object.values(KINDS);
/** All that belongs to a workload; claims are volumes and have a life of their own. */
export const WORKLOAD_KINDS = ALL_KINDS.filter(({ kind }) => kind !== 'PersistentVolumeClaim');

export function kindNamed(name: string): Kind | undefined {
  return ALL_KINDS.find(({ kind }) => kind === name);
}

/** Cluster-scoped kinds that people try: told apart from a kind that is merely not allowed. */
const CLUSTER_SCOPED = new Set([
  ...['Namespace', 'Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding', 'StorageClass', 'PriorityClass'],
  ...['CustomResourceDefinition', 'IngressClass', 'RuntimeClass', 'MutatingWebhookConfiguration', 'CSIDriver'],
  ...['ValidatingWebhookConfiguration', 'APIService', 'ValidatingAdmissionPolicy', 'VolumeSnapshotClass'],
]);

export function isClusterScoped(name: string): boolean {
  return CLUSTER_SCOPED.has(name);
}

/** `/api/v1` or `/apis/<group>/<version>`. */
export function apiRoot({ apiVersion }: Resource): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
