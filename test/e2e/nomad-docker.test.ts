import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { startDocker } from '../tools/docker.js';
import { eventually } from '../tools/eventually.js';
import { goProgram } from '../tools/go-part.js';
import { startNomad, type Nomad } from '../tools/nomad.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { freshFolder } from '../tools/processes.js';

const PLUGIN = 'folders';
/** Where Nomad's Docker and the CSI plugin keep what they keep. */
const folder = freshFolder('csi');
const data = join(folder, 'volumes');

let nomad: Nomad;
let spaces: NomadClient;
let origin: Origin;

beforeAll(async () => {
  mkdirSync(data);
  nomad = await startNomad({
    drivers: ['raw_exec', 'docker'],
    plugins: [{ docker: [{ config: [{ endpoint: `unix://${join(folder, 'docker/docker.sock')}` }] }] }],
    async beforeClient(pid) {
      const docker = await startDocker(pid, folder);
      await docker.importBusybox('busybox:1.37');
    },
  });
  await runPlugin(nomad.client());
  spaces = await nomad.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: spaces.access });
  await locationReady(origin, 'lon', 'nomad');
}, 180_000);
afterAll(() => nomad.stop());

/** Controller and node of a CSI plugin as a job of an operator, who is not knot. */
async function runPlugin(client: NomadClient): Promise<void> {
  const task = {
    Name: 'plugin',
    Driver: 'raw_exec',
    Config: { command: goProgram('csi', 'csi-folders'), args: ['-data', data] },
    // raw_exec sees the machine as it is: the client's own folder, not a path inside of a container
    CSIPluginConfig: {
      ID: PLUGIN,
      Type: 'monolith',
      MountDir: '/csi',
      StagePublishBaseDir: join(nomad.dataDir, 'c/client/csi/monolith', PLUGIN),
    },
    Resources: { CPU: 20, MemoryMB: 32 },
  };
  await client.register({
    ID: 'csi-plugin',
    Type: 'system',
    TaskGroups: [{ Name: 'plugin', Count: 1, Tasks: [task] }],
  });
  const look = () => client.request<Record<string, number>>('GET', `/v1/plugin/csi/${PLUGIN}`);
  const isHealthy = ({ ControllersHealthy = 0, NodesHealthy = 0 }: Record<string, number>) =>
    ControllersHealthy > 0 && NodesHealthy > 0;
  await eventually(look, isHealthy, { timeout: 60_000, what: 'a healthy CSI plugin' });
}

const JOB = `
job "with-data" {
  datacenters = ["dc1"]
  type        = "service"
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    volume "data" {
      type            = "csi"
      source          = "data"
      access_mode     = "single-node-writer"
      attachment_mode = "file-system"
    }
    task "main" {
      driver = "docker"
      config {
        image   = "busybox:1.37"
        command = "/bin/sh"
        args    = ["-c", "echo started >>/data/starts; exec sleep 100000"]
      }
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
      resources {
        cpu    = 20
        memory = 32
      }
    }
  }
}
`;

const VOLUMES = (plugin: string, parameters = '') => `
volumes:
  - name: data
    type: csi
    plugin_id: ${plugin}
    capacity_min: 1M
    capacity_max: 10M
    capabilities:
      - access_mode: single-node-writer
        attachment_mode: file-system
${parameters}`;

interface CsiVolume {
  readonly ID: string;
  readonly PluginID: string;
}

function csiVolumes(): Promise<readonly CsiVolume[]> {
  return spaces.request('GET', '/v1/volumes?type=csi');
}

async function allocationLog(job: string): Promise<string> {
  const [allocation] = await spaces.allocations(job);
  const query = `namespace=${spaces.access.namespace}&task=main&type=stdout&plain=true`;
  const response = await fetch(`${nomad.addr}/v1/client/fs/logs/${allocation?.ID}?${query}`, {
    headers: { 'X-Nomad-Token': nomad.token },
    signal: AbortSignal.timeout(10_000),
  });
  return response.text();
}

describe('a Nomad with Docker', () => {
  it("runs the template hello-nomad that comes with knot, in a container, with its user's name", async () => {
    const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>('GET', '/templates');
    const hello = items.find(({ name }) => name === 'hello-nomad');
    const space = await origin.api.createSpace('first', hello?.id ?? '', 'lon');
    await origin.api.wish(space.id, 'start');
    await origin.api.phase(space.id, 'Running', { timeout: 120_000 });
    const log = await eventually(
      () => allocationLog(`knot-${space.id}`),
      (text) => text.includes('hello'),
      {
        timeout: 60_000,
        what: "the container's log",
      },
    );
    expect(log).toContain('hello ada, this is first');
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', { timeout: 60_000 });
    await origin.api.deleteSpace(space);
    await origin.api.gone(space.id, { timeout: 60_000 });
  }, 300_000);
});

describe('a CSI volume', () => {
  it('is made with the space, keeps its data over stop and start, and goes when the space is deleted', async () => {
    const template = await origin.api.createTemplate({
      name: 'with-data',
      platform: 'nomad',
      job: JOB,
      volumes: VOLUMES(PLUGIN),
    });
    const space = await origin.api.createSpace('data', template.id, 'lon');
    await origin.api.wish(space.id, 'start');
    await origin.api.phase(space.id, 'Running', { timeout: 120_000 });
    const name = `knot-${space.id}-data`;
    expect(await csiVolumes()).toMatchObject([{ ID: name, PluginID: PLUGIN }]);
    const starts = () => readFileSync(join(data, name, 'starts'), 'utf8');
    await eventually(starts, (text) => text === 'started\n', { timeout: 30_000, what: 'the first start' });

    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', { timeout: 120_000 });
    expect(await spaces.job(`knot-${space.id}`)).toBeUndefined();
    expect(await csiVolumes()).toHaveLength(1);
    expect(starts()).toBe('started\n');

    await origin.api.wish(space.id, 'start');
    await origin.api.phase(space.id, 'Running', { timeout: 120_000 });
    await eventually(starts, (text) => text === 'started\nstarted\n', { timeout: 30_000, what: 'the second start' });

    // deleted while it runs: the job ends first, then its claim on the volume, then the volume
    await origin.api.deleteSpace(space);
    await origin.api.gone(space.id, { timeout: 180_000 });
    expect(await csiVolumes()).toEqual([]);
    expect(readdirSync(data)).toEqual([]);
    expect(await spaces.jobs(`knot-${space.id}`)).toEqual([]);
  }, 400_000);

  it('that its plugin refuses, or that has no plugin, is told in words; the space can be deleted', async () => {
    const refusals = [
      {
        name: 'full',
        volumes: VOLUMES(PLUGIN, '    parameters:\n      refuse: the disk shelf is full\n'),
        says: /shelf is full/,
      },
      { name: 'no-plugin', volumes: VOLUMES('nowhere'), says: /nowhere/ },
    ];
    for (const { name, volumes, says } of refusals) {
      const template = await origin.api.createTemplate({ name, platform: 'nomad', job: JOB, volumes });
      const space = await origin.api.createSpace(name, template.id, 'lon');
      await origin.api.wish(space.id, 'start');
      const told = await eventually(
        () => origin.api.space(space.id),
        ({ message }) => says.test(message),
        {
          timeout: 60_000,
          what: `${name} to say why`,
        },
      );
      expect(told.phase).not.toBe('Running');
      await origin.api.wish(space.id, 'stop');
      await origin.api.deleteSpace(space);
      await origin.api.gone(space.id, { timeout: 60_000 });
    }
    expect(readdirSync(data)).toEqual([]);
  });
});
