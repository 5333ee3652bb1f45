import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from './certificates.js';
import { childrenOf, startChild } from './child.js';
import type { KubeClient } from './kube-client.js';
import { BUSYBOX, type KubernetesAccess } from './kubernetes.js';

const program = fileURLToPath(new URL('admission-server.mjs', import.meta.url));
const API_VERSION = 'admissionregistration.k8s.io/v1';
const SIDECAR = {
  ...{ name: 'sidecar', image: BUSYBOX, imagePullPolicy: 'Never' },
  command: ['sleep', '100000'],
};

export interface WebhookRule {
  /** What is asked about when it is made, e.g. `apps/deployments` or `pods`. */
  readonly resource: string;
  readonly answers: 'no' | 'never' | 'sidecar';
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** Only about what bears them; about all unless given. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AdmissionWebhook {
  /** Adds a rule for one namespace and returns its name. It is asked a moment later. */
  ask(kube: KubeClient, rule: WebhookRule): Promise<string>;
  /** Whether anything was asked by the rule of this name. */
  wasAsked(name: string): boolean;
  close(): Promise<void>;
}

/** A server of TLS in the cluster's network, by an authority of its own; it refuses with these words. */
export async function startWebhook(access: Pick<KubernetesAccess, 'pid'>, words: string): Promise<AdmissionWebhook> {
  const { caFile, certFile, keyFile } = makeCertificate('IP:127.0.0.1');
  const [door] = childrenOf(access.pid);
  const env = { ...process.env, CERT: certFile, KEY: keyFile, WORDS: words, SIDECAR: JSON.stringify(SIDECAR) };
  const into = ['--target', String(door), '--net', '--'];
  const child = await startChild('nsenter', [...into, process.execPath, program], { env });
  const port = /\d+$/.exec(await child.waitForLine(/listens on \d+/, { timeout: 60_000 }))?.[0];
  const made: { readonly kube: KubeClient; readonly kind: string; readonly name: string }[] = [];
  return {
    async ask(kube, { resource, answers, failurePolicy, labels = {} }) {
      const [plural = '', apiGroup = ''] = resource.split('/').reverse();
      const name = `${answers}.${failurePolicy.toLowerCase()}.${plural}.${kube.namespace}`;
      const kind = `${answers === 'sidecar' ? 'Mutating' : 'Validating'}WebhookConfiguration`;
      const caBundle = readFileSync(caFile).toString('base64');
      await kube.create({
        ...{ apiVersion: API_VERSION, kind, metadata: { name } },
        webhooks: [
          {
            ...{ name, failurePolicy, sideEffects: 'None', timeoutSeconds: 1, admissionReviewVersions: ['v1'] },
            clientConfig: { url: `https://127.0.0.1:${port}/${answers}/${name}`, caBundle },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': kube.namespace } },
            objectSelector: { matchLabels: labels },
            rules: [{ apiGroups: [apiGroup], apiVersions: ['v1'], operations: ['CREATE'], resources: [plural] }],
          },
        ],
      });
      made.push({ kube, kind, name });
      return name;
    },
    wasAsked: (name) => child.output().includes(`/${name}`),
    async close() {
      for (const { kube, kind, name } of made) await kube.delete(kind, name, API_VERSION);
      await child.kill();
    },
  };
}
