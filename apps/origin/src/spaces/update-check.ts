import { createHash } from 'node:crypto';
import type { SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { isKnotError } from '@knot/shared/errors';
import { versionId } from '../templates/template-dtos.js';
import type { SnapshotVault } from './snapshot-vault.js';
import type { VariableSource } from './variable-source.js';

const MOST_KNOWN = 5_000;

/** Tells which running spaces a start of now would make differently: another template version, or other values. */
export class UpdateCheck {
  /** Digest of a snapshot's variables by its hash: a snapshot never changes. */
  private readonly frozen = new Map<string, string>();

  constructor(
    private readonly store: Store,
    private readonly vault: SnapshotVault,
    private readonly variables: VariableSource,
  ) {}

  async of(spaces: readonly SpaceRow[], templates: ReadonlyMap<string, TemplateRow>): Promise<ReadonlySet<string>> {
    const running = spaces.filter((space) => space.want === 'running' && space.snapshotHash !== '');
    const outdated = new Set<string>();
    const frozen = await this.frozenDigests(
      running.filter((space) => templates.get(space.templateId)?.present === space.templateVersion),
    );
    const present = new Map<string, Promise<string>>();
    for (const space of running) {
      const template = templates.get(space.templateId);
      if (!template || template.present !== space.templateVersion) {
        if (template) outdated.add(space.id);
        continue;
      }
      const key = `${space.templateId}/${space.location}`;
      const now = present.get(key) ?? this.presentDigest(template, space.location);
      present.set(key, now);
      if (frozen.get(space.snapshotHash) !== (await now)) outdated.add(space.id);
    }
    return outdated;
  }

  /** By the hash of the snapshot; '' for one that is not there. What is not known yet is read at once. */
  private async frozenDigests(spaces: readonly SpaceRow[]): Promise<ReadonlyMap<string, string>> {
    const digests = new Map(spaces.map(({ snapshotHash }) => [snapshotHash, this.frozen.get(snapshotHash) ?? '']));
    const unknown = [...digests.keys()].filter((hash) => !this.frozen.has(hash));
    if (this.frozen.size + unknown.length > MOST_KNOWN) this.frozen.clear();
    for (const row of await this.store.getMany('snapshot', unknown)) {
      const digest = digestOf(this.vault.open(row).data.var);
      this.frozen.set(row.id, digest);
      digests.set(row.id, digest);
    }
    return digests;
  }

  private async presentDigest(template: TemplateRow, location: string): Promise<string> {
    const version = await this.store.get('templateVersion', versionId(template.id, template.present));
    if (!version) return '';
    try {
      return digestOf(await this.variables.values(version, location));
    } catch (error) {
      // a variable was deleted, or is not for this template: what runs goes on, and a start of now would be refused
      if (isKnotError(error, 'template.render') || isKnotError(error, 'access.denied')) return 'refused';
      throw error;
    }
  }
}

function digestOf(values: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
