import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LeafRig } from '../testing/leaf-rig.js';

let rig: LeafRig;
beforeEach(async () => {
  rig = await LeafRig.open();
});
afterEach(() => rig.close());

const QUESTION = { id: 'q', platform: 'local', spaceId: 'nobody', job: 'sleep', volumes: '' };

async function asked(question: Partial<typeof QUESTION> & { readonly exceptions?: string[] }) {
  rig.origin.answers.length = 0;
  rig.origin.ask({ ...QUESTION, ...question });
  await rig.until('it has answered', () => rig.origin.answers.length > 0);
  const [answer] = rig.origin.answers;
  expect(answer?.questionId).toBe('q');
  return answer?.warnings;
}

it('a leaf says what its backend thinks of texts, and nothing runs by it', async () => {
  const { leaf } = await rig.start();
  await rig.until('it follows', () => leaf.state().stage === 'following');
  expect(await asked({})).toEqual([]);
  expect(await asked({ job: 'fake: invalid no such thing' })).toMatchObject([
    { message: 'no such thing', hint: 'Mend the template.', line: 0 },
  ]);
  const job = 'fake: driver raw';
  expect((await asked({ job }))?.[0]?.message).toContain('asks for driver:raw');
  expect(await asked({ job, exceptions: ['driver:raw'] })).toEqual([]);
  expect(rig.backend.all()).toEqual([]);
});

it('a leaf that cannot ask its backend says that, and goes on', async () => {
  const { leaf } = await rig.start();
  await rig.until('it follows', () => leaf.state().stage === 'following');
  expect((await asked({ platform: 'nomad' }))?.[0]?.message).toContain('not set up for Nomad');
  expect((await asked({ platform: 'of tomorrow' }))?.[0]?.message).toContain('does not understand');
  rig.faults.add({ call: 'validate', kind: 'hang', when: 'before', times: 1 });
  expect((await asked({}))?.[0]?.message).toContain('could not check the texts');
  expect(leaf.state()).toMatchObject({ stage: 'following', relists: 1 });
  expect(await asked({})).toEqual([]);
});

const DATA = {
  space: { id: 's1', name: 'mine' },
  template: { id: 't1', name: 't' },
  user: { id: 'u1', username: 'ann', email: '', timezone: 'UTC', service_password: 'service-secret' },
  server: { url: '', agent_endpoint: '', wildcard_domain: '', location: 'here', timezone: 'UTC' },
  nomad: { dc: '', region: '' },
  var: { key: 'planted-7351' },
};

function snapshot(more: MessageInitShape<typeof sync.SnapshotSchema>) {
  const plain = { hash: `sha256:${JSON.stringify(more)}`, platform: 'local', restart: 'always', job: 'sleep' };
  return create(sync.SnapshotSchema, { ...plain, data: JSON.stringify(DATA), protectedVariables: ['key'], ...more });
}

async function planned(more: MessageInitShape<typeof sync.SnapshotSchema>) {
  rig.origin.answers.length = 0;
  rig.origin.ask({ id: 'p', spaceId: 's1', snapshot: snapshot(more) });
  await rig.until('it has answered', () => rig.origin.answers.length > 0);
  const [answer] = rig.origin.answers;
  return { plan: answer?.plan, warnings: answer?.warnings ?? [] };
}

it('a leaf says what a start from another snapshot would change, and then exactly that is changed', async () => {
  const { leaf } = await rig.start();
  await rig.until('it follows', () => leaf.state().stage === 'following');
  const home = { job: 'one', volumes: 'home\nold' };
  expect((await planned(home)).plan).toMatchObject({ changes: [], volumesAdded: ['home', 'old'], volumesDetached: [] });
  rig.origin.wish('s1', { want: sync.Want.RUNNING, snapshot: snapshot(home) });
  await rig.until('it runs', () => rig.backend.all().length === 1);
  expect((await planned(home)).plan).toMatchObject({ changes: [], destructive: false, volumesAdded: [] });
  const next = { job: 'two', volumes: 'home\nnew' };
  expect((await planned(next)).plan).toMatchObject({
    ...{ destructive: true, volumesAdded: ['new'], volumesDetached: ['old'] },
    changes: [expect.stringMatching(/./)],
  });
  expect(
    rig.backend
      .all()
      .map(({ content }) => content)
      .join(),
  ).toContain('one');
  rig.origin.wish('s1', { snapshot: snapshot(next) });
  await rig.until('it is another', () => rig.backend.all().some(({ content }) => content.includes('two')));
  expect([...rig.backend.volumes.keys()].sort().join()).toMatch(/home.*new.*old/);
});

it('a leaf tells what its backend refuses without a protected value, and what it could not ask', async () => {
  const { leaf } = await rig.start();
  await rig.until('it follows', () => leaf.state().stage === 'following');
  const refused = await planned({ job: 'fake: invalid no ${{ .var.key }} here' });
  expect(refused.plan?.refusal).toMatchObject({ message: 'no *** here', hint: 'Mend the template.' });
  expect((await planned({ job: '${{ .var.nowhere }}' })).plan?.refusal?.message).toContain('nowhere');
  const absent = await planned({ platform: 'nomad' });
  expect(absent).toMatchObject({ plan: undefined });
  expect(absent.warnings[0]?.message).toContain('not set up for Nomad');
  expect(rig.backend.all()).toEqual([]);
});
