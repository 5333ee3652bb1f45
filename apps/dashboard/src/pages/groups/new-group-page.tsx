import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { GroupCreate } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { createGroup } from '../../deeds/people-deeds.js';
import { keys } from '../../queries/keys.js';
import { noLimits } from '../../quota/limits.js';
import { texts } from '../../texts/texts.js';
import { GroupForm } from './group-form.js';

export function NewGroupPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const save = async (group: GroupCreate) => {
    const { name } = await createGroup(group);
    notifications.show({ message: texts.groups.saved(name) });
    void client.invalidateQueries({ queryKey: keys.groups });
    await navigate('/groups');
  };
  return (
    <>
      <PageHead title={texts.groups.create} above={{ to: '/groups', label: texts.groups.title }} />
      <GroupForm initial={{ name: '', description: '', limits: noLimits() }} deed={texts.groups.submit} save={save} />
    </>
  );
}
