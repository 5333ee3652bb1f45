// `npm test`: builds, then runs the unit tests and those with real servers, and closes with one line: `N passed, N failed`.
// A file that fails is run once more, alone, when everything else is over. It counts as passed only when that run passes
// whole, and is then listed as flaky with what it failed by: a sentence that somebody must act on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { say, seconds } from './shell.mjs';
import { runTests } from './test-run.mjs';

/** In this order; `minutes` is when a run is taken for hung. */
const stages = [
  { project: 'unit', minutes: 10 },
  { project: 'e2e', minutes: 45 },
  { project: 'alone', minutes: 15 },
];
/** More files than this failing is no flake: the rest keep their first outcome. */
const MOST_AGAIN = 8;
const SLOWEST = 10;

function indented(text) {
  const lines = text.trimEnd().split('\n');
  const shown =
    lines.length > 25 ? [...lines.slice(0, 25), `... ${lines.length - 25} more lines above, where it ran`] : lines;
  return shown.map((line) => `         ${line}`).join('\n');
}

function list(title, files, faultsOf) {
  if (files.length === 0) return;
  say('');
  say(`==== ${title} ====`);
  for (const file of files) {
    for (const { what, text } of faultsOf(file)) say(`${file.path} > ${what}\n${indented(text)}`);
  }
}

function tellSlowest(files) {
  const slowest = [...files].sort((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  say(`The ${slowest.length} slowest files:`);
  for (const { path, seconds: taken } of slowest) say(`${taken.toFixed(1).padStart(8)} s  ${path}`);
}

/** Runs failed files once more, one at a time; each then has its second outcome in `again`. */
async function runAgain(failed, folder) {
  for (const file of failed.slice(0, MOST_AGAIN)) {
    say(`npm test: once more, alone: ${file.path}`);
    const { files, strays } = await runTests(file.project, { folder, minutes: 20, files: [file.path] });
    const second = files.find(({ path }) => path === file.path);
    if (second) file.again = { ...second, failed: second.failed + strays.length };
  }
}

async function runAll() {
  const start = Date.now();
  say('npm test: build');
  await build();
  const folder = mkdtempSync(join(tmpdir(), 'knot-report-'));
  const files = [];
  const strays = [];
  for (const { project, minutes } of stages) {
    say(`npm test: ${project} tests (${seconds(start)} so far)`);
    const result = await runTests(project, { folder, minutes });
    files.push(...result.files.map((file) => ({ ...file, project })));
    strays.push(...result.strays.map((text) => ({ what: `(${project} tests, no file named)`, text })));
    const bad = result.files.filter(({ failed }) => failed > 0).length;
    say(`${project}: ${result.files.length} files, ${bad} of them failed.`);
  }
  const failed = files.filter((file) => file.failed > 0);
  await runAgain(failed, folder);
  rmSync(folder, { recursive: true, force: true });

  tellSlowest(files);
  const flaky = failed.filter(({ again }) => again?.failed === 0);
  const broken = failed.filter((file) => !flaky.includes(file));
  list('flaky: failed first, passed alone', flaky, ({ faults }) => faults);
  list('failed', broken, ({ again, faults }) => again?.faults ?? faults);
  list('failed outside of any file', strays.length > 0 ? [{ path: 'vitest' }] : [], () => strays);
  for (const { path } of flaky) say(`flaky: ${path}`);
  for (const { path, again } of broken) say(`failed${again ? ' twice' : ''}: ${path}`);
  say(`All done in ${seconds(start)}.`);
  const outcomes = files.map(({ again, ...first }) => again ?? first);
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: sum('passed'), failed: sum('failed') + strays.length };
}

const { passed, failed } = await runAll().catch((error) => (say(error.message), { passed: 0, failed: 1 }));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
