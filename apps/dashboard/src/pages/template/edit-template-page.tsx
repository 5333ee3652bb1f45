import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { TemplateDetail } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { saveTemplate } from '../../deeds/template-deeds.js';
import { keys } from '../../queries/keys.js';
import { savedWarningsQuery, templateQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { draftOf, putOf, type TemplateDraft } from './template-text.js';
import { TemplateEditor } from './template-editor.js';

export function EditTemplatePage() {
  const { id = '' } = useParams();
  const query = useQuery(templateQuery(id));
  return <QueryView query={query}>{(template) => <Editing key={id} present={template} />}</QueryView>;
}

/** The draft is of the template as it was when the page was opened; a change by somebody else does not touch it. */
function Editing({ present }: { present: TemplateDetail }) {
  const [opened, setOpened] = useState(present);
  const navigate = useNavigate();
  const client = useQueryClient();
  const page = `/templates/${opened.id}`;
  const save = async (draft: TemplateDraft) => {
    const saved = await saveTemplate(opened, putOf(draft));
    client.setQueryData(savedWarningsQuery(saved.id).queryKey, saved.warnings ?? []);
    const isNew = saved.present !== opened.present;
    notifications.show({ message: isNew ? texts.template.saved(saved.present) : texts.template.savedSame });
    void client.invalidateQueries({ queryKey: keys.templates });
    await navigate(page);
  };
  const reload = async () => setOpened(await client.fetchQuery({ ...templateQuery(opened.id), staleTime: 0 }));
  return (
    <>
      <PageHead title={texts.editor.editTitle(opened.name)} above={{ to: page, label: opened.name }} />
      <TemplateEditor
        key={opened.version}
        id={opened.id}
        platforms={[opened.platform]}
        initial={draftOf(opened)}
        save={save}
        deed={texts.editor.save}
        backTo={page}
        onRefused={(error) => hasCode(error, 'resource.version') && <ChangedMeanwhile onReload={() => void reload()} />}
      />
    </>
  );
}

function ChangedMeanwhile({ onReload }: { onReload: () => void }) {
  return (
    <Stack gap="xs" align="flex-start">
      <Text>{texts.editor.changedWhat}</Text>
      <Button variant="default" size="compact-sm" onClick={onReload}>
        {texts.editor.reload}
      </Button>
    </Stack>
  );
}
