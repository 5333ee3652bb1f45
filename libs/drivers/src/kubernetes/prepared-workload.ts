import { backendName } from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { WorkloadSpec } from '../driver.js';
import { checkClaim, claimsOf, type Claim } from './claims.js';
import { parseManifests, type Manifest } from './manifest-text.js';
import { checkPolicy } from './policy.js';
import { withEnvironment } from './environment.js';
import { rewriteManifests, type Wanted } from './rewrite.js';

export interface PreparedWorkload {
  /** In the order in which they are applied; the main one is last. */
  readonly wanted: readonly Wanted[];
  readonly main: Wanted;
  readonly claims: readonly Claim[];
}

const REMEMBERED = 256;
const READ = 16;

/** Specs as the API server takes them. The last ones are remembered, as one step of a space is soon followed by the next. */
export class PreparedWorkloads {
  private readonly remembered = new Map<string, PreparedWorkload>();
  /** One step of a space reads its text several times, and many spaces have the same. */
  private readonly read = new Map<string, readonly Manifest[]>();

  constructor(private readonly namespace: string) {}

  /** Throws `template.rejected` or `template.policy`. */
  prepare(spec: WorkloadSpec): PreparedWorkload {
    const { mark, display, job, volumes, policy, environment } = spec;
    const key = JSON.stringify([mark, display, job, volumes, policy.exceptions, environment ?? null]);
    const known = this.remembered.get(key);
    if (known) return known;
    const manifests = this.manifests(job);
    const claims = this.claims(spec);
    const asked = rewriteManifests(manifests, claims, spec, this.namespace);
    checkPolicy(
      asked,
      claims.map(({ backendId }) => backendId),
      policy,
    );
    const wanted = withEnvironment(asked, spec, this.namespace);
    const main = wanted.find(({ kind, name }) => kind.runs && name === backendName(mark.space));
    if (!main) throw new KnotError('internal', 'The rewritten template has lost its workload.');
    return this.remember(key, { wanted: [...wanted.filter((one) => one !== main), main], main, claims });
  }

  /** For a look, which tells what is there also where the template is not valid: that is told by the step that needs it. */
  known(spec: WorkloadSpec): PreparedWorkload | null {
    try {
      return this.prepare(spec);
    } catch (error) {
      if (isKnotError(error)) return null;
      throw error;
    }
  }

  /** What the template asks for as volumes, checked. */
  claims({ job, volumes, mark, policy }: WorkloadSpec): readonly Claim[] {
    const claims = claimsOf(volumes, this.manifests(job), mark.space);
    for (const claim of claims) checkClaim(claim, policy.exceptions);
    return claims;
  }

  private manifests(job: string): readonly Manifest[] {
    const known = this.read.get(job);
    if (known) return known;
    const manifests = parseManifests(job, 'job');
    keep(this.read, job, manifests, READ);
    return manifests;
  }

  private remember(key: string, prepared: PreparedWorkload): PreparedWorkload {
    keep(this.remembered, key, prepared, REMEMBERED);
    return prepared;
  }
}

/** The oldest goes where there are too many. */
function keep<T>(kept: Map<string, T>, key: string, value: T, most: number): void {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
