import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { RoleCreate } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { createRole } from '../../deeds/people-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { RoleForm } from './role-form.js';

export function NewRolePage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const save = async (role: RoleCreate) => {
    const { name } = await createRole(role);
    notifications.show({ message: texts.roles.saved(name) });
    void client.invalidateQueries({ queryKey: keys.roles });
    await navigate('/roles');
  };
  return (
    <>
      <PageHead title={texts.roles.create} above={{ to: '/roles', label: texts.roles.title }} />
      <RoleForm initial={{ name: '', description: '', permissions: [] }} deed={texts.roles.submit} save={save} />
    </>
  );
}
