import { beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Space, type Template } from '../tools/api-client.js';
import { locationReady, signIn, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { mockJob, NEVER_PLACED } from './jobs.js';

const USERS = 20;
const SPACES_EACH = 10;
const PASSWORD = 'a long enough passphrase';

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let users: ApiClient[];

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
  users = [];
  for (let number = 0; number < USERS; number += 1) {
    const username = `user${number}`;
    const account = { username, email: `${username}@example.com`, password: PASSWORD, role: 'user' };
    await origin.api.request('POST', '/users', account);
    users.push(new ApiClient(origin.url, await signIn(origin.url, username, PASSWORD)));
  }
});

function template(name: string, job: string): Promise<Template> {
  return origin.api.createTemplate({ name, platform: 'nomad', job, exceptions: ['driver:mock_driver'] });
}

describe('200 spaces of 20 users, started at once', () => {
  it('runs all that can run; each of the others says why, and can be stopped and deleted', async () => {
    const good = await template('good', mockJob());
    const bad = [
      {
        template: await template('unplaceable', mockJob({ run_for: '1h' }, NEVER_PLACED)),
        says: /kernel|constraint|no node/i,
      },
      { template: await template('broken', mockJob({ start_error: 'the disk is on fire' })), says: /disk is on fire/ },
      { template: await template('exiting', mockJob({ run_for: '200ms', exit_code: 3 })), says: /code 3|exit.*3/i },
    ];
    const spaces: Space[] = [];
    for (const [index, user] of users.entries()) {
      for (let number = 0; number < SPACES_EACH; number += 1) {
        const odd = index === number ? bad[index] : undefined;
        spaces.push(await user.createSpace(`space-${number}`, (odd?.template ?? good).id, 'lon'));
      }
    }
    const ownerOf = (index: number) => users[Math.floor(index / SPACES_EACH)] ?? origin.api;
    await Promise.all(spaces.map(({ id }, index) => ownerOf(index).wish(id, 'start')));

    const broken = spaces.filter((space) => bad.some((kind) => kind.template.id === space.template.id));
    const sound = new Set(spaces.filter((space) => !broken.includes(space)).map(({ id }) => id));
    await eventually(
      async () => (await origin.api.spaces()).filter(({ id, phase }) => sound.has(id) && phase === 'Running').length,
      (count) => count === sound.size,
      { timeout: 150_000, interval: 1_000, what: `${sound.size} spaces to run` },
    );
    for (const space of broken) {
      const kind = bad.find(({ template: { id } }) => id === space.template.id);
      await eventually(
        () => origin.api.space(space.id),
        (now) => now.phase !== 'Running' && now.phase !== 'Queued' && kind?.says.test(now.message) === true,
        { timeout: 30_000, what: `${space.template.name} to say why` },
      );
      await origin.api.wish(space.id, 'stop');
      await origin.api.phase(space.id, 'Stopped', { timeout: 60_000 });
      await origin.api.deleteSpace(space);
      await origin.api.gone(space.id, { timeout: 60_000 });
    }
    const jobs = await nomad.jobs('knot-');
    expect(new Set(jobs.map(({ ID }) => ID))).toEqual(new Set([...sound].map((id) => `knot-${id}`)));
  }, 300_000);
});
