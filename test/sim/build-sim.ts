// One file of the simulation and of all the code it runs, so that a run starts at once; mutants are patched in here.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

/** A change of one source file, made while it is bundled. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Is found exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Bundles test/sim/main.ts with the patches. Answers the path of the bundle, in a folder of its own. */
export async function buildSim(patches: readonly Patch[] = []): Promise<string> {
  const cache = join(root, 'node_modules/.cache/knot-sim');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'run-'));
  const applied = new Set<Patch>();
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['knot-src', 'node', 'import', 'module', 'default'] },
    ssr: { noExternal: [/^@knot\//], resolve: { conditions: ['knot-src', 'node', 'import', 'module', 'default'] } },
    plugins: [mutations(patches, applied)],
    build: {
      ssr: join(here, 'main.ts'),
      outDir,
      target: 'node24',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'sim.mjs' } },
    },
  });
  const missed = patches.filter((patch) => !applied.has(patch));
  if (missed.length > 0) throw new Error(`not applied: ${missed.map(({ file }) => file).join(', ')}`);
  return join(outDir, 'sim.mjs');
}

/** Runs a bundle in a process of its own. */
export function runSim(
  bundle: string,
  given: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += String(data)));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, output }));
  });
}

function mutations(patches: readonly Patch[], applied: Set<Patch>): Plugin {
  return {
    name: 'mutations',
    enforce: 'pre',
    transform(code, id) {
      let changed = code;
      for (const patch of patches) {
        if (id.split('?')[0] !== join(root, patch.file)) continue;
        const places = changed.split(patch.find).length - 1;
        if (places !== 1) throw new Error(`${patch.file}: "${patch.find}" is there ${places} times`);
        changed = changed.replace(patch.find, () => patch.replace);
        applied.add(patch);
      }
      return changed === code ? null : { code: changed, map: null };
    },
  };
}
