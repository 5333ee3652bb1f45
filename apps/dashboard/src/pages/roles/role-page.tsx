import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { Role, RoleCreate } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ChangedNote } from '../../components/changed-note.js';
import { DangerDeed } from '../../components/danger-deed.js';
import { GonePage } from '../../components/gone-page.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { deleteRole, saveRole } from '../../deeds/people-deeds.js';
import { keys } from '../../queries/keys.js';
import { roleQuery } from '../../queries/people-queries.js';
import { texts } from '../../texts/texts.js';
import { RoleForm } from './role-form.js';
import lists from '../location/location-lists.module.css';

export function RolePage() {
  const { id = '' } = useParams();
  const query = useQuery(roleQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/roles', label: texts.roles.title };
    return <GonePage icon={<IconShieldCheck size={28} />} title={texts.roles.gone} way={way} />;
  }
  return <QueryView query={query}>{(role) => <RoleView key={id} present={role} />}</QueryView>;
}

function RoleView({ present }: { present: Role }) {
  const [opened, setOpened] = useState(present);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { may } = useMe();
  const { id, name, description, members, builtIn, permissions } = present;
  const save = async (role: RoleCreate) => {
    const saved = await saveRole(opened, role);
    notifications.show({ message: texts.roles.saved(saved.name) });
    client.setQueryData(keys.role(id), saved);
    void client.invalidateQueries({ queryKey: keys.roles });
    setOpened(saved);
  };
  const remove = async () => {
    await deleteRole(id, name);
    notifications.show({ message: texts.roles.deleted(name) });
    await navigate('/roles');
    void client.invalidateQueries({ queryKey: keys.roles });
  };
  return (
    <>
      <PageHead
        title={name}
        above={{ to: '/roles', label: texts.roles.title }}
        below={description !== '' && <Text c="dimmed">{description}</Text>}
      />
      {present.version !== opened.version && <ChangedNote onRead={() => setOpened(present)} />}
      {builtIn || !may('role.change') ? (
        <Panel title={texts.roles.permissions}>
          <ul className={lists.list}>
            {permissions.map((permission) => (
              <li key={permission}>
                <code>{permission}</code>
              </li>
            ))}
          </ul>
        </Panel>
      ) : (
        <RoleForm
          key={opened.version}
          initial={{ name: opened.name, description: opened.description, permissions: opened.permissions }}
          deed={texts.roles.save}
          save={save}
        />
      )}
      {!builtIn && may('role.delete') && (
        <DangerDeed
          deed={texts.roles.delete}
          title={texts.roles.deleteTitle(name)}
          what={texts.roles.deleteWhat(name, members)}
          name={name}
          onConfirm={remove}
        />
      )}
    </>
  );
}
