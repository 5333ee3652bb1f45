import { execFileSync } from 'node:child_process';
import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { deployment } from '../e2e/kubernetes-driver/manifests.js';
import type { Space } from '../tools/api-client.js';
import { packImage } from '../tools/container-image.js';
import { eventually } from '../tools/eventually.js';
import { importImage } from '../tools/kubernetes.js';
import { olderImageTree } from '../tools/other-version.js';
import { freshFolder } from '../tools/processes.js';
import { sharedKubernetes } from '../tools/shared-kubernetes.js';
import { imageTree, PATIENCE, Releases } from './releases.js';

const PASSWORD = 'of-the-tests';
const DATABASE = 'knot.test/mariadb:v1';
const OLDER = 'image.tag=older';
const LOCATIONS = ['lon', 'par'] as const;

let releases: Releases;

beforeAll(async () => {
  releases = await Releases.begin(await sharedKubernetes());
  const tree = imageTree();
  await releases.importTree(tree, 'v1');
  const older = olderImageTree(tree);
  await releases.importTree(older, 'older');
  // what is gone back over are tables that the older version does not have, and columns that it does not fill
  expect(migrationsIn(tree)).toBeGreaterThan(migrationsIn(older));
  await importImage(releases.access, databaseImage());
  await startDatabase();
}, 1_800_000);

function migrationsIn(tree: string): number {
  const all = readdirSync(join(tree, 'opt/knot/libs/shared/dist/migrations/mysql'));
  return all.filter((name) => /^main-.*\.js$/.test(name)).length;
}

/** Debian's MariaDB with the libraries that it is linked to, and an empty folder of data. */
function databaseImage(): string {
  const folder = freshFolder('mariadb-image');
  const seed = join(folder, 'seed');
  const options = ['--no-defaults', `--datadir=${seed}`, '--innodb-log-file-size=8M', '--skip-test-db'];
  execFileSync('/usr/bin/mariadb-install-db', [...options, '--auth-root-authentication-method=normal'], {
    stdio: 'ignore',
  });
  const grants = join(folder, 'grants.sql');
  writeFileSync(
    grants,
    `CREATE DATABASE IF NOT EXISTS knot;\nGRANT ALL ON knot.* TO knot@'%' IDENTIFIED BY '${PASSWORD}';\n`,
  );
  const linked = execFileSync('/usr/bin/ldd', ['/usr/sbin/mariadbd'], { encoding: 'utf8' });
  const libraries = [...linked.matchAll(/(\/\S+\.so\S*)/g)].flatMap(([, path]) => path ?? []);
  const files = {
    ...Object.fromEntries(libraries.map((path) => [path.slice(1), realpathSync(path)])),
    'bin/busybox': '/bin/busybox',
    'usr/sbin/mariadbd': '/usr/sbin/mariadbd',
    'usr/share/mysql': '/usr/share/mysql',
    'etc/passwd': '/etc/passwd',
    seed,
    'grants.sql': grants,
  };
  const links = { 'bin/sh': 'busybox', 'bin/cp': 'busybox' };
  return packImage(folder, { name: DATABASE, files, links, entrypoint: ['/bin/sh'], folders: ['data'] });
}

const START =
  'cp -a /seed/. /data && exec /usr/sbin/mariadbd --no-defaults --user=root --datadir=/data --bind-address=0.0.0.0 --skip-name-resolve ' +
  '--socket=/tmp/socket --pid-file=/tmp/pid --init-file=/grants.sql --innodb-log-file-size=8M';

async function startDatabase(): Promise<void> {
  const { kube } = releases;
  const labels = { app: 'db' };
  const metadata = { name: 'db', labels };
  await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: PASSWORD } });
  await kube.create({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata },
    spec: {
      containers: [{ name: 'db', image: DATABASE, imagePullPolicy: 'Never', args: ['-c', START] }],
      terminationGracePeriodSeconds: 1,
    },
  });
  await kube.create({
    ...{ apiVersion: 'v1', kind: 'Service', metadata },
    spec: { selector: labels, ports: [{ port: 3306 }] },
  });
  await eventually(
    () => releases.kubectl('logs', 'db'),
    (log) => /ready for connections/.test(log),
    { ...PATIENCE, what: 'MariaDB to be ready' },
  );
}

/** How often the leaf has listed everything, as it says itself. */
async function relists(): Promise<number> {
  const pod = `/api/v1/namespaces/${releases.kube.namespace}/pods/lon-0:3000/proxy/metrics`;
  const text = await releases.kubectl('get', '--raw', pod);
  return Number(/^knot_leaf_relists_total(?:\{.*\})? (\d+)$/m.exec(text)?.[1] ?? NaN);
}

it('runs several origins over a database, changes its tables before their first pod, and goes back to the version before', async () => {
  const { kube } = releases;
  const { spec } = await kube.find('Service', 'db');
  // the cluster of the tests has no names
  const store = ['enabled=true', `host=${spec.clusterIP}`, 'existingSecret=db', 'useTls=false'];
  const hub = [...releases.hubValues(), 'hub.replicas=2', ...store.map((value) => `store.mysql.${value}`)];
  await releases.release('install', 'hub', ...hub, OLDER);
  await releases.reach();
  await releases.setUp('-l', 'app.kubernetes.io/instance=hub', '--tail=-1');
  const { api } = releases;
  const template = await api.createTemplate({ name: 'web', platform: 'kubernetes', job: deployment() });
  const spaces: Space[] = [];
  for (const location of LOCATIONS) {
    await releases.release('install', location, ...(await releases.leafValues(location)), OLDER);
    await releases.live(location);
    const { id } = await api.createSpace(`web-${location}`, template.id, location);
    await api.wish(id, 'start');
    spaces.push(await api.phase(id, 'Running', PATIENCE));
  }
  const unchanged = async () => {
    for (const [at, location] of LOCATIONS.entries()) {
      await releases.live(location);
      const space = spaces[at];
      if (space) await releases.unchanged(location, space);
    }
  };
  await unchanged();
  const began = await relists();

  // the origin becomes the newer one: first the tables, by a Job beside the old pods, then pod after pod
  await releases.release('upgrade', 'hub', ...hub);
  const events = await releases.kubectl('get', 'events', '--field-selector', 'involvedObject.kind=Job');
  expect(events).toMatch(/Completed +job\/hub-migration/);
  await releases.reach();
  await unchanged();
  // the older leaf goes on where it was
  expect(await relists()).toBe(began);

  // the leaf becomes the newer one, and goes back to the one before while something is wished
  await releases.release('upgrade', 'lon', ...(await releases.leafValues('lon')));
  await unchanged();
  const late = await api.createSpace('late', template.id, 'lon');
  await releases.kubectl('rollout', 'undo', 'statefulset/lon');
  await eventually(
    () => api.location('lon'),
    ({ live }) => !live,
    { ...PATIENCE, interval: 50, what: 'the leaf to go' },
  );
  await api.wish(late.id, 'start');
  await releases.kubectl('rollout', 'status', 'statefulset/lon', '--timeout=5m');
  expect((await kube.find('Pod', 'lon-0')).spec.containers[0].image).toBe('knot.test/knot:older');
  await api.phase(late.id, 'Running', PATIENCE);
  await unchanged();

  // so do the origins, over tables that are the newer ones
  const before = await relists();
  await releases.rolled('deployment/hub', 'undo');
  await releases.reach();
  await unchanged();
  expect(await relists()).toBe(before);
  await api.wish(late.id, 'stop');
  await api.phase(late.id, 'Stopped', PATIENCE);
  const made = await api.createSpace('made-by-the-older', template.id, 'par');
  await api.wish(made.id, 'start');
  await api.phase(made.id, 'Running', PATIENCE);

  // one origin is taken away: the other goes on answering
  const [pod] = await kube.list('Pod', 'v1', 'app.kubernetes.io/instance=hub');
  await kube.delete('Pod', pod.metadata.name);
  await releases.reach();
  await api.wish(late.id, 'start');
  await api.phase(late.id, 'Running', PATIENCE);
  await unchanged();
});
