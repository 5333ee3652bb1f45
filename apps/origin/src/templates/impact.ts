import type { SpaceSnapshot } from '@knot/domain';
import { ERROR_CODES, isKnotError } from '@knot/shared/errors';
import type { SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { SnapshotVault } from '../spaces/snapshot-vault.js';
import type { SpaceWishes } from '../spaces/space-wishes.js';
import type { ImpactEffect, ImpactQueryDto, SpaceImpactDto, TemplateImpactDto } from './impact.dto.js';
import type { LocationPlans, Planned } from './location-plans.js';
import type { SpaceBehindDto } from './roll-out-choice.dto.js';
import type { SpacesBehind } from './spaces-behind.js';
import { versionId } from './template-dtos.js';

/** A page waits for backends: each answers within 5 s, and four at a time. */
const MOST = 50;
const MOST_TOLD = 50;
const LONGEST = 2_000;

export interface ImpactPorts {
  readonly store: Store;
  readonly vault: SnapshotVault;
  readonly behind: SpacesBehind;
  readonly wishes: Pick<SpaceWishes, 'rehearse'>;
  readonly plans: LocationPlans;
}

type Told = Pick<SpaceImpactDto, 'effect'> & Partial<SpaceImpactDto>;

/** What a version of a template would do to each space of another version. It does all that an update does but write. */
export class Impact {
  constructor(private readonly ports: ImpactPorts) {}

  async of(id: string, query: ImpactQueryDto): Promise<TemplateImpactDto> {
    const { store, behind } = this.ports;
    const row = found(await store.get('template', id), 'template');
    const template = { ...row, present: query.number ?? row.present };
    found(await store.get('templateVersion', versionId(id, template.present)), 'template version');
    const limit = Math.min(MOST, query.limit ?? MOST);
    const { rows, next } = await behind.page(template, { ...query, limit });
    const described = await behind.described(rows);
    const items = await Promise.all(
      rows.map(async (space, index): Promise<SpaceImpactDto[]> => {
        const about = described[index];
        return about ? [impact(about, await this.one(space, about, template))] : [];
      }),
    );
    return { number: template.present, items: items.flat(), next };
  }

  private async one(space: SpaceRow, { running }: SpaceBehindDto, template: TemplateRow): Promise<Told> {
    const { plans, wishes } = this.ports;
    const obstacle = await plans.obstacle(space.location);
    if (obstacle !== null) return { effect: 'unknown', message: obstacle };
    try {
      const snapshot = await wishes.rehearse(space, template);
      const environment = await this.environment(space, snapshot);
      return told(await plans.plan(space, snapshot), environment, running);
    } catch (error) {
      if (!isKnotError(error) || ERROR_CODES[error.code].http >= 500) throw error;
      return { effect: 'refused', message: error.message, hint: error.hint };
    }
  }

  /** Names only: of what it reads, the values are for nobody to see. */
  private async environment({ snapshotHash }: SpaceRow, { data }: SpaceSnapshot): Promise<string[]> {
    const row = await this.ports.store.get('snapshot', snapshotHash);
    if (!row) return [];
    const [before, after] = [namedValues(this.ports.vault.open(row).data), namedValues(data)];
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
  }
}

function told(planned: Planned, environment: string[], running: boolean): Told {
  if (!planned.known) return { effect: 'unknown', message: planned.why, environment };
  const { refusal, changes, destructive, volumesAdded, volumesDetached } = planned.plan;
  if (refusal) return { effect: 'refused', message: refusal.message, hint: refusal.hint, environment };
  const effect: ImpactEffect = !running
    ? 'next-start'
    : destructive
      ? 'restart'
      : changes.length > 0
        ? 'in-place'
        : 'nothing';
  return {
    ...{ effect, environment, volumesAdded, volumesDetached },
    changes: running ? changes : [],
    warnings: [...planned.warnings],
  };
}

/** A leaf is not trusted with how much it says. */
function impact(about: SpaceBehindDto, given: Told): SpaceImpactDto {
  const bounded = (texts: readonly string[] = []) => texts.slice(0, MOST_TOLD).map((text) => text.slice(0, LONGEST));
  return {
    ...about,
    effect: given.effect,
    message: (given.message ?? '').slice(0, LONGEST),
    hint: (given.hint ?? '').slice(0, LONGEST),
    changes: bounded(given.changes),
    environment: given.environment ?? [],
    volumesAdded: bounded(given.volumesAdded),
    volumesDetached: bounded(given.volumesDetached),
    warnings: bounded(given.warnings),
  };
}

/** Every leaf of the data tree by its path, as templates name it. */
function namedValues({ space, template, user, server, nomad, var: variables }: SpaceSnapshot['data']) {
  const groups = Object.entries({ space, template, user, server, nomad, var: variables });
  return new Map(
    groups.flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => [`${group}.${name}`, value] as const),
    ),
  );
}
