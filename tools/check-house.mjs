// What the house asks of a file that no linter at hand expresses: names, doors, and nothing left half done.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesUnder, root, say } from './shell.mjs';

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/;
const unfinished = /\b(?:TODO|FIXME|XXX)\b/;
const skipped = /\b(?:describe|it|test)(?:\.[a-z]+)*\.(?:skip|only|todo)\b/;

/** The index.ts files a lib may have: those its package.json names in `exports`. */
function doors(lib) {
  const { exports = {} } = JSON.parse(readFileSync(join(root, lib, 'package.json'), 'utf8'));
  return Object.values(exports).map((target) => join(lib, target['knot-src']));
}

function faultsOf(path) {
  const name = basename(path);
  const text = readFileSync(join(root, path), 'utf8');
  const faults = [];
  if (!kebab.test(name)) faults.push('its name is not in kebab-case');
  if (/^(utils?|helpers?|misc|common)\./.test(name)) faults.push('its name says nothing');
  if (unfinished.test(text)) faults.push('it holds a note of something left to do');
  if (/test\.tsx?$/.test(name) && skipped.test(text)) faults.push('it leaves out tests by skip, only or todo');
  const lib = /^libs\/[^/]+/.exec(path)?.[0];
  if (lib && name === 'index.ts' && !doors(lib).includes(path)) faults.push('an index.ts that is no export of its lib');
  return faults;
}

const LONGEST_DECISION = 40;

/** A decision record is one page, and its title begins with the number that its file bears. */
function faultsOfDecision(path) {
  const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n');
  const [number] = basename(path).split('-');
  const faults = [];
  if (!lines[0].startsWith(`# ${number}: `)) faults.push(`its title does not begin with "# ${number}: "`);
  if (lines.length > LONGEST_DECISION)
    faults.push(`it has ${lines.length} lines; a decision has ${LONGEST_DECISION} at most`);
  return faults;
}

/** Pages of claims, each with the test that shows it: that test is there. */
const PAGES_OF_TESTS = ['docs/defects.md', 'docs/security-tests.md'];

function faultsOfClaims(page) {
  const rows = readFileSync(join(root, page), 'utf8').matchAll(/^\| (.+?) \| `(.+?)` \| (.+) \|$/gm);
  return [...rows].flatMap(([, claim, path, test]) =>
    existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8').includes(test)
      ? []
      : [`${page}: ${path} has no test of that name for "${claim}"`],
  );
}

export function checkHouse() {
  const isOurs = (path) => /\.(ts|tsx|mjs)$/.test(path) && !path.includes('/generated/');
  const paths = ['apps', 'libs', 'test'].flatMap((folder) => filesUnder(folder, isOurs));
  const decisions = filesUnder('docs/adr', (path) => path.endsWith('.md'));
  const faults = [
    ...paths.flatMap((path) => faultsOf(path).map((fault) => `${path}: ${fault}`)),
    ...decisions.flatMap((path) => faultsOfDecision(path).map((fault) => `${path}: ${fault}`)),
    ...PAGES_OF_TESTS.flatMap(faultsOfClaims),
  ];
  for (const fault of faults) say(fault);
  return faults.length === 0;
}
