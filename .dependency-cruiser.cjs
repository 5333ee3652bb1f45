// Who may import whom: house.md's table as rules. tools/check.mjs plants violations and expects them to be found.

/** Rooms and what of ours each may import, as regular expressions over paths. */
const sharedErrorsConfig = 'libs/shared/src/(errors|config)/';
const rooms = {
  'libs/contract': [],
  'libs/domain': [],
  'libs/reconcile': [],
  'libs/link': ['libs/shared/'],
  'libs/shared': ['libs/domain/', 'libs/contract/'],
  'libs/drivers': ['libs/domain/', sharedErrorsConfig],
  'apps/origin': ['libs/(shared|contract|domain|reconcile|link|drivers)/'],
  'apps/leaf': ['libs/(shared|contract|domain|reconcile|link|drivers)/'],
  'apps/agent': ['libs/(contract|link|domain)/', sharedErrorsConfig],
  // `knot server` composes origin and leaf, `knot agent` is the agent: the one place where an app imports another. It gives
  // them their logger.
  'apps/cli': [
    'libs/(contract|link|domain)/',
    sharedErrorsConfig,
    'libs/shared/src/logging/',
    'apps/(origin|leaf|agent)/',
  ],
  'apps/dashboard': ['libs/(contract|domain)/'],
};

const tests = '\\.(alone-|real-|long-)?test\\.tsx?$';
const nestEdges = [
  '^apps/(origin|leaf)/src/.+\\.(module|controller|gateway|guard|filter|interceptor|pipe|decorator|dto)\\.ts$',
  '^apps/(origin|leaf)/src/main\\.ts$',
  '^apps/(origin|leaf)/src/.+/main\\.ts$',
  '^apps/(origin|leaf)/src/.+\\.test\\.ts$',
];
const generatedForNest = '^apps/origin/src/metadata\\.ts$';

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room.replace('/', '-')}`,
  comment: `${room} may import of ours only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: '^(apps|libs|test|tools)/', pathNot: [`^${room}/`, ...allowed.map((path) => `^${path}`)] },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'drivers-apart',
      comment: 'a driver never imports another',
      severity: 'error',
      from: { path: '^libs/drivers/src/(nomad|kubernetes|docker|local|manual)/' },
      to: {
        path: '^libs/drivers/src/(nomad|kubernetes|docker|local|manual)/',
        pathNot: '^libs/drivers/src/$1/',
      },
    },
    {
      name: 'nest-at-the-edges',
      comment: 'only edge files of origin and leaf know Nest',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [...nestEdges, generatedForNest] },
      to: { path: '(^|/)node_modules/@nestjs/' },
    },
    {
      name: 'typeorm-in-the-store',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/shared/src/(entities|stores/sql|migrations)/' },
      to: { path: '(^|/)node_modules/typeorm/' },
    },
    {
      name: 'index-only-at-the-door',
      comment: 'within a lib files import one another, never the index that re-exports them',
      severity: 'error',
      from: { path: '^(libs/[^/]+)/src/', pathNot: tests },
      to: { path: '^$1/src/index\\.ts$' },
    },
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [tests, '[-.]suite\\.ts$', '/(conformance|testing)/'] },
      to: { path: [tests, '(^|/)node_modules/(vitest|@fast-check|fast-check)/'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|apps/cli/bundle)/' },
    tsPreCompilationDeps: true, // an import of a type is an import
    tsConfig: { fileName: 'tsconfig.base.json' },
    // Without these an import by package name between libs is not resolved to its source, and no rule sees it.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['knot-src', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
