import { Agent, request } from 'node:https';

export interface KubeAccess {
  readonly server: string;
  readonly token: string;
  /** PEM */
  readonly ca: string;
}

/** Anything the API server answers; tests assert on what they read of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read as they come
export type KubeObject = any;

const PLURALS: Readonly<Record<string, string>> = {
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
};
const CLUSTER_SCOPED = [
  'CustomResourceDefinition',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Namespace',
  'StorageClass',
  'PersistentVolume',
  'ClusterRole',
  'ClusterRoleBinding',
  'Node',
];

/** What somebody else does at the API server, past knot. */
export class KubeClient {
  private readonly agent: Agent;

  constructor(
    readonly access: KubeAccess,
    readonly namespace = 'default',
  ) {
    this.agent = new Agent({ keepAlive: true, ca: access.ca });
  }

  in(namespace: string): KubeClient {
    return new KubeClient(this.access, namespace);
  }

  /** Null where there is none. */
  async get(path: string): Promise<KubeObject> {
    const { status, body } = await this.call('GET', path);
    if (status === 404) return null;
    return this.checked(status, body, `GET ${path}`);
  }

  async list(kind: string, apiVersion = 'v1', selector = ''): Promise<KubeObject[]> {
    const query = selector === '' ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
    return (await this.get(this.path({ apiVersion, kind, metadata: { name: '' } }) + query)).items;
  }

  async find(kind: string, name: string, apiVersion = 'v1'): Promise<KubeObject> {
    return this.get(this.path({ apiVersion, kind, metadata: { name } }));
  }

  /** Creates or changes, as `kubectl apply --server-side --force-conflicts` does. */
  async apply(object: KubeObject, manager = 'somebody-else'): Promise<KubeObject> {
    const path = `${this.path(object)}?fieldManager=${manager}&force=true`;
    const { status, body } = await this.call('PATCH', path, object, 'application/apply-patch+yaml');
    return this.checked(status, body, `apply ${object.kind}`);
  }

  /** Whether the API server would take it, unknown fields refused. */
  async dryRun(object: KubeObject): Promise<KubeObject> {
    const path = `${this.path(object)}?fieldManager=dry&force=true&dryRun=All&fieldValidation=Strict`;
    const { status, body } = await this.call('PATCH', path, object, 'application/apply-patch+yaml');
    return this.checked(status, body, `try ${object.kind} ${object.metadata.name}`);
  }

  async patch(kind: string, name: string, patch: KubeObject, apiVersion = 'v1', sub = ''): Promise<KubeObject> {
    const path = `${this.path({ apiVersion, kind, metadata: { name } })}${sub}?fieldManager=somebody-else`;
    const { status, body } = await this.call('PATCH', path, patch, 'application/merge-patch+json');
    return this.checked(status, body, `patch ${kind} ${name}`);
  }

  async create(object: KubeObject): Promise<KubeObject> {
    const path = this.path({ ...object, metadata: { ...object.metadata, name: '' } });
    const { status, body } = await this.call('POST', path, object);
    return this.checked(status, body, `create ${object.kind}`);
  }

  async delete(kind: string, name: string, apiVersion = 'v1', graceSeconds?: number): Promise<void> {
    const options = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
    const { status, body } = await this.call('DELETE', this.path({ apiVersion, kind, metadata: { name } }), options);
    if (status !== 404) this.checked(status, body, `delete ${kind} ${name}`);
  }

  /** A token of an account of this namespace. */
  async token(account: string): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/serviceaccounts/${account}/token`;
    const { status, body } = await this.call('POST', path, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
    });
    return String(this.checked(status, body, `a token of ${account}`).status.token);
  }

  private path({ apiVersion, kind, metadata }: KubeObject): string {
    const plural = PLURALS[kind] ?? `${String(kind).toLowerCase()}${/(s|x)$/.test(kind) ? 'es' : 's'}`;
    const root = String(apiVersion).includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const scope = CLUSTER_SCOPED.includes(kind) ? '' : `/namespaces/${metadata.namespace ?? this.namespace}`;
    return `${root}${scope}/${plural}${metadata.name === '' ? '' : `/${metadata.name}`}`;
  }

  private checked(status: number, body: string, what: string): KubeObject {
    if (status >= 300) throw new Error(`${what} answered ${status}: ${body}`);
    try {
      return JSON.parse(body);
    } catch {
      return body;
    }
  }

  private call(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<{ status: number; body: string }> {
    const { server, token } = this.access;
    return new Promise((resolve, reject) => {
      const sentBody = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': type,
        'content-length': Buffer.byteLength(sentBody),
      };
      const sent = request(`${server}${path}`, { method, agent: this.agent, headers, timeout: 30_000 }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => (text += piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
        answer.on('error', reject);
      });
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`)));
      sent.end(sentBody);
    });
  }
}
