import type { components } from '@knot/contract';
import { allPages, answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { findNamed, namedBy, namedKey, type Named } from './find-named.js';
import { KINDS, type Labels, type PlacedManifest } from './manifest.js';
import type { Step } from './step.js';

type Labelled = components['schemas']['Labelled'];

/** What has labels and manifests can name: of spaces one's own. */
export class KnownLabels {
  private constructor(
    private readonly known: ReadonlyMap<string, { readonly named: Named; readonly labels: Labels }>,
  ) {}

  static async read({ api }: Client): Promise<KnownLabels> {
    const [me, all] = await Promise.all([
      answer(api.GET('/api/v1/me')),
      allPages((cursor) => answer(api.GET('/api/v1/labels', { params: { query: { ...cursor, limit: 200 } } }))),
    ]);
    const mine = all.filter(({ kind, ownerId }) => kind !== 'space' || ownerId === me.id);
    const entries = mine.flatMap((item) => {
      const named = namedOf(item);
      return named ? [[namedKey(named), { named, labels: item.labels }] as const] : [];
    });
    return new KnownLabels(new Map(entries));
  }

  of(named: Named): Labels {
    return this.known.get(namedKey(named))?.labels ?? {};
  }

  /** Everything that has all of these labels, what stands on others first. */
  having(wanted: Labels): Named[] {
    const has = ({ labels }: { readonly labels: Labels }) =>
      Object.entries(wanted).every(([key, value]) => labels[key] === value);
    const found = [...this.known.values()].filter(has).map(({ named }) => named);
    return KINDS.toReversed().flatMap((kind) => found.filter((named) => named.kind === kind));
  }
}

/** The step that also labels what the manifest labels. */
export function withLabels(client: Client, step: Step, manifest: PlacedManifest, known: KnownLabels): Step {
  const { labels } = manifest;
  const named = namedBy(manifest);
  if (!labels || isSame(labels, known.of(named))) return step;
  const deed = async (): Promise<void> => {
    await step.deed();
    const found = await findNamed(client, named);
    if (!found) return;
    const kind = KIND_OF[manifest.kind];
    const params = { path: { kind, id: found.id } };
    await answer(client.api.PUT('/api/v1/labels/{kind}/{id}', { params, body: { labels } }));
  };
  const outcome = step.outcome === 'unchanged' ? ('updated' as const) : step.outcome;
  return { ...step, outcome, changes: outcome === 'created' ? step.changes : [...step.changes, 'labels'], deed };
}

const KIND_OF = {
  Role: 'role',
  Group: 'group',
  User: 'user',
  Variable: 'variable',
  Template: 'template',
  Volume: 'volume',
  Space: 'space',
} as const;

function namedOf({ kind, name, location }: Labelled): Named | undefined {
  const found = KINDS.find((one) => KIND_OF[one] === kind);
  return found && { kind: found, name, location: found === 'Variable' ? location : '' };
}

function isSame(one: Labels, other: Labels): boolean {
  const text = (labels: Labels) => JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}
