// `npm test`: builds, then runs the unit and the end-to-end tests, and closes with one line: `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { run, say, seconds } from './shell.mjs';

const projects = ['unit', 'e2e'];

/** What vitest's JSON report counts; a file that could not be loaded, or a run that failed without a test, is one failure. */
function count(report, code) {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = report.numFailedTests + unloaded.length;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function runProject(project, folder) {
  const outputFile = join(folder, `${project}.json`);
  const { code } = await run('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
  ]);
  try {
    return count(JSON.parse(readFileSync(outputFile, 'utf8')), code);
  } catch (error) {
    say(`The ${project} tests left no report (exit code ${code}): ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

async function runAll() {
  const total = { passed: 0, failed: 0 };
  const start = Date.now();
  say(`npm test: 1 of ${projects.length + 1}: build`);
  try {
    await build();
  } catch (error) {
    say(error.message);
    return { passed: 0, failed: 1 };
  }
  const folder = mkdtempSync(join(tmpdir(), 'knot-report-'));
  for (const [index, project] of projects.entries()) {
    say(`npm test: ${index + 2} of ${projects.length + 1}: ${project} tests (${seconds(start)} so far)`);
    const result = await runProject(project, folder);
    say(`${project}: ${result.passed} passed, ${result.failed} failed`);
    total.passed += result.passed;
    total.failed += result.failed;
  }
  rmSync(folder, { recursive: true, force: true });
  say(`All done in ${seconds(start)}.`);
  return total;
}

const { passed, failed } = await runAll();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
