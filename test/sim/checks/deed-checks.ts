import { sync } from '@knot/contract';
import type { Authority } from '@knot/domain';
import type { WorkloadSpec } from '@knot/drivers';
import type { CallFacts } from '@knot/drivers/fake';
import type { BackendSite } from '../world/backend-site.js';
import type { History } from '../world/history.js';
import type { ActingLeaf } from '../world/witness.js';
import type { CommitChecks } from './commit-checks.js';
import type { HeldSpace, PositionChecks } from './position-checks.js';

interface Intent {
  readonly authority: Authority;
  readonly term: number;
  /** The restarts that the leaf's record says the workload satisfies. */
  readonly satisfied: number;
  readonly hash: string;
  readonly held: readonly HeldSpace[];
  /** The history that the leaf knows. */
  readonly epoch: string;
}

interface Instance {
  readonly satisfied: number;
  readonly hash: string;
}

const CHANGING: readonly CallFacts['call'][] = ['apply', 'remove', 'createVolumes', 'destroyVolumes'];

/** What leaves may do to orchestrators: I2, I6, I7, I8, and no restart without a reason. */
export class DeedChecks {
  /** Every volume that was ever made, with its space. */
  readonly volumes = new Map<string, string>();
  /** Spaces that a leaf without its origin has put back, whatever was wished meanwhile. */
  readonly putBack = new Set<string>();
  private readonly intents = new Map<string, Intent>();
  private readonly instances = new Map<string, Instance>();
  private readonly acted = new Map<string, { readonly term: number; readonly who: string }>();

  constructor(
    private readonly history: History,
    private readonly clock: { monotonic(): number },
    private readonly commits: CommitChecks,
    private readonly positions: PositionChecks,
  ) {}

  /** Restarts are counted anew in a history that was put back. */
  restored(): void {
    this.instances.clear();
    this.acted.clear();
  }

  applying(leaf: ActingLeaf, site: BackendSite, spec: WorkloadSpec): void {
    const { space } = spec.mark;
    if (leaf.disk.record(space)?.appliedHash !== spec.hash) {
      this.history.break('I2', `${leaf.process.name} hands ${space} over and has not written it down`);
    }
    this.intend(leaf, site, space, spec.hash);
  }

  removing(leaf: ActingLeaf, site: BackendSite, space: string): void {
    this.intend(leaf, site, space, '');
  }

  effect<T>(leaf: ActingLeaf, site: BackendSite, { call, space }: CallFacts, effect: () => T): T {
    if (!CHANGING.includes(call)) return effect();
    const { backend } = site;
    const [before, volumes] = [backend.get(space), new Set(backend.volumes.keys())];
    const health = before && backend.healthOf(space);
    const answer = effect();
    const after = backend.get(space);
    const who = leaf.process.name;
    const intent = this.intents.get(intentKey(leaf, site, space));
    const replaced = after !== null && after.instance !== before?.instance;
    const stopped = before !== null && before.stop === null && (after === null || after.stop !== null);
    const made = [...backend.volumes.keys()].filter((id) => !volumes.has(id));
    const destroyed = [...volumes].filter((id) => !backend.volumes.has(id));
    if (!replaced && !stopped && made.length + destroyed.length === 0) return answer;
    this.history.note(
      who,
      `${call} ${space} ${after?.instance ?? ''}${made.join()}${destroyed.map((id) => `-${id}`).join()}`,
    );
    this.checkTerm(leaf, site, call, space, intent);
    for (const id of made) this.volumes.set(id, space);
    for (const id of destroyed) this.destroyed(who, id, space);
    if (before && (replaced || stopped) && health === 'healthy' && !before.edited) {
      this.checkReason(who, call, space, this.instances.get(before.instance), intent);
    }
    // What is done by a history that is gone is counted by it.
    if (replaced && intent?.epoch === this.positions.epoch) this.instances.set(after.instance, intent);
    return answer;
  }

  private intend(leaf: ActingLeaf, site: BackendSite, space: string, hash: string): void {
    const { disk } = leaf;
    const state = leaf.leaf?.state();
    const authority = state?.platforms.find(({ platform }) => platform === site.platform)?.authority ?? 'none';
    this.intents.set(intentKey(leaf, site, space), {
      authority,
      term: state?.term ?? 0,
      satisfied: disk.record(space)?.restartsSatisfied ?? 0,
      hash,
      held: this.positions.heldLately(disk, space),
      epoch: disk.position?.epoch ?? '',
    });
  }

  /** I7. Putting back what it had applied, which needs no right of its own, is no acting. */
  private checkTerm(
    leaf: ActingLeaf,
    site: BackendSite,
    call: string,
    space: string,
    intent: Intent | undefined,
  ): void {
    if (call === 'apply' && intent?.authority === 'reapply') {
      this.putBack.add(space);
      return;
    }
    const term = leaf.leaf?.state().term ?? 0;
    const place = `${leaf.location}/${site.platform}`;
    const last = this.acted.get(place);
    const who = leaf.process.name;
    if (last && term < last.term) {
      this.history.break(
        'I7',
        `${who} did ${call} to ${space} by term ${term} after ${last.who} had acted by ${last.term}`,
      );
    }
    if (last && term === last.term && seatOf(who) !== seatOf(last.who)) {
      this.history.break('I7', `${who} and ${last.who} both acted by term ${term}`);
    }
    this.acted.set(place, { term: Math.max(term, last?.term ?? 0), who });
  }

  /** I6, I8 */
  private destroyed(who: string, id: string, space: string): void {
    if (this.commits.deletionAsked.has(space) || this.commits.lossAsked.has(space)) return;
    this.history.break('I8', `${who} destroyed the volume ${id} of ${space}, whose deletion nobody had asked for`);
  }

  private checkReason(
    who: string,
    call: string,
    space: string,
    instance: Instance | undefined,
    intent: Intent | undefined,
  ): void {
    if (!instance || !intent) return;
    // What a leaf that is gone had done and told nobody, its successor cannot know.
    const satisfied = Math.min(instance.satisfied, this.commits.restartsReported(space));
    const why = intent.held.some(
      ({ want, restarts, hash }) => want !== sync.Want.RUNNING || restarts > satisfied || hash !== instance.hash,
    );
    if (why) return;
    this.history.break('I2', `${who} did ${call} to ${space}, which ran as it should, for no reason`);
  }
}

function intentKey(leaf: ActingLeaf, site: BackendSite, space: string): string {
  return `${leaf.process.name}/${site.platform}/${space}`;
}

/** Which leaf a process belongs to: `leaf-1-7` is a process of leaf 1. */
function seatOf(who: string): string {
  return who.split('-').slice(0, 2).join('-');
}
