import { describe, expect, it } from 'vitest';
import { backendName } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { FakeBackend, FakeDriver, VirtualClock, type FaultKind } from './index.js';

const SCOPE = { installation: 'inst', location: 'here' };
const POLICY = { drivers: [], hostVolumes: [], exceptions: [] };

function setUp() {
  const clock = new VirtualClock();
  const backend = new FakeBackend(clock);
  const driver = new FakeDriver({ scope: SCOPE, backend });
  const spec: WorkloadSpec = {
    mark: { ...SCOPE, space: 's1' },
    display: { space: 'one', owner: 'ann' },
    job: 'run',
    volumes: '',
    hash: 'h1',
    policy: POLICY,
  };
  return { clock, backend, driver, spec, signal: new AbortController().signal };
}

describe('faults of the fake', () => {
  it.each<[FaultKind, string, number]>([
    ['forbidden', 'backend.forbidden', 403],
    ['conflict', 'backend.conflict', 409],
    ['throttled', 'backend.unavailable', 429],
    ['unavailable', 'backend.unavailable', 503],
    ['invalid', 'backend.invalid', 400],
  ])(
    'a call that fails as %s before its effect changes nothing, and the next one works',
    async (kind, code, status) => {
      const { backend, driver, spec, signal } = setUp();
      driver.faults.add({ call: 'apply', kind, when: 'before', times: 1 });
      await expect(driver.apply(spec, '', signal)).rejects.toMatchObject({ code, details: { status } });
      expect(backend.get('s1')).toBeNull();
      await driver.apply(spec, '', signal);
      expect(backend.countRunning('s1')).toBe(1);
    },
  );

  it('a lost answer has had its effect', async () => {
    const { backend, driver, spec, signal } = setUp();
    driver.faults.add({ call: 'apply', kind: 'unavailable', when: 'after', times: 1 });
    await expect(driver.apply(spec, '', signal)).rejects.toMatchObject({ code: 'backend.unavailable' });
    expect(backend.countRunning('s1')).toBe(1);
    await expect(driver.apply(spec, '', signal)).rejects.toMatchObject({ code: 'backend.conflict' });
  });

  it('a call that hangs ends with its signal', async () => {
    const { driver, spec } = setUp();
    driver.faults.add({ call: 'apply', kind: 'hang', when: 'after', times: 1 });
    const deadline = new AbortController();
    const answer = driver.apply(spec, '', deadline.signal);
    deadline.abort();
    await expect(answer).rejects.toMatchObject({ code: 'backend.unavailable' });
  });

  it('a rule hits only the calls and spaces it names, as often as it says', async () => {
    const { driver, spec, signal } = setUp();
    driver.faults.add({ call: 'apply', space: 's2', kind: 'forbidden', when: 'before', times: 2 });
    await driver.apply(spec, '', signal);
    const other = { ...spec, mark: { ...SCOPE, space: 's2' } };
    for (let time = 0; time < 2; time++) {
      await expect(driver.apply(other, '', signal)).rejects.toMatchObject({ code: 'backend.forbidden' });
    }
    await driver.apply(other, '', signal);
  });

  it('a program decides call by call', async () => {
    const { driver, spec, signal } = setUp();
    driver.faults.program = ({ call }) => (call === 'list' ? { kind: 'throttled', when: 'before' } : null);
    await driver.apply(spec, '', signal);
    await expect(driver.list(signal)).rejects.toMatchObject({ details: { status: 429 } });
    driver.faults.clear();
    expect(await driver.list(signal)).toMatchObject([{ backendId: backendName('s1') }]);
  });

  it('a call takes its latency by the clock, and its effect comes in the middle', async () => {
    const { clock, backend, driver, spec, signal } = setUp();
    backend.knobs.latencyMs = 100;
    const answer = driver.apply(spec, '', signal);
    await clock.advance(40);
    expect(backend.get('s1')).toBeNull();
    await clock.advance(20);
    expect(backend.countRunning('s1')).toBe(1);
    await clock.advance(40);
    await answer;
  });

  it('a silent watch says nothing, not even at its start', async () => {
    const { backend, driver, spec, signal } = setUp();
    backend.knobs.silentWatch = true;
    const hints: (string | null)[] = [];
    const ending = new AbortController();
    const ended = driver.watch((space) => hints.push(space), ending.signal);
    await driver.apply(spec, '', signal);
    backend.kill('s1');
    ending.abort();
    await ended;
    expect(hints).toEqual([]);
  });

  it('states and hints follow the delays of the clock', async () => {
    const { clock, backend, driver, spec, signal } = setUp();
    Object.assign(backend.knobs, { placementMs: 1_000, healthMs: 2_000 });
    const hints: (string | null)[] = [];
    const ending = new AbortController();
    const ended = driver.watch((space) => hints.push(space), ending.signal);
    await driver.apply(spec, '', signal);
    const healthAfter = async (ms: number) => {
      hints.length = 0;
      await clock.advance(ms);
      const { workload } = await driver.observe({ mark: spec.mark, volumes: [], spec, verified: '' }, signal);
      return workload.state === 'present' ? workload.health : workload.state;
    };
    expect(await healthAfter(999)).toBe('pending');
    expect(await healthAfter(1)).toBe('starting');
    expect(hints).toEqual(['s1']);
    expect(await healthAfter(2_000)).toBe('healthy');
    expect(hints).toEqual(['s1']);
    ending.abort();
    await ended;
  });

  it('the same deeds at the same times give the same world', async () => {
    const run = async () => {
      const { clock, backend, driver, spec, signal } = setUp();
      await driver.apply(spec, '', signal);
      await clock.advance(500);
      backend.edit('s1');
      return driver.observe({ mark: spec.mark, volumes: [], spec, verified: '' }, signal);
    };
    expect(await run()).toEqual(await run());
  });
});
