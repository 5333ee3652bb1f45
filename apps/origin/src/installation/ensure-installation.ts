import { retrying, type Store } from '@knot/shared/store';
import { claim, templateName } from '../deeds/unique-name.js';
import { epochGuard } from '../restore/suspension.js';
import { starterTemplates } from './starter-templates.js';

/** The row that names this installation for ever, and with it, once only, the templates that knot brings along. */
export async function ensureInstallation(store: Store, newId: () => string): Promise<void> {
  await retrying(store, async () => {
    if (await store.get('installation', 'installation')) return { commit: null, result: null };
    const createdAt = await store.now();
    const { epoch } = await store.head('events');
    const row = { id: 'installation', uuid: newId(), createdAt, firstAdminId: '' };
    const starters = starterTemplates(newId, createdAt);
    const commit = {
      expect: [{ kind: 'installation' as const, id: row.id, version: 0 }],
      unique: starters.map(({ template }) => claim(templateName(template), template.id)),
      writes: [
        { put: 'installation' as const, row },
        // a history that begins here was put back from nowhere
        { put: 'guard' as const, row: { id: epochGuard(epoch), touchedAt: createdAt } },
        ...starters.map(({ template }) => ({ put: 'template' as const, row: template })),
        ...starters.map(({ version }) => ({ put: 'templateVersion' as const, row: version })),
      ],
    };
    return { commit, result: null };
  });
}
