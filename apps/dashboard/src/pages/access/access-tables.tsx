import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Access } from '../../api/schemas.js';
import { ListTable } from '../../components/list-table.js';
import { permissionWord } from '../../texts/permission-word.js';
import { texts } from '../../texts/texts.js';

const PAGES = { space: '/spaces', template: '/templates' };

export function PermissionTable({ permissions }: Pick<Access, 'permissions'>) {
  return (
    <ListTable
      rows={permissions}
      keyOf={({ name }) => name}
      nameOf={({ name }) => name}
      columns={[
        { label: texts.access.permission, cell: ({ name }) => <code>{name}</code> },
        { label: texts.access.allows, cell: permissionWord },
        { label: texts.access.from, cell: ({ from }) => from.join(', ') },
      ]}
    />
  );
}

export function ReachableTable({ reachable }: Pick<Access, 'reachable'>) {
  return (
    <ListTable
      rows={reachable}
      keyOf={({ kind, id }) => `${kind} ${id}`}
      nameOf={({ name }) => name}
      columns={[
        {
          label: texts.access.thing,
          cell: ({ kind, id, name }) => (
            <Anchor component={Link} to={`${PAGES[kind]}/${id}`} size="sm">
              {name}
            </Anchor>
          ),
        },
        { label: texts.access.kind, cell: ({ kind }) => texts.access.kinds[kind] },
        { label: texts.access.owner, cell: ({ owner }) => owner },
        { label: texts.access.why, cell: ({ why }) => why },
      ]}
    />
  );
}
