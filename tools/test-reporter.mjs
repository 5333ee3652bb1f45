// A reporter of vitest that notes, line by line as it happens, what tools/test.mjs has to know: the files of the run, how each
// ended, and errors outside of any test. What was noted is there also when vitest itself dies.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './shell.mjs';

const target = process.env.KNOT_TEST_REPORT;

function note(line) {
  appendFileSync(target, `${JSON.stringify(line)}\n`);
}

const pathOf = (id) => relative(root, id);

/** Its message and those lines of its stack that are ours, with what caused it. */
function textOf(error) {
  const lines = (error.stack ?? error.message ?? String(error)).split('\n');
  const told = lines.filter((line) => !/^\s+at .*(node_modules|node:|<anonymous>)/.test(line)).join('\n');
  return error.cause ? `${told}\ncaused by ${textOf(error.cause)}` : told;
}

/** What went wrong in a file: its tests, its groups' hooks, its loading. */
function faultsOf(testModule) {
  const faults = [];
  const add = (what, errors) => {
    for (const error of errors ?? []) faults.push({ what, text: textOf(error) });
  };
  add('(the file itself)', testModule.errors());
  for (const suite of testModule.children.allSuites()) add(suite.fullName, suite.errors());
  for (const test of testModule.children.allTests('failed')) add(test.fullName, test.result().errors);
  return faults;
}

function count(testModule, state) {
  return [...testModule.children.allTests(state)].length;
}

/** @public vitest loads it by its path */
export default class TestReporter {
  onTestRunStart(specifications) {
    note({ planned: specifications.map(({ moduleId }) => pathOf(moduleId)) });
  }

  onTestModuleEnd(testModule) {
    const { duration, collectDuration, setupDuration } = testModule.diagnostic();
    note({
      file: pathOf(testModule.moduleId),
      seconds: (duration + collectDuration + setupDuration) / 1000,
      ok: testModule.ok() && testModule.errors().length === 0,
      passed: count(testModule, 'passed'),
      failed: count(testModule, 'failed'),
      faults: faultsOf(testModule),
    });
  }

  onTestRunEnd(testModules, unhandledErrors) {
    for (const error of unhandledErrors) {
      const file = error.VITEST_TEST_PATH;
      note({ stray: textOf(error), at: file ? pathOf(file) : null });
    }
  }
}
