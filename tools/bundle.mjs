// Makes of what tsc compiled the few files that a server runs from: `apps/cli/bundle`. A server that loads 2,000 modules one
// by one keeps each one's text and records: the bundle starts in half the CPU time and holds some 15 MB less (ADR 0024).
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, hashFiles, isDone, markDone, root, say } from './shell.mjs';

const folder = join(root, 'apps/cli/bundle');
const main = join(folder, 'knot.js');

const APPS = ['agent', 'cli', 'leaf', 'origin'].map((name) => `apps/${name}`);

/** Loaded only where they are used, and by themselves: binaries, drivers of databases, what makes certificates. */
const APART = [
  '@grpc/proto-loader',
  '@lydell/node-pty',
  '@node-rs/argon2',
  '@peculiar/x509',
  'ioredis',
  'mysql2',
  'ssh2',
  'typeorm',
];

/** class-validator loads half a MB of telephone numbers for a decorator that nothing here uses. */
const withoutTelephones = {
  name: 'without-telephones',
  enforce: 'pre',
  resolveId: (source) => (source.startsWith('libphonenumber-js') ? '\0no-telephones' : null),
  load: (id) =>
    id === '\0no-telephones' ? 'export const parsePhoneNumber = undefined; export default undefined;' : null,
};

/** client-node's kubeconfig names an HTTP client beside Node's own, for calls that nothing here makes: 20 MB at a leaf. */
const withoutFetch = {
  name: 'without-fetch',
  enforce: 'pre',
  resolveId: (source, importer = '') =>
    source === 'undici' && importer.includes('/@kubernetes/client-node/') ? '\0no-fetch' : null,
  load: (id) =>
    id === '\0no-fetch' ? 'export class Agent {} export class ProxyAgent {} export const fetch = undefined;' : null,
};

/** What of client-node is used are kubeconfigs; the classes of all kinds and calls that it has do nothing by being there. */
const doesSomething = (id) => !id.includes('/@kubernetes/client-node/dist/gen/');

/** V8 keeps a text with one letter beyond Latin-1 in it at two bytes per letter. */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** After `tsc -b`. Throws an Error with what the bundler says. */
export async function bundle() {
  const rooms = [...readdirSync(join(root, 'libs')).map((name) => `libs/${name}`), ...APPS];
  const sources = rooms.flatMap((room) => filesUnder(`${room}/src`, (path) => !/test\.ts$/.test(path)));
  const hash = hashFiles(['package-lock.json', 'tools/bundle.mjs', ...sources]);
  if (isDone('bundle', hash) && existsSync(main)) {
    // the launcher passes over one that is older than what was compiled
    const now = new Date();
    return utimesSync(main, now, now);
  }
  say('Bundling ...');
  const { build } = await import('vite');
  rmSync(folder, { recursive: true, force: true });
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(root, 'apps/cli'),
    plugins: [withoutTelephones, withoutFetch],
    ssr: { noExternal: true, external: APART },
    build: {
      ssr: 'dist/main.js',
      outDir: folder,
      target: 'node24',
      rolldownOptions: {
        treeshake: { moduleSideEffects: doesSomething },
        output: {
          format: 'esm',
          entryFileNames: 'knot.js',
          chunkFileNames: '[name]-[hash].js',
          keepNames: true,
          // functions and classes keep their names, which stack traces and errors show
          minify: { compress: false, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
        },
      },
    },
  });
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    writeFileSync(file, inAscii(readFileSync(file, 'utf8')));
  }
  markDone('bundle', hash);
}

if (process.argv[1] === join(root, 'tools', 'bundle.mjs')) {
  await bundle().catch((error) => {
    say(error.message);
    process.exit(1);
  });
}
