import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createNomadDriver, type Driver, type NomadOptions, type Policy } from '@knot/drivers';
import type { DriverHarness } from '@knot/drivers/conformance';
import { backendName, type Mark, type Scope } from '@knot/domain';
import { systemClock } from '@knot/shared';
import type { NomadClient } from '../../tools/nomad-client.js';

export const POLICY: Policy = { drivers: ['mock_driver'], hostVolumes: [], exceptions: [] };

export const VOLUMES = `
volumes:
  - id: home
    type: host
  - name: ubuntu_{{space}}_data
    type: host
    capabilities:
      - access_mode: single-node-writer
        attachment_mode: file-system
`;

export interface MockJob {
  /** Lines of the mock driver's config. */
  readonly config?: string;
  /** Lines put into the group. */
  readonly group?: string;
  /** Lines put into the task. */
  readonly task?: string;
  readonly type?: 'service' | 'batch';
}

/** A job of Nomad's mock driver: placed and healthy at once, with no process. `{{space}}` is the space's uuid. */
export function mockJob({ config = 'run_for = "1h"', group = '', task = '', type = 'service' }: MockJob = {}): string {
  const update = 'update {\n  min_healthy_time = "0s"\n  health_check = "task_states"\n}';
  return `
job "web-{{space}}" {
  datacenters = ["dc1"]
  type = "${type}"
  ${type === 'service' ? update : ''}
  group "main" {
    ${group}
    task "web" {
      driver = "mock_driver"
      config {
        ${config}
      }
      ${task}
      resources {
        cpu = 10
        memory = 10
      }
    }
  }
}`;
}

export const NEVER_AGAIN = `
    restart {
      attempts = 0
      mode = "fail"
    }
    reschedule {
      attempts = 0
      unlimited = false
    }`;

/** The mock driver mounts nothing; its allocation claims the volumes all the same. */
export const WITH_VOLUMES = mockJob({
  group: `
    volume "home" {
      type = "host"
      source = "home"
    }
    volume "data" {
      type = "host"
      source = "ubuntu_{{space}}_data"
    }`,
});

export function driverFor(client: NomadClient, scope: Scope, further: Partial<NomadOptions> = {}): Driver {
  const { addr, token, namespace } = client.access;
  return createNomadDriver({ scope, addr, token: { reveal: () => token }, namespace, clock: systemClock, ...further });
}

/** What somebody else does to this namespace, past knot. */
export async function harnessFor(client: NomadClient): Promise<DriverHarness> {
  const relay = await new Relay(client.access.addr).listen();
  const running = async ({ space }: Mark) =>
    (await client.allocations(backendName(space))).filter(({ ClientStatus }) => ClientStatus === 'running');
  const hostPath = async (name: string) => {
    const volume = (await client.hostVolumes()).find((one) => one.Name === name);
    return volume
      ? String((await client.request<{ HostPath: string }>('GET', `/v1/volume/host/${volume.ID}`)).HostPath)
      : '';
  };
  return {
    open: (scope) => driverFor(client, scope, { addr: relay.addr }),
    policy: POLICY,
    jobs: {
      running: mockJob(),
      changed: mockJob({ config: 'run_for = "2h"' }),
      exits: (code) => mockJob({ type: 'batch', config: `run_for = "50ms"\nexit_code = ${code}`, group: NEVER_AGAIN }),
      neverHealthy: mockJob({ config: 'start_error = "no such thing to start"' }),
      invalid: 'job "x" {\n  group "main" {\n    tusk "web" {}\n  }\n}',
      policyViolating: { job: mockJob().replace('"mock_driver"', '"raw_exec"'), names: 'raw_exec' },
    },
    volumes: { text: VOLUMES, job: WITH_VOLUMES, names: ['home', 'ubuntu_{{space}}_data'] },
    world: {
      kill: async (mark) => {
        for (const { ID } of await running(mark)) await client.stopAllocation(ID);
      },
      editBehindBack: async ({ space }) => {
        const job = await client.job(backendName(space));
        if (!job) throw new Error('There is no job to edit.');
        await client.request('PUT', '/v1/jobs', { Job: { ...job, Priority: 61 } });
      },
      makeForeign: async ({ space }) => client.register({ ...FOREIGN, ID: backendName(space) }),
      foreignStands: async ({ space }) => {
        const job = await client.job(backendName(space));
        return job !== undefined && !job.Stop && job.Version === 0 && job.Meta === null;
      },
      countRunning: async (mark) => (await running(mark)).length,
      data: {
        write: async ({ backendId }, text) => writeFileSync(join(await hostPath(backendId), 'file'), text),
        read: async ({ backendId }) => {
          const file = join(await hostPath(backendId), 'file');
          return existsSync(file) ? readFileSync(file, 'utf8') : null;
        },
      },
      cutWatches: async () => relay.cut(),
    },
    withinMs: 20_000,
    close: async () => {
      relay.close();
    },
  };
}

const FOREIGN = {
  TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'mock_driver', Config: { run_for: '1h' } }] }],
};

/** Carries bytes to Nomad, so that connections can be cut without touching Nomad. */
export class Relay {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.carry(socket));
  private readonly target: URL;

  constructor(addr: string) {
    this.target = new URL(addr);
  }

  get addr(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private get port(): number {
    const address = this.server.address() as AddressInfo | null;
    if (!address) throw new Error('The relay does not listen yet.');
    return address.port;
  }

  private carry(near: Socket): void {
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
