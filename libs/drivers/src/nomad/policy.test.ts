import { describe, expect, it } from 'vitest';
import { KnotError } from '@knot/shared/errors';
import type { JsonObject } from './json.js';
import { checkPolicy } from './policy.js';

const SPACE = '11111111-2222-4333-8444-555555555555';
const OWN = { space: SPACE, volumes: new Set([`knot-${SPACE}-home`]) };
const POLICY = { drivers: ['docker', 'exec', 'podman'], hostVolumes: ['shared'], exceptions: [] };

interface Parts {
  readonly job?: JsonObject;
  readonly group?: JsonObject;
  readonly task?: JsonObject;
  readonly config?: JsonObject;
}

function jobOf({ job, group, task, config }: Parts): JsonObject {
  const one = { Name: 'web', Driver: 'docker', Config: { image: 'x', ...config }, ...task };
  return { ID: 'x', Type: 'service', TaskGroups: [{ Name: 'g', Tasks: [one], ...group }], ...job };
}

function refusal(parts: Parts, exceptions: readonly string[] = []): KnotError | null {
  try {
    checkPolicy(jobOf(parts), { ...POLICY, exceptions }, OWN);
    return null;
  } catch (error) {
    if (error instanceof KnotError) return error;
    throw error;
  }
}

const template = (data: string, further: JsonObject = {}): Parts => ({
  task: { Templates: [{ EmbeddedTmpl: data, DestPath: 'local/x', ...further }] },
});

describe('policy', () => {
  it.each<[string, Parts]>([
    ['a plain container', { config: { ports: ['http'], volumes: ['local/x:/x'], privileged: false } }],
    ['its own volumes', { group: { Volumes: { a: { Type: 'csi', Source: `knot-${SPACE}-home` } } } }],
    ['a host volume of the list', { group: { Volumes: { a: { Type: 'host', Source: 'shared' } } } }],
    ['a bridge network', { group: { Networks: [{ Mode: 'bridge' }] } }],
    ['a Docker volume of its own name', { config: { mounts: [{ type: 'volume', source: `home-${SPACE}` }] } }],
    ['memory as a file system', { config: { mount: [{ type: 'tmpfs', target: '/tmp' }] } }],
    [
      'an artifact from the web',
      { task: { Artifacts: [{ GetterSource: 'https://x.org/a.zip', RelativeDest: 'local/' }] } },
    ],
    [
      'a template of its environment',
      template('{{ env "NOMAD_PORT_http" }} {{ .key }} {{ $key := 1 }} key {{ "secret" }}'),
    ],
    ['a batch job', { job: { Type: 'batch' } }],
    ['exec in a network of its own', { task: { Driver: 'exec' }, group: { Networks: [{ Mode: 'bridge' }] } }],
  ])('lets %s pass', (_what, parts) => expect(refusal(parts)).toBeNull());

  it.each<[string, Parts, string]>([
    ['a driver', { task: { Driver: 'raw_exec' } }, 'driver:raw_exec'],
    ['a privileged container', { config: { privileged: true } }, 'privileged'],
    ['a privileged container by text', { config: { privileged: 'true' } }, 'privileged'],
    ['the network of the host', { config: { network_mode: 'host' } }, 'host-network'],
    ['the network of the host for the group', { group: { Networks: [{ Mode: 'host' }] } }, 'host-network'],
    ['exec without a network of its own', { task: { Driver: 'exec' } }, 'host-network'],
    ['the network of another container', { config: { network_mode: 'container:abc' } }, 'network:container:abc'],
    ['the Docker socket', { config: { volumes: ['/var/run/docker.sock:/var/run/docker.sock'] } }, 'host-path'],
    ['a path out of its folder', { config: { volumes: ['../../x:/x'] } }, 'host-path'],
    ['a path by variable', { config: { volumes: ['${env["HOME"]}:/x'] } }, 'host-path'],
    ['a bind mount', { config: { mounts: [{ type: 'bind', source: '/etc', target: '/etc' }] } }, 'host-path'],
    ['another Docker volume', { config: { mount: [{ source: 'theirs', target: '/x' }] } }, 'docker-volume:theirs'],
    [
      'a volume driver that can bind anything',
      { config: { mount: [{ source: SPACE, volume_options: { driver_config: { options: [{ device: '/' }] } } }] } },
      'docker:volume_driver',
    ],
    ['devices', { config: { devices: [{ host_path: '/dev/kmsg' }] } }, 'docker:devices'],
    ['capabilities', { config: { cap_add: ['SYS_ADMIN'] } }, 'docker:cap_add'],
    ['a key nobody has thought of', { config: { new_key: 'x' } }, 'docker:new_key'],
    ['the processes of the host', { config: { pid_mode: 'host' } }, 'docker:pid_mode'],
    ['the processes of the host by exec', { task: { Driver: 'exec', Config: { pid_mode: 'host' } } }, 'privileged'],
    ['a host volume', { group: { Volumes: { a: { Type: 'host', Source: 'root' } } } }, 'host-volume:root'],
    ['a GPU', { task: { Resources: { Devices: [{ Name: 'nvidia/gpu' }] } } }, 'device:nvidia/gpu'],
    ['Vault', { task: { Vault: { Role: 'x' } } }, 'vault'],
    ['Consul', { task: { Consul: { Cluster: 'x' } } }, 'consul'],
    ['Consul Connect', { group: { Services: [{ Connect: { SidecarService: {} } }] } }, 'connect'],
    ['a workload identity', { task: { Identities: [{ Name: 'aws' }] } }, 'identity'],
    ['to be a CSI plugin', { task: { CSIPluginConfig: { ID: 'x' } } }, 'csi-plugin'],
    ['secrets of the orchestrator', { task: { Secrets: [{ Name: 'x' }] } }, 'secrets'],
    ['a secret of Vault', template('{{ with secret "kv/prod" }}{{ .Data }}{{ end }}'), 'vault'],
    ['a key of Consul', template('{{key "prod/password"}}'), 'consul'],
    ['variables of Nomad', template('{{ range nomadVarList }}{{ . }}{{ end }}'), 'nomad-variables'],
    [
      'them behind other delimiters',
      template('<< nomadVar "x" >>', { LeftDelim: '<<', RightDelim: '>>' }),
      'nomad-variables',
    ],
    ['a file through a pipe', template('{{ "/etc/shadow" | file }}'), 'template-file'],
    ['a template out of its folder', template('x', { DestPath: '/etc/cron.d/x' }), 'host-path'],
    ['a template from the host', template('', { SourcePath: '/etc/shadow' }), 'host-path'],
    ['an artifact of the host', { task: { Artifacts: [{ GetterSource: 'file:///etc/shadow' }] } }, 'host-path'],
    [
      'an artifact into the host',
      { task: { Artifacts: [{ GetterSource: 'https://x', RelativeDest: '../../x' }] } },
      'host-path',
    ],
    [
      'an artifact by the node’s rights',
      { task: { Artifacts: [{ GetterSource: 's3::https://b/x' }] } },
      'node-credentials',
    ],
  ])('refuses %s, unless it was approved', (_what, parts, exception) => {
    const error = refusal(parts);
    expect(error).toMatchObject({ code: 'template.policy', details: { exception } });
    expect(error?.hint).toContain(exception);
    const further = refusal(parts, [exception]);
    expect(further?.details['exception']).not.toBe(exception);
  });

  it.each<[string, Parts]>([
    ['a system job', { job: { Type: 'system' } }],
    ['a periodic job', { job: { Periodic: { Spec: '* * * * *' } } }],
    ['a parameterized job', { job: { ParameterizedJob: {} } }],
    ['several regions', { job: { Multiregion: {} } }],
    ['the volume of another space', { group: { Volumes: { a: { Type: 'csi', Source: 'knot-other-home' } } } }],
    [
      'a volume per allocation',
      { group: { Volumes: { a: { Type: 'csi', Source: `knot-${SPACE}-home`, PerAlloc: true } } } },
    ],
  ])('refuses %s, whoever approves', (_what, parts) => {
    expect(refusal(parts)).toMatchObject({ code: 'template.policy', details: { exception: null } });
  });
});
