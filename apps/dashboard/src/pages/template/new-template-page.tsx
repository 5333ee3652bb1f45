import { PLATFORMS, type Platform } from '@knot/domain';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Location } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { createTemplate } from '../../deeds/template-deeds.js';
import { keys } from '../../queries/keys.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { savedWarningsQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { createOf, newDraft, type TemplateDraft } from './template-text.js';
import { TemplateEditor } from './template-editor.js';

export function NewTemplatePage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const locations = useQuery(locationsQuery());
  const save = async (draft: TemplateDraft) => {
    const { id, present, warnings = [] } = await createTemplate(createOf(draft));
    client.setQueryData(savedWarningsQuery(id).queryKey, warnings);
    notifications.show({ message: texts.template.saved(present) });
    void client.invalidateQueries({ queryKey: keys.templates });
    await navigate(`/templates/${id}`);
  };
  return (
    <>
      <PageHead title={texts.editor.newTitle} above={{ to: '/templates', label: texts.templates.title }} />
      <QueryView query={locations}>
        {(known) => {
          const platforms = offeredBy(known);
          return (
            <TemplateEditor
              id=""
              platforms={platforms}
              initial={newDraft(readyOf(known) ?? platforms[0] ?? 'nomad')}
              save={save}
              deed={texts.editor.create}
              backTo="/templates"
            />
          );
        }}
      </QueryView>
    </>
  );
}

function readyOf(locations: readonly Location[]): Platform | undefined {
  const ready = locations.flatMap(({ live, platforms }) => (live ? platforms.filter((state) => state.ready) : []));
  return PLATFORMS.find((platform) => ready.some((state) => state.platform === platform));
}

/** What some location can run; before any leaf came, what most people have. */
function offeredBy(locations: readonly Location[]): readonly Platform[] {
  const offered = new Set(locations.flatMap(({ platforms }) => platforms.map(({ platform }) => platform)));
  return offered.size > 0 ? PLATFORMS.filter((platform) => offered.has(platform)) : ['nomad', 'local'];
}
