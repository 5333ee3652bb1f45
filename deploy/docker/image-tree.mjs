// Lays out the file tree of knot's image in a folder: the built programs, what they need of node_modules, and nothing else.
// `node deploy/docker/image-tree.mjs <folder> [--node]`; with --node also Node itself and the libraries it is linked to, for
// an image made from nothing. Plain JavaScript without dependencies; the Dockerfile and the tests use the same tree.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [target, ...flags] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('usage: node deploy/docker/image-tree.mjs <folder> [--node]\n');
  process.exit(1);
}
const home = join(target, 'opt/knot');
/** Spaces fetch it from every server of a cluster. */
const agent = `apps/agent/dist/images/knot_agent_linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.zip`;
if (!existsSync(join(root, agent))) {
  process.stderr.write(`There is no ${agent}. Make it first: node tools/build-agent.mjs\n`);
  process.exit(1);
}

/** Types, maps and sources are for whoever develops. */
const isNeeded = (path) => !/\.(d\.[cm]?ts|map|tsbuildinfo)$/.test(path);

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, filter: isNeeded });
}

function copyPrograms() {
  for (const room of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, room))) {
      for (const part of ['package.json', 'bin', 'bundle', 'dist', 'openapi.json']) {
        const from = join(root, room, name, part);
        if (existsSync(from)) copy(from, join(home, room, name, part));
      }
    }
  }
  copy(join(root, 'package.json'), join(home, 'package.json'));
}

/** What npm says that the command line needs in production, with everything below it. */
function copyModules() {
  const list = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--workspace', '@knot/cli'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const paths = list.split('\n').filter((path) => path.includes('/node_modules/'));
  for (const path of paths) {
    // the second copy of Node, and ours, which are links to what is copied already
    if (/\/node_modules\/(node-(linux|win|darwin)|@knot\/)/.test(path) || !existsSync(path)) continue;
    copy(path, join(home, relative(root, path)));
  }
  mkdirSync(join(home, 'node_modules/@knot'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules/@knot'))) {
    const real = relative(root, realpathSync(join(root, 'node_modules/@knot', name)));
    symlinkSync(join('../..', real), join(home, 'node_modules/@knot', name));
  }
}

/** Node, and the libraries that it and the native modules are linked to. */
function copyNode() {
  const node = join(target, 'usr/local/bin/node');
  copy(process.execPath, node);
  chmodSync(node, 0o755);
  const modules = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.node'));
  for (const program of [node, ...modules.map((path) => join(home, path))]) {
    const linked = spawnSync('ldd', [program], { encoding: 'utf8' });
    // one built for another machine is none that this ldd knows
    for (const [, library] of linked.stdout.matchAll(/(\/\S+\.so\S*)/g))
      copy(realpathSync(library), join(target, library));
  }
}

copyPrograms();
copyModules();
if (flags.includes('--node')) copyNode();
mkdirSync(join(target, 'etc'), { recursive: true });
writeFileSync(
  join(target, 'etc/passwd'),
  'root:x:0:0::/root:/sbin/nologin\nknot:x:10001:10001::/var/lib/knot:/sbin/nologin\n',
);
