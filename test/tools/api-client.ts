import { eventually, type EventuallyOptions } from './eventually.js';
import type { components } from '@knot/contract';

type Schemas = components['schemas'];
export type Space = Schemas['SpaceDetail'];
export type Template = Schemas['TemplateDetail'];
export type Location = Schemas['LocationDetail'];
export type Orphan = Schemas['Orphan'];
export type Problem = Schemas['Problem'];

/** An answer that is no success, with what its user reads. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}: ${problem.detail} ${problem.hint}`);
  }
}

/** The origin's REST API as any program calls it: a token, JSON, no knowledge of the inside. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  async request<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(new URL(`/api/v1${path}`, this.url), {
      method,
      headers: {
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiProblem(response.status, parsed as Problem);
    return parsed as T;
  }

  createTemplate(template: Schemas['TemplateCreate']): Promise<Template> {
    return this.request('POST', '/templates', template);
  }

  createSpace(name: string, templateId: string, location: string): Promise<Space> {
    return this.request('POST', '/spaces', { name, templateId, location });
  }

  space(id: string): Promise<Space> {
    return this.request('GET', `/spaces/${id}`);
  }

  async spaces(): Promise<readonly Schemas['Space'][]> {
    const { items } = await this.request<Schemas['SpacePage']>('GET', '/spaces?limit=200');
    return items;
  }

  wish(id: string, wish: 'start' | 'stop' | 'restart' | 'update'): Promise<Schemas['Operation']> {
    return this.request('POST', `/spaces/${id}/${wish}`);
  }

  async deleteSpace(space: { id: string; name: string }): Promise<void> {
    await this.request('DELETE', `/spaces/${space.id}?confirm=${encodeURIComponent(space.name)}`);
  }

  location(name: string): Promise<Location> {
    return this.request('GET', `/locations/${name}`);
  }

  async orphans(location: string): Promise<readonly Orphan[]> {
    const { items } = await this.request<Schemas['OrphanList']>('GET', `/locations/${location}/orphans`);
    return items;
  }

  /** Waits until the space shows the phase. */
  phase(id: string, phase: Space['phase'], options: EventuallyOptions = {}): Promise<Space> {
    const what = `space ${id} to be ${phase}`;
    return eventually(
      () => this.space(id),
      (space) => space.phase === phase,
      { timeout: 30_000, what, ...options },
    );
  }

  /** Waits until the space and its row are gone. */
  gone(id: string, options: EventuallyOptions = {}): Promise<boolean> {
    const look = async () => {
      try {
        await this.space(id);
        return false;
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return true;
        throw error;
      }
    };
    return eventually(look, Boolean, { timeout: 30_000, what: `space ${id} to be gone`, ...options });
  }
}
