import { eventually } from '../tools/eventually.js';
import type { KubeObject } from '../tools/kube-client.js';
import type { Releases } from './releases.js';

/** A pod that asks: where it is, and the command in it that says `reached` where a port of an address can be. */
interface Asker {
  readonly namespace: string;
  readonly pod: string;
  readonly reach: (address: string, port: number) => readonly string[];
}

const NC = 'nc -w 4 $0 $1 </dev/null >/dev/null && echo reached';
const byBusybox: Asker['reach'] = (address, port) => ['/bin/sh', '-c', NC, address, String(port)];
const CONNECT = `const end = (said) => { console.log(said); process.exit(); };
const socket = require('net').connect(+process.argv[2], process.argv[1], () => end('reached'));
socket.on('error', ({ code }) => end(code));
setTimeout(end, 4000, 'silence');`;
const byNode: Asker['reach'] = (address, port) => ['/usr/local/bin/node', '-e', CONNECT, address, String(port)];

const METADATA = '169.254.169.254';
const WORLD = '203.0.113.5';
const APP = 8080;

/**
 * Who reaches whom, of two locations with a space each (which listens on 8080), a second space of the first, and a pod of
 * nobody's, in a cluster that enforces. What a rule keeps out is reached by somebody else, so that it is the rule.
 */
export async function checkNetworkRules(releases: Releases, stranger: string): Promise<void> {
  const { kube } = releases;
  const own = (location: string) => kube.find('Pod', `${location}-0`);
  const spaces = async (location: string): Promise<KubeObject[]> => {
    const pods = await kube.in(releases.spacesOf(location)).list('Pod', 'v1', 'knot.dev/space');
    return pods.filter(({ status, metadata }) => status.phase === 'Running' && !metadata.deletionTimestamp);
  };
  const [hub, lon, par, [one, two], [far], api] = await Promise.all([
    ...['hub', 'lon', 'par'].map(own),
    ...['lon', 'par'].map(spaces),
    kube.in('default').find('Service', 'kubernetes'),
  ]);
  const asker = (pod: KubeObject, reach = byBusybox): Asker => ({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    reach,
  });
  const [space, beyond, leaf, nobody] = [
    asker(one),
    asker(far),
    asker(lon, byNode),
    asker(await kube.find('Pod', stranger)),
  ];
  const at = (pod: KubeObject): string => pod.status.podIP;
  const kubernetes = String(api.spec.clusterIP);

  // a space reaches the door for agents of its own leaf, names, and the world
  await reached(releases, space, at(lon), 3010);
  await reached(releases, beyond, at(par), 3010);
  await reached(releases, space, WORLD, 80);
  await reached(releases, space, WORLD, 53);
  // and nothing else: not the servers of knot, Kubernetes, what clouds tell their machines, or any other space
  for (const [address, port] of [
    ...[lon, hub].map((pod): [string, number] => [at(pod), 3000]),
    [kubernetes, 443],
    [METADATA, 80],
  ] as const) {
    await reached(releases, nobody, address, port);
    await kept(releases, space, address, port);
  }
  await reached(releases, leaf, at(two), APP);
  await kept(releases, space, at(two), APP);
  await kept(releases, space, at(far), APP);
  await kept(releases, space, at(par), 3010);
  // a space is reached by its leaf alone, and the door for agents by its spaces alone
  await kept(releases, nobody, at(two), APP);
  await kept(releases, asker(par, byNode), at(two), APP);
  await kept(releases, nobody, at(lon), 3010);
}

async function reaches(releases: Releases, { namespace, pod, reach }: Asker, address: string, port: number) {
  const args = ['exec', '-n', namespace, pod, '--', ...reach(address, port)];
  // what the command says, as kubectl may end well where its own connection was cut
  const said = await releases.kubectl(...args).catch(() => '');
  return said.includes('reached');
}

function reached(releases: Releases, from: Asker, address: string, port: number): Promise<boolean> {
  return eventually(() => reaches(releases, from, address, port), Boolean, {
    ...{ timeout: 60_000, interval: 500 },
    what: `${from.pod} to reach ${address}:${port}`,
  });
}

async function kept(releases: Releases, from: Asker, address: string, port: number): Promise<void> {
  if (await reaches(releases, from, address, port)) throw new Error(`${from.pod} reaches ${address}:${port}`);
}
