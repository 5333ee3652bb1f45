import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { PageHead } from '../../components/page-head.js';
import { createVariable } from '../../deeds/variable-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { createOfVariable, newVariable, type VariableDraft } from './variable-draft.js';
import { VariableForm } from './variable-form.js';

export function NewVariablePage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const save = async (draft: VariableDraft) => {
    const { name } = await createVariable(createOfVariable(draft));
    notifications.show({ message: texts.variables.saved(name) });
    void client.invalidateQueries({ queryKey: keys.variables });
    await navigate('/variables');
  };
  return (
    <>
      <PageHead title={texts.variables.create} above={{ to: '/variables', label: texts.variables.title }} />
      <VariableForm initial={newVariable()} isNew deed={texts.variables.submit} save={save} />
    </>
  );
}
