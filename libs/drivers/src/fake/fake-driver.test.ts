import type { Mark } from '@knot/domain';
import { describeDriver, type DriverHarness } from '../conformance/index.js';
import { FakeBackend, FakeDriver, VirtualClock } from './index.js';

function fakeHarness(): Promise<DriverHarness> {
  const clock = new VirtualClock();
  const backend = new FakeBackend(clock, { placementMs: 80, healthMs: 120, stopMs: 60, volumeMs: 50 });
  return Promise.resolve({
    open: (scope) => new FakeDriver({ scope, backend }),
    policy: { drivers: ['docker'], hostVolumes: [], exceptions: [] },
    jobs: {
      running: 'run {{space}}',
      changed: 'run something else',
      exits: (code) => `fake: exits ${code} 100`,
      neverHealthy: 'fake: never-healthy nobody listens on port 80',
      invalid: 'fake: invalid unexpected token',
      policyViolating: { job: 'fake: driver raw_exec', names: 'raw_exec' },
    },
    volumes: { text: 'home\nubuntu_{{space}}_data', job: 'run with volumes', names: ['home', 'ubuntu_{{space}}_data'] },
    world: {
      kill: async ({ space }) => backend.kill(space),
      editBehindBack: async ({ space }) => backend.edit(space),
      makeForeign: async ({ space }) => backend.plantForeign(space),
      foreignStands: async ({ space }) => backend.get(space)?.mark === null,
      countRunning: async (mark: Mark) => backend.countRunning(mark.space),
      data: {
        write: async ({ backendId }, text) => {
          const volume = backend.volumes.get(backendId);
          if (volume) volume.data = text;
        },
        read: async ({ backendId }) => backend.volumes.get(backendId)?.data ?? null,
      },
      cutWatches: async () => backend.cutWatches(),
    },
    passTime: (ms) => clock.advance(ms),
    close: () => Promise.resolve(),
  });
}

describeDriver('fake', fakeHarness);
