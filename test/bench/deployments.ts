import { Agent, get, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { eventually } from '../tools/eventually.js';
import type { KubeAccess } from '../tools/kube-client.js';
import type { Registration } from './registrations.js';

interface DeploymentEvent {
  readonly type: string;
  readonly object: {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { command?: string[] }[] } } };
  };
}

/** When each Deployment of two namespaces came, and when it last became another: one stopwatch for all who write them. */
export class Deployments {
  private readonly came = new Map<string, Registration>();
  /** First word of the command that each has, and since when. */
  private readonly runs = new Map<string, { readonly program: string; readonly since: number }>();
  private readonly streams: IncomingMessage[] = [];

  static async follow(access: KubeAccess, namespaces: readonly string[]): Promise<Deployments> {
    const followed = new Deployments();
    for (const namespace of namespaces) await followed.open(access, namespace);
    return followed;
  }

  /** Of each, in their order; waits until all are there. */
  async all(names: readonly string[], timeout = 300_000): Promise<Registration[]> {
    await eventually(
      () => names.filter((name) => !this.came.has(name)).length,
      (missing) => missing === 0,
      { timeout, interval: 20, what: `${names.length} Deployments` },
    );
    return names.flatMap((name) => this.came.get(name) ?? []);
  }

  /** Since when each runs this program, once all do. */
  async running(program: string, names: readonly string[]): Promise<number[]> {
    const running = () => names.map((name) => this.runs.get(name)).filter((one) => one?.program === program);
    const all = await eventually(running, (found) => found.length === names.length, {
      ...{ timeout: 300_000, interval: 20, what: `${names.length} Deployments to run ${program}` },
    });
    return all.flatMap((one) => one?.since ?? []);
  }

  close(): void {
    for (const stream of this.streams) stream.destroy();
  }

  private async open({ server, token, ca }: KubeAccess, namespace: string): Promise<void> {
    const options: RequestOptions = { headers: { authorization: `Bearer ${token}` }, agent: new Agent({ ca }) };
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments?watch=true&timeoutSeconds=3600`;
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${server}${path}`, options, resolve).on('error', reject);
    });
    if (stream.statusCode !== 200) throw new Error(`A watch of Deployments was answered ${stream.statusCode}.`);
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('error', () => undefined);
    stream.on('data', (piece: string) => {
      const now = performance.now();
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.read(JSON.parse(line) as DeploymentEvent, now);
    });
    this.streams.push(stream);
  }

  private read({ type, object }: DeploymentEvent, now: number): void {
    const { name } = object.metadata;
    if (type === 'DELETED') return void this.runs.delete(name);
    if (!this.came.has(name)) this.came.set(name, { seenAt: now, submittedAt: now });
    const program = object.spec.template.spec.containers[0]?.command?.[0] ?? '';
    if (this.runs.get(name)?.program !== program) this.runs.set(name, { program, since: now });
  }
}
