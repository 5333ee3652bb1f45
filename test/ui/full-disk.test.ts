import { beforeAll, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { enter } from '../tools/sign-in-page.js';

let origin: Origin;
let leaf: Leaf;
let ada: Person;
let space: string;

beforeAll(async () => {
  origin = await startOrigin();
  leaf = await startLeaf(origin, { location: 'lon', local: true, diskMb: 40 });
  await locationReady(origin, 'lon', 'local');
  const job = 'command: [sleep, infinity]\n';
  const template = await origin.api.createTemplate({ name: 'shell', platform: 'local', job });
  space = (await origin.api.createSpace('work', template.id, 'lon')).id;
  ada = await newPerson({ url: origin.url });
  await enter(ada);
});

it('whoever waits for a leaf whose disk is full reads why, and what they wished comes once there is room', async () => {
  const { page } = ada;
  await page.goto(`/spaces/${space}`);
  const start = page.getByRole('button', { name: 'Start work' });
  await start.waitFor();
  leaf.process.disk.fill();
  await start.click();
  const note = page.getByRole('status').filter({ hasText: 'Local at lon cannot be used now' });
  await note.getByText('the disk of the database is full').waitFor();
  await note.getByText('Make room on it').waitFor();
  leaf.process.disk.free();
  await page.getByRole('status').getByText('Running').waitFor();
  await note.waitFor({ state: 'detached' });
  expect(ada.faults).toEqual([]);
});
