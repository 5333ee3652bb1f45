import { ok, type Check } from './check.js';

/** A location as far as the checks look. */
export interface CheckedLocation {
  readonly name: string;
  /** Whether a leaf of it was ever heard of. */
  readonly joined: boolean;
  readonly live: boolean;
  /** '' when it was never told. */
  readonly leafVersion: string;
  /** That its leaf says is the one of its web apps, `apps.example.com`; '' for none. */
  readonly domain: string;
  /** Those that are switched on there. */
  readonly platforms: readonly { readonly platform: string; readonly ready: boolean; readonly message: string }[];
}

/** `version`: the origin's. Of a location that is silent nothing else is said. */
export function locationChecks(locations: readonly CheckedLocation[], version: string): readonly Check[] {
  const silent = locations.filter(({ joined, live }) => joined && !live).map(({ name }) => silentCheck(name));
  const differing = locations
    .filter(({ live, leafVersion }) => live && leafVersion !== '' && leafVersion !== version)
    .map(({ name, leafVersion }) => versionCheck(name, leafVersion, version));
  const broken = locations.flatMap(({ name, live, platforms }) =>
    live ? missed(platforms).map((platform) => platformCheck(name, platform)) : [],
  );
  const claimed = locations.filter(({ live, domain }) => live && domain !== '');
  const shared = claimed.flatMap(({ name, domain }) => {
    const others = claimed.filter((one) => one.domain === domain && one.name !== name).map((one) => one.name);
    return others.length > 0 ? [domainCheck(name, domain, others)] : [];
  });
  return [
    ...(silent.length > 0 ? silent : [ok('location.silent', 'Every location is heard of.')]),
    ...(differing.length > 0 ? differing : [ok('location.leaf-version', `Every leaf is of version ${version}.`)]),
    ...(broken.length > 0 ? broken : [ok('location.platform', 'No leaf lacks a platform that it should have.')]),
    ...(shared.length > 0 ? shared : [ok('location.domain', 'No two leaves have one domain for web apps.')]),
  ];
}

function silentCheck(name: string): Check {
  return {
    code: 'location.silent',
    severity: 'warning',
    subject: name,
    sentence: `No leaf of ${name} is heard of. Its spaces go on as they are; wishes for them wait.`,
    advice: `Look whether the leaf of ${name} runs and reaches this server; its log says what hinders it.`,
  };
}

function versionCheck(name: string, leaf: string, origin: string): Check {
  const order = compareVersions(leaf, origin);
  const relation = order === 0 ? 'other' : order < 0 ? 'older' : 'newer';
  return {
    code: 'location.leaf-version',
    severity: 'warning',
    subject: name,
    sentence: `The leaf of ${name} is of version ${leaf}: ${relation} than this server's ${origin}.`,
    advice:
      order > 0 ? `Update this server to ${leaf}: the origin goes first.` : `Update the leaf of ${name} to ${origin}.`,
  };
}

function domainCheck(name: string, domain: string, others: readonly string[]): Check {
  return {
    code: 'location.domain',
    severity: 'warning',
    subject: name,
    sentence: `The leaf of ${name} says that *.${domain} is the domain of its web apps, and so does that of ${others.join(', ')}.`,
    advice: `Give each a server.wildcard_domain of its own; a leaf that is not yours is cut off by knot locations revoke.`,
  };
}

/** Nomad has no switch of its own: beside a platform that can be used nobody may have meant it. */
function missed(platforms: CheckedLocation['platforms']): CheckedLocation['platforms'] {
  const usable = platforms.some(({ ready }) => ready);
  return platforms.filter(({ platform, ready }) => !ready && !(usable && platform === 'nomad'));
}

function platformCheck(
  name: string,
  { platform, message }: { readonly platform: string; readonly message: string },
): Check {
  return {
    code: 'location.platform',
    severity: 'warning',
    subject: name,
    sentence: `${platform} at ${name} cannot be used${message === '' ? '.' : `: ${message}`}`,
    advice: `Mend it there; the leaf of ${name} tries again by itself.`,
  };
}

/** Below 0: the first is the older one. 0 also where the numbers cannot tell. */
function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[-+]/)[0]?.split('.').map(Number) ?? [];
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return Number.isNaN(difference) ? 0 : difference;
  }
  return 0;
}
