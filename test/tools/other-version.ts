import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshFolder } from './processes.js';
import versions from '../versions.json' with { type: 'json' };

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache = process.env['KNOT_TOOLS_CACHE'] ?? join(homedir(), '.cache', 'knot-tools');
const MAIN = 'apps/cli/dist/main.js';

/**
 * The program at the commit of test/versions.json, which this one has to work with: built once, into the cache, from the
 * repository's history and with the packages that are installed here.
 */
export function olderProgram(): string {
  return join(builtAt(versions.settledAt), MAIN);
}

/** The programs of the version that people's spaces may still run with: a server's, and the agent that goes on in a space. */
export function installedPrograms(): { readonly server: string; readonly agent: string } {
  const folder = builtAt(versions.installedAt);
  return { server: join(folder, MAIN), agent: join(folder, 'apps/agent/bin/knot-agent.mjs') };
}

/** This version's image tree with the programs of the version that installations on Kubernetes are rolled back to. */
export function olderImageTree(tree: string): string {
  const older = builtAt(versions.installedAt);
  const target = join(freshFolder('older-image'), 'tree');
  execFileSync('cp', ['-al', tree, target]);
  for (const room of ['apps', 'libs']) {
    for (const name of readdirSync(join(older, room))) {
      for (const part of ['package.json', 'bin', 'bundle', 'dist', 'openapi.json']) {
        const [from, to] = [join(older, room, name, part), join(target, 'opt/knot', room, name, part)];
        // its agent is not needed
        if (name === 'agent' || !existsSync(from)) continue;
        rmSync(to, { recursive: true, force: true });
        cpSync(from, to, { recursive: true });
      }
    }
  }
  return target;
}

function builtAt(commit: string): string {
  const target = join(cache, `knot-${commit}`);
  if (existsSync(target)) return target;
  const part = `${target}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const source = execFileSync('git', ['archive', commit], { cwd: checkout, maxBuffer: 1 << 28 });
  execFileSync('tar', ['x'], { cwd: part, input: source });
  linkPackages(part);
  const path = `${join(part, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  execFileSync(process.execPath, ['tools/build.mjs'], { cwd: part, env: { ...process.env, PATH: path } });
  renameSync(part, target);
  return target;
}

interface Patch {
  readonly file: string;
  /** Is found once at least. */
  readonly find: string;
  readonly replace: string;
}

/** A varint field of number 1000, which nobody knows. */
const UNKNOWN_FIELD = '0xc0, 0x3e, 0x01';
const marked = (name: string, parameters: string) =>
  `export function ${name}(${parameters}) {
    const made = known_${name}(${parameters});
    made.$unknown = [{ no: 1000, wireType: 0, data: new Uint8Array([1]) }];
    return made;
}
function known_${name}(${parameters}) {`;

const NEXT_MIGRATION =
  "class NextVersion9000000000000 { name = 'NextVersion9000000000000'; async up() {} async down() {} }";

/** What the next version may do: fields, reasons and a protocol that this one does not know, and a schema of its own. */
const NEWER: readonly Patch[] = [
  { file: 'libs/contract/dist/sync-client.js', find: '{ min: 1, max: 1 }', replace: '{ min: 1, max: 2 }' },
  {
    file: 'libs/link/dist/grpc-service.js',
    find: '(value) => Buffer.from(toBinary(',
    replace: `(value) => Buffer.concat([Buffer.from([${UNKNOWN_FIELD}])].concat(toBinary(`,
  },
  {
    file: 'libs/link/dist/grpc-service.js',
    find: ', value)),',
    replace: ', value))),',
  },
  {
    file: 'apps/leaf/dist/wire/space-status.js',
    find: 'export function spaceStatus(observed, sequence) {',
    replace: marked('spaceStatus', 'observed, sequence'),
  },
  { file: 'libs/domain/dist/space/condition.js', find: "'Healthy',", replace: "'Healthy', 'HealthyIndeed'," },
  { file: 'libs/domain/dist/space/readiness-of.js', find: "reason: 'Healthy'", replace: "reason: 'HealthyIndeed'" },
  ...['leaf', 'main'].flatMap((which) => {
    const file = `libs/shared/dist/migrations/sqlite/${which}-migrations.js`;
    return [
      { file, find: 'export const', replace: `${NEXT_MIGRATION}\nexport const` },
      { file, find: '];', replace: '].concat([NextVersion9000000000000]);' },
    ];
  }),
];

/** A program as the next version may be: this checkout's, patched, in a folder of its own. */
export function newerProgram(): string {
  const folder = freshFolder('newer');
  for (const room of rooms()) {
    for (const part of ['dist', 'package.json']) {
      const from = join(checkout, room, part);
      if (existsSync(from)) cpSync(from, join(folder, room, part), { recursive: true });
    }
  }
  linkPackages(folder);
  for (const { file, find, replace } of NEWER) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(find)) throw new Error(`${file}: "${find}" is not there`);
    writeFileSync(
      path,
      text.replaceAll(find, () => replace),
    );
  }
  return join(folder, MAIN);
}

function rooms(): string[] {
  return ['apps', 'libs'].flatMap((kind) => readdirSync(join(checkout, kind)).map((name) => join(kind, name)));
}

/** The installed packages, with `@knot/*` of the folder itself. */
function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@knot'), { recursive: true });
  for (const name of readdirSync(join(checkout, 'node_modules'))) {
    if (name !== '@knot') symlinkSync(join(checkout, 'node_modules', name), join(modules, name));
  }
  for (const room of rooms().filter((one) => existsSync(join(folder, one)))) {
    symlinkSync(join('../..', room), join(modules, '@knot', basename(room)));
    const own = join(checkout, room, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(folder, room, 'node_modules'));
  }
}
