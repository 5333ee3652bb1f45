// One run of vitest over one project, and what came of each file.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say, toolEnv } from './shell.mjs';

/** What a file is taken for of which the run told no end. */
const UNFINISHED = {
  seconds: 0,
  passed: 0,
  failed: 1,
  faults: [{ what: '(the file itself)', text: 'It did not end.' }],
};

/** Whether a file failed, and with what. Strays are errors that vitest caught outside of any test while the file ran. */
function resultOf(path, ended, strays) {
  const told = ended ?? UNFINISHED;
  const faults = [...told.faults, ...strays.map(({ stray }) => ({ what: '(outside of any test)', text: stray }))];
  const good = told.ok === true && faults.length === 0;
  return { path, seconds: told.seconds, passed: told.passed, failed: good ? 0 : Math.max(1, told.failed), faults };
}

/** Reads the reporter's notes: a result for each file that was to run, and errors that belong to no file. */
function read(report) {
  const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  const notes = lines.map((line) => JSON.parse(line));
  const planned = notes.flatMap((note) => note.planned ?? []);
  const endOf = (path) => notes.findLast((note) => note.file === path);
  // a worker that died names no file: it is the one that did not end
  const unfinished = planned.find((path) => endOf(path) === undefined);
  const strays = notes
    .filter(({ stray }) => stray !== undefined)
    .map(({ stray, at }) => ({ stray, at: planned.includes(at) ? at : unfinished }));
  return {
    files: planned.map((path) => {
      const own = strays.filter(({ at }) => at === path);
      return resultOf(path, endOf(path), own);
    }),
    strays: strays.filter(({ at }) => at === undefined).map(({ stray }) => stray),
  };
}

/** Ends when vitest ends; after the deadline it is killed with all it started. */
function runVitest(args, env, minutes) {
  return new Promise((resolve) => {
    // A process group of its own, so that nothing of a run that hangs stays behind; Ctrl-C is passed on.
    const child = spawn('vitest', args, {
      cwd: root,
      env: toolEnv(env),
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const signalAll = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has ended
      }
    };
    const passOn = (signal) => (signalAll(signal), process.exit(130));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, passOn);
    const timer = setTimeout(() => {
      say(`The tests did not end within ${minutes} minutes; they are killed.`);
      signalAll('SIGKILL');
    }, minutes * 60_000);
    child.on('error', (error) => resolve({ code: 1, problem: `vitest could not be started: ${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, passOn);
      resolve({ code: code ?? 1, problem: `vitest ended by ${signal ?? `exit code ${code}`}` });
    });
  });
}

/**
 * Runs a project's files (all, or those named) and resolves with a result for each: `{path, seconds, passed, failed,
 * faults}`, and in `strays` what went wrong with no file to blame.
 */
export async function runTests(project, { folder, minutes, files = [] }) {
  const report = join(folder, `${project}-${Date.now()}.jsonl`);
  const reporters = ['--reporter=default', `--reporter=${join(root, 'tools/test-reporter.mjs')}`];
  const args = ['run', '--project', project, '--passWithNoTests', ...reporters, ...files];
  const { code, problem } = await runVitest(args, { KNOT_TEST_REPORT: report }, minutes);
  const result = read(report);
  const blamed = result.strays.length > 0 || result.files.some(({ failed }) => failed > 0);
  if (code !== 0 && !blamed) result.strays.push(problem);
  return result;
}
