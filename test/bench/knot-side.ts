import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../tools/api-client.js';
import type { Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { Caller } from './caller.js';
import { inParallel } from './in-parallel.js';
import type { Side, Startable } from './side.js';

interface Space {
  id: string;
  name: string;
  phase: string;
}

interface Page {
  items: Space[];
  next: string | null;
}

export interface KnotSide extends Side {
  /** All spaces with their phases. */
  spaces(): Promise<Space[]>;
}

/** Spaces of one user, by the REST API, each start with an idempotency key as the dashboard sends it. */
export async function createKnotSide(
  origin: Origin,
  location: string,
  wanted: Parameters<ApiClient['createTemplate']>[0],
  nothingRuns: () => Promise<void>,
): Promise<KnotSide> {
  const caller = new Caller(origin.url, { authorization: `Bearer ${origin.api.token}` });
  const template = await origin.api.createTemplate(wanted);

  const startable = async (): Promise<Startable> => {
    const name = `b${randomUUID().slice(0, 12)}`;
    const space = await caller.json<Space>('POST', '/api/v1/spaces', { name, templateId: template.id, location });
    const path = `/api/v1/spaces/${space.id}/start`;
    return {
      job: `knot-${space.id}`,
      start: () => caller.json<void>('POST', path, undefined, { 'idempotency-key': randomUUID() }),
    };
  };

  const spaces = async () => {
    const all: Space[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page = await caller.json('GET', `/api/v1/spaces?limit=200${from}`);
      all.push(...page.items);
      cursor = page.next;
    }
    return all;
  };

  return {
    name: 'knot',
    spaces,
    async prepare(count) {
      const made: Startable[] = [];
      await inParallel(8, Array.from({ length: count }), async () => made.push(await startable()));
      return made;
    },
    async clear() {
      const remove = ({ id, name }: Space) => caller.json('DELETE', `/api/v1/spaces/${id}?confirm=${name}`);
      await inParallel(8, await spaces(), remove);
      await eventually(
        async () => (await caller.json<Page>('GET', '/api/v1/spaces?limit=1')).items.length,
        (left) => left === 0,
        { timeout: 300_000, interval: 1_000, what: 'all spaces to be gone' },
      );
      await nothingRuns();
    },
  };
}
