import type { IncomingMessage } from 'node:http';
import { KnotError } from '@knot/shared/errors';
import type { Answer } from '../http-exchange.js';
import { asObjects, type JsonObject } from './json.js';
import type { NomadOptions } from './options.js';
import { refusalOf } from './refusal.js';
import { Transport, type Call } from './transport.js';

export type Query = Readonly<Record<string, string>>;

/** The kinds of which Nomad says "<kind> not found". */
type Kind = 'job' | 'volume' | 'variable';

/** Nomad's HTTP API as far as it is used: JSON in and out, errors typed. Nothing here knows about spaces. */
export class NomadClient {
  readonly namespace: string;
  private readonly region: string;
  private readonly transport: Transport;

  constructor(options: NomadOptions) {
    this.namespace = options.namespace || 'default';
    this.region = options.region ?? '';
    this.transport = new Transport(options);
  }

  get where(): string {
    return this.transport.where;
  }

  async get(path: string, what: string, signal: AbortSignal, query: Query = {}): Promise<unknown> {
    return this.parsed(await this.ask({ method: 'GET', path: this.address(path, query) }, what, signal), what);
  }

  /** Null when Nomad itself says that there is none. */
  async find(kind: Kind, path: string, what: string, signal: AbortSignal, query: Query = {}): Promise<unknown> {
    const answer = await this.transport.call({ method: 'GET', path: this.address(path, query) }, signal);
    if (answer.status !== 404) return this.parsed(this.succeeded(answer, what), what);
    if (answer.text.trim().startsWith(`${kind} not found`)) return null;
    // Something between us and Nomad may say 404 too. Taking that for "gone" would make or delete things.
    throw new KnotError(
      'backend.unavailable',
      `${this.where} answered 404, but not as Nomad does, when asked to ${what}.`,
      'Is server.nomad.addr the address of a Nomad agent?',
    );
  }

  /** All pages of a list. */
  async list(path: string, what: string, signal: AbortSignal, query: Query = {}): Promise<readonly JsonObject[]> {
    const all: JsonObject[] = [];
    let next = '';
    do {
      const page = { ...query, per_page: '500', ...(next && { next_token: next }) };
      const answer = await this.ask({ method: 'GET', path: this.address(path, page) }, what, signal);
      const found = this.parsed(answer, what);
      if (!Array.isArray(found)) throw this.strange(what);
      all.push(...asObjects(found));
      const header = answer.headers['x-nomad-nexttoken'];
      next = typeof header === 'string' ? header : '';
    } while (next !== '');
    return all;
  }

  async write(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    what: string,
    signal: AbortSignal,
    { body, query = {} }: { body?: unknown; query?: Query } = {},
  ): Promise<unknown> {
    return this.parsed(await this.ask({ method, path: this.address(path, query), body }, what, signal), what);
  }

  /** The bare answer, for callers that read refusals themselves. */
  bare(method: Call['method'], path: string, signal: AbortSignal, body?: unknown, query: Query = {}): Promise<Answer> {
    return this.transport.call({ method, path: this.address(path, query), body }, signal);
  }

  /** What a bare answer holds, or throws what it refuses. */
  judged(answer: Answer, what: string): unknown {
    return this.parsed(this.succeeded(answer, what), what);
  }

  async text(path: string, what: string, signal: AbortSignal, query: Query): Promise<string> {
    return (await this.ask({ method: 'GET', path: this.address(path, query) }, what, signal)).text;
  }

  /** An endless answer; a refusal throws. */
  async open(path: string, what: string, signal: AbortSignal, query: string): Promise<IncomingMessage> {
    const response = await this.transport.open(`${this.address(path, {})}&${query}`, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    throw refusalOf({ status, headers: response.headers, text: '' }, what);
  }

  private async ask(call: Call, what: string, signal: AbortSignal): Promise<Answer> {
    return this.succeeded(await this.transport.call(call, signal), what);
  }

  private succeeded(answer: Answer, what: string): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusalOf(answer, what);
  }

  private parsed({ text }: Answer, what: string): unknown {
    if (text === '') return null;
    try {
      return JSON.parse(text);
    } catch {
      throw this.strange(what);
    }
  }

  private strange(what: string): KnotError {
    return new KnotError(
      'backend.unavailable',
      `${this.where} did not answer as Nomad does when asked to ${what}.`,
      'Is server.nomad.addr the address of a Nomad agent?',
    );
  }

  private address(path: string, query: Query): string {
    const all = new URLSearchParams({ namespace: this.namespace, ...query });
    if (this.region !== '') all.set('region', this.region);
    return `/v1/${path}?${all.toString()}`;
  }
}
