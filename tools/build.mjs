// Builds what knot runs from: the libs, leaf, origin and cli by `tsc -b` and their bundle, the dashboard by vite. What is up to date is left alone.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { generateApiTypes, generateOpenApiMetadata, generateProtobuf } from './generate.mjs';
import { filesUnder, hashFiles, isDone, markDone, root, run, say, seconds } from './shell.mjs';

/** The rooms of a folder that hold TypeScript of their own and are compiled by tsc. */
export function typescriptRooms(folder) {
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((room) => existsSync(join(root, room, 'tsconfig.json')))
    .filter((room) => filesUnder(`${room}/src`, (path) => /\.tsx?$/.test(path)).length > 0);
}

async function compile(rooms) {
  if (rooms.length === 0) return;
  const result = await run('tsc', ['-b', '--pretty', 'false', ...rooms], { quiet: true });
  if (result.code !== 0) throw new Error(`tsc -b found errors:\n${result.output}`);
}

async function buildDashboard() {
  const room = 'apps/dashboard';
  if (!existsSync(join(root, room, 'index.html'))) return;
  const isSource = (path) => !/\.test\.tsx?$/.test(path);
  const sources = [room, 'docs/guide', 'libs/domain/src', 'libs/contract/src'].flatMap((folder) =>
    filesUnder(folder, isSource),
  );
  const hash = hashFiles(['package-lock.json', ...sources]);
  if (isDone('dashboard', hash) && existsSync(join(root, room, 'dist/index.html'))) return;
  say('Building the dashboard ...');
  const result = await run('vite', ['build', '--logLevel', 'warn'], { cwd: join(root, room), quiet: true });
  if (result.code !== 0) throw new Error(`vite build failed:\n${result.output}`);
  markDone('dashboard', hash);
}

/** Throws an Error with the compiler's words when something does not build. */
export async function build() {
  const start = Date.now();
  await generateProtobuf();
  await generateApiTypes();
  say('Compiling libs ...');
  await compile(typescriptRooms('libs'));
  await generateOpenApiMetadata();
  say('Compiling apps ...');
  await compile(typescriptRooms('apps').filter((room) => room !== 'apps/dashboard'));
  await bundle();
  await buildDashboard();
  say(`Built (${seconds(start)}).`);
}

if (process.argv[1] === join(root, 'tools', 'build.mjs')) {
  await build().catch((error) => {
    say(error.message);
    process.exit(1);
  });
}
