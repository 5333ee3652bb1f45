import type { IncomingMessage } from 'node:http';
import { KnotError } from '@knot/shared/errors';
import type { Answer } from '../http-exchange.js';
import { asObject, isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { apiRoot, type Resource } from './kinds.js';
import type { KubernetesOptions } from './options.js';
import { refusalOf, statusOf } from './refusal.js';
import type { Wanted } from './rewrite.js';
import { Transport, type Call } from './transport.js';

export type Query = Readonly<Record<string, string>>;

/** Whose fields are whose: the API server keeps it by this name, so it never changes. */
export const FIELD_MANAGER = 'knot';
const PAGE = '500';

export interface Page {
  readonly items: readonly JsonObject[];
  readonly revision: string;
}

/** The API server as far as it is used: JSON in and out, errors typed. Nothing here knows about spaces. */
export class KubeApi {
  readonly namespace: string;
  private readonly transport: Transport;

  constructor(options: KubernetesOptions) {
    this.namespace = options.namespace;
    this.transport = new Transport(options);
  }

  /** Calls that were answered so far. */
  get answered(): number {
    return this.transport.answered;
  }

  async get(path: string, what: string, signal: AbortSignal): Promise<JsonObject> {
    return this.parsed(await this.ask({ method: 'GET', path }, what, signal), what);
  }

  /** Null when the API server itself says that there is none. */
  async find(kind: Resource, name: string, signal: AbortSignal): Promise<JsonObject | null> {
    const what = `look at the ${kind.kind} ${name}`;
    const answer = await this.transport.call({ method: 'GET', path: this.path(kind, name) }, signal);
    if (answer.status !== 404) return this.parsed(this.succeeded(answer, what), what);
    // Something between us and the API server may say 404 too. Taking that for "gone" would make or delete things.
    if (textAt(statusOf(answer), 'reason') === 'NotFound') return null;
    throw this.strange(what);
  }

  /** All pages of a list. One that ran out of time (410) is begun anew. */
  async list(kind: Resource, query: Query, signal: AbortSignal): Promise<Page> {
    const what = `list the ${kind.plural}`;
    const items: JsonObject[] = [];
    let next = '';
    for (;;) {
      const page = { ...query, limit: PAGE, ...(next !== '' && { continue: next }) };
      const answer = await this.transport.call({ method: 'GET', path: this.path(kind, '', page) }, signal);
      if (answer.status === 410 && next !== '') {
        items.length = 0;
        next = '';
        continue;
      }
      const found = this.parsed(this.succeeded(answer, what), what);
      if (!Array.isArray(found['items'])) throw this.strange(what);
      items.push(...objectsAt(found, 'items'));
      const metadata = objectAt(found, 'metadata');
      next = textAt(metadata, 'continue');
      if (next === '') return { items, revision: textAt(metadata, 'resourceVersion') };
    }
  }

  /**
   * Server-side apply. With a revision only over that very object and with force, for then it is known to be ours;
   * without one it creates, and takes no field from anybody.
   */
  async apply(
    { kind, name, object }: Wanted,
    revision: string,
    signal: AbortSignal,
    dryRun = false,
  ): Promise<JsonObject> {
    const what = `${dryRun ? 'try' : 'apply'} the ${kind.kind} ${name}`;
    const query = {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      ...(revision !== '' && { force: 'true' }),
      ...(dryRun && { dryRun: 'All' }),
    };
    const metadata = { ...objectAt(object, 'metadata'), ...(revision !== '' && { resourceVersion: revision }) };
    const body = { ...object, metadata };
    const path = this.path(kind, name, query);
    const call: Call = { method: 'PATCH', path, body, type: 'application/apply-patch+yaml' };
    return this.parsed(await this.ask(call, what, signal), what);
  }

  /** Asks for the end of exactly this object. What is gone or another by now is left alone. */
  async delete(kind: Resource, object: JsonObject, signal: AbortSignal): Promise<void> {
    const { name, uid } = asObject(object['metadata']);
    const what = `delete the ${kind.kind} ${String(name)}`;
    const body = { preconditions: { uid }, propagationPolicy: kind.kind === 'Pod' ? 'Background' : 'Foreground' };
    const path = this.path(kind, String(name));
    const answer = await this.transport.call({ method: 'DELETE', path, body }, signal);
    if (answer.status === 404 && textAt(statusOf(answer), 'reason') === 'NotFound') return;
    if (answer.status === 409 && /UID in precondition/.test(answer.text)) return;
    this.succeeded(answer, what);
  }

  /** Null when it is there no longer, or another has written meanwhile. */
  async write(
    method: 'POST' | 'PUT',
    path: string,
    body: JsonObject,
    what: string,
    signal: AbortSignal,
  ): Promise<JsonObject | null> {
    const answer = await this.transport.call({ method, path, body }, signal);
    if (answer.status === 409) return null;
    return this.parsed(this.succeeded(answer, what), what);
  }

  async text(path: string, what: string, signal: AbortSignal): Promise<string> {
    return (await this.ask({ method: 'GET', path }, what, signal)).text;
  }

  /** An endless answer; a refusal throws. */
  async open(path: string, what: string, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.transport.open(path, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    throw refusalOf({ status, headers: response.headers, text: '' }, what);
  }

  path(kind: Resource, name: string, query: Query = {}): string {
    const base = `${apiRoot(kind)}/namespaces/${this.namespace}/${kind.plural}`;
    const all = new URLSearchParams(query).toString();
    return `${base}${name === '' ? '' : `/${name}`}${all === '' ? '' : `?${all}`}`;
  }

  private async ask(call: Call, what: string, signal: AbortSignal): Promise<Answer> {
    return this.succeeded(await this.transport.call(call, signal), what);
  }

  private succeeded(answer: Answer, what: string): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusalOf(answer, what);
  }

  private parsed({ text }: Answer, what: string): JsonObject {
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
    } catch {
      // told below
    }
    throw this.strange(what);
  }

  private strange(what: string): KnotError {
    return new KnotError(
      'backend.unavailable',
      `${this.transport.where} did not answer as Kubernetes does when asked to ${what}.`,
      'Is the server of the kubeconfig the address of an API server?',
    );
  }
}
