import { mkdir, mkdtemp, readFile, rm, writeFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mark, VolumeRef } from '@knot/domain';
import { describeDriver, type DriverHarness } from '../conformance/index.js';
import { createLocalDriver } from './create-local-driver.js';
import { instancesOf, machineClock, processesOf } from './testing/machine.js';

async function localHarness(): Promise<DriverHarness> {
  const root = await mkdtemp(join(tmpdir(), 'knot-local-'));
  const noteOf = ({ space }: Mark) => join(root, space, 'somebody-elses');
  const fileIn = ({ backendId }: VolumeRef) => join(root, 'volumes', backendId, 'data.txt');
  return {
    open: (scope) => createLocalDriver({ scope, path: root, clock: machineClock, settleMs: 50, pollMs: 50 }),
    policy: { drivers: [], hostVolumes: [], exceptions: [] },
    jobs: {
      running: 'command: [sleep, "600"]',
      changed: 'command: exec sleep 601',
      exits: (code) => `command: "sleep 0.05; exit ${code}"`,
      neverHealthy: 'command: [sleep, "600"]\nready: { port: 1 }',
      invalid: 'comand: [sleep]',
      policyViolating: { job: 'command: [sleep, "600"]\nworkdir: /etc', names: 'host-path:/etc' },
    },
    volumes: {
      text: 'volumes: [home, { name: "{{space}}-data" }]',
      job: 'command: [sleep, "600"]\nvolumes: [home, { name: "{{space}}-data", path: var/data }]',
      names: ['home', '{{space}}-data'],
    },
    world: {
      kill: async ({ space }) => killGroups(space),
      editBehindBack: async ({ space }) => {
        const runs = join(root, space, '.knot', 'runs');
        const run = (await readdir(runs)).map(Number).sort((a, b) => b - a)[0];
        const file = join(runs, String(run), 'run.json');
        await writeFile(file, (await readFile(file, 'utf8')).replace(/"content": "...../, '"content": "00000'));
      },
      makeForeign: async (mark) => {
        await mkdir(join(root, mark.space));
        await writeFile(noteOf(mark), 'mine');
      },
      foreignStands: async (mark) => (await readFile(noteOf(mark), 'utf8').catch(() => '')) === 'mine',
      countRunning: async ({ space }) => instancesOf(space),
      data: {
        write: (ref, text) => writeFile(fileIn(ref), text),
        read: (ref) => readFile(fileIn(ref), 'utf8').catch(() => null),
      },
    },
    lockTtlMs: 200,
    close: () => rm(root, { recursive: true, force: true }),
  };
}

function killGroups(space: string): void {
  for (const group of new Set(processesOf(space).map((one) => one.group))) process.kill(-group, 'SIGKILL');
}

describeDriver('local', localHarness, { connection: false });
