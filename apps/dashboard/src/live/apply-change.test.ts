import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Location, SpaceDetail, Template } from '../api/schemas.js';
import { keys } from '../queries/keys.js';
import { withoutFilters } from '../queries/space-filters.js';
import { madeDetail, madeLocation, madeMe, madeSpace, madeTemplate } from '../testing/made.js';
import { applyChange } from './apply-change.js';
import { parseChange } from './parse-change.js';
import type { SpacePages } from './patch-spaces.js';

let client: QueryClient;
let asked: QueryKey[];
const refresher = { ask: (queryKey: QueryKey) => void asked.push(queryKey) };

function arrives(change: object): void {
  const parsed = parseChange(JSON.stringify(change));
  if (!parsed) throw new Error('the change was not understood');
  applyChange(client, refresher, parsed);
}

beforeEach(() => {
  client = new QueryClient();
  asked = [];
  client.setQueryData(keys.me, madeMe());
});

describe('a change of the event stream', () => {
  it('of a space reaches every list that holds it, and its own page', () => {
    const running = { ...withoutFilters(), phase: 'Running' as const };
    const list = (): SpacePages => ({ pages: [{ items: [madeSpace()], next: null }], pageParams: [null] });
    client.setQueryData(keys.spaceList(withoutFilters()), list());
    client.setQueryData(keys.spaceList(running), list());
    client.setQueryData(keys.space('space-1'), madeDetail({ instance: '4711' }));
    arrives({ kind: 'space', id: 'space-1', op: 'put', object: madeSpace({ phase: 'Failed' }) });
    const shown = (key: QueryKey) => client.getQueryData<SpacePages>(key)?.pages[0]?.items.map(({ phase }) => phase);
    expect(shown(keys.spaceList(withoutFilters()))).toEqual(['Failed']);
    expect(shown(keys.spaceList(running))).toEqual([]);
    expect(client.getQueryData<SpaceDetail>(keys.space('space-1'))).toMatchObject({
      phase: 'Failed',
      instance: '4711',
    });
    expect(asked).toContainEqual(keys.space('space-1'));
  });

  it('that deletes a space takes it from the list and makes its page look again', () => {
    const key = keys.spaceList(withoutFilters());
    client.setQueryData<SpacePages>(key, { pages: [{ items: [madeSpace()], next: null }], pageParams: [null] });
    arrives({ kind: 'space', id: 'space-1', op: 'delete' });
    expect(client.getQueryData<SpacePages>(key)?.pages[0]?.items).toEqual([]);
    expect(asked).toContainEqual(keys.space('space-1'));
  });

  it('of a location that fell silent is shown at once, in list and page', () => {
    client.setQueryData(keys.locationList, [madeLocation()]);
    client.setQueryData(keys.location('lon'), { ...madeLocation(), policy: { drivers: ['docker'], hostVolumes: [] } });
    arrives({ kind: 'location', id: 'lon', op: 'put', object: madeLocation({ live: false, asOf: 5_000 }) });
    expect(client.getQueryData<Location[]>(keys.locationList)?.[0]).toMatchObject({ live: false, asOf: 5_000 });
    expect(client.getQueryData(keys.location('lon'))).toMatchObject({ live: false, policy: { drivers: ['docker'] } });
  });

  it('of a location with another number of orphans makes the orphans be read again', () => {
    client.setQueryData(keys.location('lon'), madeLocation());
    arrives({ kind: 'location', id: 'lon', op: 'put', object: madeLocation({ orphans: 2 }) });
    expect(asked).toContainEqual(keys.orphans('lon'));
  });

  it('of a template puts it into the list in the order of names', () => {
    client.setQueryData(keys.templateList, [madeTemplate()]);
    arrives({ kind: 'template', id: 't-2', op: 'put', object: madeTemplate({ id: 't-2', name: 'Debian' }) });
    expect(client.getQueryData<Template[]>(keys.templateList)?.map(({ name }) => name)).toEqual(['Debian', 'Shell']);
    arrives({ kind: 'template', id: 'template-1', op: 'delete' });
    expect(client.getQueryData<Template[]>(keys.templateList)?.map(({ name }) => name)).toEqual(['Debian']);
  });

  it('of oneself makes the page ask who one is, so that rights follow', () => {
    arrives({ kind: 'user', id: 'user-1', op: 'put', object: {} });
    expect(asked).toContainEqual(keys.me);
    asked = [];
    arrives({ kind: 'user', id: 'user-2', op: 'put', object: {} });
    expect(asked).not.toContainEqual(keys.me);
  });

  it('of a kind that lists show makes the lists be read again', () => {
    arrives({ kind: 'variable', id: 'v-1', op: 'put', object: {} });
    arrives({ kind: 'volume', id: 'vol-1', op: 'delete' });
    expect(asked).toEqual([keys.variables, keys.volumes, keys.operations]);
  });

  it('fills nothing that was never read', () => {
    arrives({ kind: 'template', id: 't-2', op: 'put', object: madeTemplate() });
    arrives({ kind: 'space', id: 'space-1', op: 'put', object: madeSpace() });
    expect(client.getQueryData(keys.templateList)).toBeUndefined();
    expect(client.getQueryData(keys.space('space-1'))).toBeUndefined();
  });

  it('that overtook the answer under way makes the list be read once more', async () => {
    let answer: (list: Template[]) => void = () => {};
    const reading = client.fetchQuery({
      queryKey: keys.templateList,
      queryFn: () => new Promise<Template[]>((resolve) => (answer = resolve)),
    });
    arrives({ kind: 'template', id: 'template-1', op: 'put', object: madeTemplate() });
    expect(asked).toContainEqual(keys.templateList);
    answer([]);
    await reading;
  });

  it('that cannot be read is no change', () => {
    for (const data of ['', 'null', '[]', '{"kind":"space"}', '{"kind":1,"id":"x"}']) {
      expect(parseChange(data)).toBeNull();
    }
  });
});
