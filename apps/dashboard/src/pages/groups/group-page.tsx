import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { Group, GroupCreate } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ChangedNote } from '../../components/changed-note.js';
import { DangerDeed } from '../../components/danger-deed.js';
import { GonePage } from '../../components/gone-page.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { deleteGroup, saveGroup } from '../../deeds/people-deeds.js';
import { keys } from '../../queries/keys.js';
import { groupQuery } from '../../queries/people-queries.js';
import { limitsOf, limitWords } from '../../quota/limits.js';
import { texts } from '../../texts/texts.js';
import { UsageHistoryPanel } from '../../usage/usage-history-panel.js';
import { GroupForm } from './group-form.js';

export function GroupPage() {
  const { id = '' } = useParams();
  const query = useQuery(groupQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/groups', label: texts.groups.title };
    return <GonePage icon={<IconUsersGroup size={28} />} title={texts.groups.gone} way={way} />;
  }
  return <QueryView query={query}>{(group) => <GroupView key={id} present={group} />}</QueryView>;
}

function GroupView({ present }: { present: Group }) {
  const [opened, setOpened] = useState(present);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { may } = useMe();
  const { id, name, members } = present;
  const save = async (group: GroupCreate) => {
    const saved = await saveGroup(opened, group);
    notifications.show({ message: texts.groups.saved(saved.name) });
    client.setQueryData(keys.group(id), saved);
    void client.invalidateQueries({ queryKey: keys.groups });
    setOpened(saved);
  };
  const remove = async () => {
    await deleteGroup(id, name);
    notifications.show({ message: texts.groups.deleted(name) });
    await navigate('/groups');
    void client.invalidateQueries({ queryKey: keys.groups });
  };
  return (
    <>
      <PageHead
        title={name}
        above={{ to: '/groups', label: texts.groups.title }}
        below={
          <Text c="dimmed">
            {texts.groups.membersCount(members)}, {limitWords(present)}
          </Text>
        }
      />
      {present.version !== opened.version && <ChangedNote onRead={() => setOpened(present)} />}
      {may('group.change') && (
        <GroupForm
          key={opened.version}
          initial={{ name: opened.name, description: opened.description, limits: limitsOf(opened) }}
          deed={texts.groups.save}
          save={save}
        />
      )}
      {may('group.usage') && <UsageHistoryPanel of={{ who: 'group', id }} />}
      {may('group.delete') && (
        <DangerDeed
          deed={texts.groups.delete}
          title={texts.groups.deleteTitle(name)}
          what={texts.groups.deleteWhat(name, members)}
          name={name}
          onConfirm={remove}
        />
      )}
    </>
  );
}
