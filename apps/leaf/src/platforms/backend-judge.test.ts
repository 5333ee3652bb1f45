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
