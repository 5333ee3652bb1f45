import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconVariable } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { Variable } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ChangedNote } from '../../components/changed-note.js';
import { DangerDeed } from '../../components/danger-deed.js';
import { GonePage } from '../../components/gone-page.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { deleteVariable, saveVariable } from '../../deeds/variable-deeds.js';
import { keys } from '../../queries/keys.js';
import { variableQuery } from '../../queries/variable-queries.js';
import { texts } from '../../texts/texts.js';
import { draftOfVariable, putOfVariable, type VariableDraft } from './variable-draft.js';
import { VariableForm } from './variable-form.js';

export function VariablePage() {
  const { id = '' } = useParams();
  const query = useQuery(variableQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/variables', label: texts.variables.title };
    return <GonePage icon={<IconVariable size={28} />} title={texts.variables.gone} way={way} />;
  }
  return <QueryView query={query}>{(variable) => <VariableView key={id} present={variable} />}</QueryView>;
}

function VariableView({ present }: { present: Variable }) {
  const [opened, setOpened] = useState(present);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { may } = useMe();
  const save = async (draft: VariableDraft) => {
    const saved = await saveVariable(opened, putOfVariable(draft, opened));
    notifications.show({ message: texts.variables.saved(saved.name) });
    void client.invalidateQueries({ queryKey: keys.variables });
    await navigate('/variables');
  };
  const remove = async () => {
    await deleteVariable(opened.id);
    notifications.show({ message: texts.variables.deleted(opened.name) });
    await navigate('/variables');
    void client.invalidateQueries({ queryKey: keys.variables });
  };
  return (
    <>
      <PageHead
        title={opened.name}
        above={{ to: '/variables', label: texts.variables.title }}
        below={<Text c="dimmed">{opened.location || texts.variables.everywhere}</Text>}
      />
      {present.version !== opened.version && <ChangedNote onRead={() => setOpened(present)} />}
      {may('variable.change') && (
        <VariableForm
          key={opened.version}
          initial={draftOfVariable(opened)}
          isNew={false}
          deed={texts.variables.save}
          save={save}
        />
      )}
      {may('variable.delete') && (
        <DangerDeed
          deed={texts.variables.delete}
          title={texts.variables.deleteTitle(opened.name)}
          what={texts.variables.deleteWhat(opened.name)}
          name={opened.name}
          onConfirm={remove}
        />
      )}
    </>
  );
}
