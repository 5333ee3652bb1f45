import { LABELLED_KINDS, may, type LabelledKind, type Subject } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Commit, LabelsRow, Store } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { LabelledDto, LabelledPageDto, LabelledQueryDto } from './labels.dto.js';

const PAGE = 200;

interface Labelled extends Pick<LabelledDto, 'name' | 'location' | 'ownerId'> {
  /** What permission depends on; undefined where it depends on the kind alone. */
  readonly subject?: Subject;
}

/** Labels of what manifests name: whoever may change a thing may label it, whoever may read it sees them. */
export class Labels {
  constructor(private readonly ports: { readonly store: Store; readonly deeds: Deeds; readonly clock: Clock }) {}

  async list(call: Call, { limit = 50, cursor, kind, label }: LabelledQueryDto): Promise<LabelledPageDto> {
    const { store } = this.ports;
    const { rows, next } = await store.page('labels', { where: { kind }, limit, after: cursor });
    const [key = '', value = ''] = label?.split('=', 2) ?? [];
    const wanted = rows.filter(({ labels }) => label === undefined || labels[key] === value);
    const items = await Promise.all(wanted.map((row) => this.described(call, row)));
    return { items: items.flatMap((item) => item ?? []), next };
  }

  async put(call: Call, given: string, subjectId: string, labels: Record<string, string>): Promise<LabelledDto> {
    const { store, deeds, clock } = this.ports;
    const kind = kindOf(given);
    if (!kind) {
      const message = `Labels are of ${LABELLED_KINDS.join(', ')}.`;
      throw new KnotError('input.invalid', message, 'Name one of these in the path.');
    }
    return deeds.do(doerOf(call), async () => {
      const { subject, ...about } = found(await labelled(store, kind, subjectId), kind);
      assertMay(call, `${kind}.change`, clock.now(), subject);
      const id = `${kind}/${subjectId}`;
      const known = await store.get('labels', id);
      const none = Object.keys(labels).length === 0;
      const row = { id, kind, subjectId, labels };
      return {
        expect: [{ kind: 'labels', id, version: known?.version ?? 0 }],
        writes: none ? (known ? [{ delete: 'labels', id }] : []) : [{ put: 'labels', row }],
        audit: { action: 'label.set', subjectKind: kind, subjectId, details: { labels, before: known?.labels ?? {} } },
        answer: { kind, id: subjectId, ...about, labels },
      };
    });
  }

  /** Null where it is gone, or not the viewer's to see. */
  private async described(call: Call, { kind, subjectId, labels }: LabelsRow): Promise<LabelledDto | null> {
    const known = kindOf(kind);
    const thing = known && (await labelled(this.ports.store, known, subjectId));
    if (!thing || !may(call.actor, `${known}.read`, this.ports.clock.now(), thing.subject).granted) return null;
    const { name, location, ownerId } = thing;
    return { kind: known, id: subjectId, name, location, ownerId, labels: { ...labels } };
  }
}

/** Labels of what is gone go too. */
export async function forgetLabels(store: Store, commit: (commit: Commit) => Promise<void>): Promise<void> {
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.page('labels', { limit: PAGE, after });
    for (const { id, version, kind, subjectId } of rows) {
      const known = kindOf(kind);
      if (known && (await labelled(store, known, subjectId))) continue;
      await commit({ expect: [{ kind: 'labels', id, version }], writes: [{ delete: 'labels', id }] });
    }
    if (next === null) return;
    after = next;
  }
}

async function labelled(store: Store, kind: LabelledKind, id: string): Promise<Labelled | null> {
  const plain = { location: '', ownerId: '' };
  switch (kind) {
    case 'user': {
      const row = await store.get('user', id);
      return row && { ...plain, name: row.username };
    }
    case 'space': {
      const row = await store.get('space', id);
      return row && { name: row.name, location: row.location, ownerId: row.ownerId, subject: row };
    }
    case 'variable':
    case 'volume': {
      const row = await store.get(kind, id);
      return row && { ...plain, name: row.name, location: row.location };
    }
    case 'role':
    case 'group':
    case 'template': {
      const row = await store.get(kind, id);
      return row && { ...plain, name: row.name };
    }
  }
}

function kindOf(text: string): LabelledKind | undefined {
  return LABELLED_KINDS.find((kind) => kind === text);
}
