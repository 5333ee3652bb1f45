// `npm run check`: types, lint, formatting, import rules, unused code, the house's own rules. All run; the failed ones are named.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { typescriptRooms } from './build.mjs';
import { checkHouse } from './check-house.mjs';
import { checkImportRules } from './check-import-rules.mjs';
import { generateApiTypes, generateOpenApiMetadata, generateProtobuf } from './generate.mjs';
import { root, run, say, seconds } from './shell.mjs';

async function passes(command, args) {
  const { code, output } = await run(command, args, { quiet: true });
  if (code !== 0) process.stdout.write(output);
  return code === 0;
}

async function types() {
  await generateProtobuf();
  await generateApiTypes();
  if (!(await passes('tsc', ['-b', '--pretty', 'false', ...typescriptRooms('libs')]))) return false;
  await generateOpenApiMetadata();
  return passes('tsc', ['-b', '--pretty', 'false', ...typescriptRooms('apps'), 'test']);
}

const checks = {
  types,
  lint: () => passes('eslint', ['--max-warnings', '0', '.']),
  format: () => passes('prettier', ['--check', '--log-level', 'warn', '.']),
  'import rules': () => passes('depcruise', ['--config', '.dependency-cruiser.cjs', ...rooms()]),
  'import rules bite': checkImportRules,
  'unused code': () => passes('knip', ['--no-config-hints', '--no-progress']),
  house: () => Promise.resolve(checkHouse()),
};

function rooms() {
  return ['apps', 'libs', 'test'].filter((folder) => existsSync(join(root, folder)));
}

const failed = [];
for (const [name, check] of Object.entries(checks)) {
  const start = Date.now();
  const good = await check().catch((error) => (say(`${name}: ${error.message}`), false));
  say(`${good ? 'ok    ' : 'FAILED'} ${name} (${seconds(start)})`);
  if (!good) failed.push(name);
}
say(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
