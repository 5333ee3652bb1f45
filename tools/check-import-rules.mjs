// Proves that the import rules bite: a small tree of the same rooms with planted violations must yield exactly those.
// (A resolver that does not follow package names to source misses them without a word.)
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, run, say } from './shell.mjs';

/** Rule expected (none: the import is allowed), file, its text. */
const plants = [
  ['room-libs-domain', 'libs/domain/src/plant-room.ts', `import '@knot/shared';`],
  ['room-libs-reconcile', 'libs/reconcile/src/plant-room.ts', `import '../../domain/src/index.js';`],
  [
    'room-libs-drivers',
    'libs/drivers/src/nomad/plant-room.ts',
    `import type { X } from '@knot/shared/store'; export type Y = X;`,
  ],
  [undefined, 'libs/drivers/src/nomad/plant-allowed.ts', `import '@knot/shared/errors';`],
  ['room-apps-leaf', 'apps/leaf/src/plant-room.ts', `import '@knot/origin';`],
  [undefined, 'apps/cli/src/plant-allowed.ts', `import '@knot/origin';`],
  ['room-apps-cli', 'apps/cli/src/plant-room.ts', `import '@knot/shared/store';`],
  ['room-apps-dashboard', 'apps/dashboard/src/plant-room.tsx', `import '@knot/shared/errors';`],
  ['drivers-apart', 'libs/drivers/src/local/plant-driver.ts', `import '../nomad/plant-allowed.js';`],
  ['nest-at-the-edges', 'apps/origin/src/plant/start-plant.ts', `import '@nestjs/common';`],
  [undefined, 'apps/origin/src/plant/plant.module.ts', `import '@nestjs/common';`],
  ['typeorm-in-the-store', 'libs/shared/src/plant-store.ts', `import 'typeorm';`],
  [undefined, 'libs/shared/src/entities/plant.entity.ts', `import 'typeorm';`],
  ['index-only-at-the-door', 'libs/shared/src/plant-index.ts', `import './index.js';`],
  ['no-cycles', 'libs/link/src/plant-one.ts', `import './plant-two.js';`],
  [undefined, 'libs/link/src/plant-two.ts', `import './plant-one.js';`],
  ['resolvable', 'libs/link/src/plant-lost.ts', `import './not-there.js';`],
];

function write(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
}

/** The rooms' package.json as they are, with an empty module behind each of their exports. */
function layRooms(folder) {
  for (const area of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, area))) {
      const manifest = join(root, area, name, 'package.json');
      if (!existsSync(manifest)) continue;
      const room = `${area}/${name}`;
      const { name: packageName, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
      for (const target of Object.values(exports)) write(folder, join(room, target['knot-src']), 'export type X = 1;');
      copyFileSync(manifest, (mkdirSync(join(folder, room), { recursive: true }), join(folder, room, 'package.json')));
      mkdirSync(join(folder, 'node_modules', '@knot'), { recursive: true });
      symlinkSync(join(folder, room), join(folder, 'node_modules', packageName));
    }
  }
  for (const name of ['typeorm', '@nestjs'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json'])
    copyFileSync(join(root, name), join(folder, name));
  write(folder, 'package.json', '{ "type": "module" }');
}

async function violationsIn(folder) {
  const args = [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')];
  args.push('--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs');
  const { output } = await run('node', args, { cwd: folder, quiet: true });
  const { violations } = JSON.parse(output.slice(output.indexOf('{'))).summary;
  return new Set(violations.map(({ rule, from }) => `${rule.name} ${from}`));
}

/** Whether the rules find what is planted and nothing else. */
export async function checkImportRules() {
  const folder = mkdtempSync(join(tmpdir(), 'knot-rules-'));
  try {
    layRooms(folder);
    for (const [, path, text] of plants) write(folder, path, text);
    const found = await violationsIn(folder);
    const planted = new Set(plants.filter(([rule]) => rule).map(([rule, path]) => `${rule} ${path}`));
    const missed = [...planted].filter((violation) => !found.has(violation));
    const wrong = [...found].filter((violation) => !planted.has(violation));
    for (const violation of missed) say(`planted, and not found by dependency-cruiser: ${violation}`);
    for (const violation of wrong) say(`reported by dependency-cruiser, though allowed: ${violation}`);
    return missed.length === 0 && wrong.length === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
