import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { components } from '@knot/contract';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { freshFolder } from '../tools/processes.js';
import type { Subjects } from './walk.js';

type Schemas = components['schemas'];

export const JOB = 'command: ["sh", "-c", "exec sleep 1000"]\nenv:\n  NAME: "${{ .space.name }}"\n';
export const BOB = { username: 'bob', email: 'bob@example.com', password: 'another horse battery' };

export interface Estate {
  readonly origin: Origin;
  readonly leaf: Leaf;
  /** One of everything that has a page. */
  readonly subjects: Subjects;
}

/** An origin with one of everything, `word` in each text that people may write freely, and a leaf that runs spaces as processes. */
export async function startEstate({ word = '' } = {}): Promise<Estate> {
  const origin = await startOrigin({ config: { 'server.local.users': 'all' } });
  const spaces = freshFolder('spaces');
  const config = { 'server.local.path': spaces, 'server.kubernetes': { enabled: true, kubeconfig: absentCluster() } };
  const leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  const { api } = origin;
  const template = await api.createTemplate({ name: 'Shell', description: word, platform: 'local', job: JOB });
  const space = await api.createSpace('shop', template.id, 'lon');
  await api.wish(space.id, 'start');
  await api.phase(space.id, 'Running', { timeout: 60_000 });
  // the space is one version behind from here on
  const job = `${JOB}  MORE: "1"\n`;
  await api.request('PUT', `/templates/${template.id}`, { name: 'Shell', job, note: `more of it${word}` });
  // one that waits for its space to stop
  const rollOut = await api.request<Schemas['RollOutProgress']>('POST', '/roll-outs', {
    ...{ templateId: template.id, number: 2, to: 'all', moment: 'next-stop' },
  });
  const variable = await api.request<Schemas['Variable']>('POST', '/variables', {
    name: 'image',
    value: `debian:12${word}`,
  });
  await api.request('POST', '/variables', { name: 'key', value: 'hidden', protected: true, templates: [template.id] });
  const volume = await api.request<Schemas['Volume']>('POST', '/volumes', {
    name: 'shared',
    platform: 'local',
    location: 'lon',
    definition: 'volumes:\n  - name: shared\n',
  });
  const user = await api.request<Schemas['User']>('POST', '/users', { ...BOB, role: 'user' });
  const group = await api.request<Schemas['Group']>('POST', '/groups', {
    name: 'shop floor',
    description: word,
    maxRunning: 4,
  });
  const role = await api.request<Schemas['Role']>('POST', '/roles', {
    name: 'keeper',
    description: `Looks after templates${word}`,
    permissions: ['templates.see', 'templates.manage'],
  });
  return {
    origin,
    leaf,
    subjects: {
      space: space.id,
      template: template.id,
      variable: variable.id,
      volume: volume.id,
      user: user.id,
      group: group.id,
      role: role.id,
      location: 'lon',
      rollOut: rollOut.id,
    },
  };
}

/** How to reach a cluster where nothing listens: the platform is offered, and not ready. */
function absentCluster(): string {
  const file = join(freshFolder('kubeconfig'), 'config');
  const cluster = { name: 'absent', cluster: { server: 'http://127.0.0.1:9' } };
  const context = { name: 'absent', context: { cluster: 'absent', user: 'absent' } };
  const users = [{ name: 'absent', user: {} }];
  writeFileSync(file, JSON.stringify({ clusters: [cluster], contexts: [context], users, 'current-context': 'absent' }));
  return file;
}
