import { randomUUID } from 'node:crypto';
import { ApiProblem, type Space } from '../../tools/api-client.js';
import type { Origin } from '../../tools/cluster.js';
import { eventually } from '../../tools/eventually.js';

/** For anything to happen on a busy machine, ms. */
export const PATIENCE_MS = 150_000;

export function newName(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

/** Users who press a button again until it was taken, always with the same key. */
export class People {
  acknowledged = 0;

  constructor(private readonly arena: { readonly origin: Origin }) {}

  make(name: string, templateId: string, location: string): Promise<Space> {
    return this.insist<Space>('POST', '/spaces', { name, templateId, location });
  }

  async started(space: Space): Promise<Space> {
    const { generation } = await this.wish(space, 'start');
    return this.running(space, generation);
  }

  async makeAndStart(templateId: string, location: string): Promise<Space> {
    const made = await this.make(newName('made'), templateId, location);
    await this.wish(made, 'start');
    return made;
  }

  /** On and off and on again; answers the last generation. */
  async turn(space: Space): Promise<number> {
    let last = 0;
    for (const what of ['stop', 'start', 'restart', 'stop', 'start', 'restart']) {
      last = (await this.wish(space, what)).generation;
    }
    return last;
  }

  async delete({ id, name }: Space): Promise<void> {
    await this.insist('DELETE', `/spaces/${id}?confirm=${encodeURIComponent(name)}`);
  }

  async running({ id, name }: Space, generation = 0): Promise<Space> {
    return eventually(
      () => this.arena.origin.api.space(id),
      (now) => now.phase === 'Running' && now.live && now.observedGeneration >= generation,
      { timeout: PATIENCE_MS, what: `${name} to run at generation ${generation}` },
    );
  }

  async gone({ id, name }: Space): Promise<void> {
    const look = () =>
      this.arena.origin.api.space(id).then(
        () => false,
        (error: unknown) => error instanceof ApiProblem && error.status === 404,
      );
    await eventually(look, Boolean, { timeout: PATIENCE_MS, what: `${name} to be gone` });
  }

  private wish(space: Space, what: string): Promise<{ generation: number }> {
    return this.insist('POST', `/spaces/${space.id}/${what}`);
  }

  private async insist<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'idempotency-key': randomUUID() };
    const press = () =>
      this.arena.origin.api.request<T>(method, path, body, headers).then(
        (answer) => ({ answer }),
        (error: unknown) => (isWorthAnotherPress(error) ? null : { error }),
      );
    const seen = await eventually(press, (outcome) => outcome !== null, {
      timeout: PATIENCE_MS,
      interval: 250,
      what: `${method} ${path} to be acknowledged`,
    });
    if (seen === null || 'error' in seen) throw seen?.error;
    this.acknowledged += 1;
    return seen.answer;
  }
}

/** Nobody answered, the server could not, or the location is not heard of at present. */
function isWorthAnotherPress(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status >= 500 || error.problem.code === 'location.unavailable';
}
