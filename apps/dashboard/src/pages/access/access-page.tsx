import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Access } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { accessQuery, myAccessQuery } from '../../queries/people-queries.js';
import { texts } from '../../texts/texts.js';
import { PermissionTable, ReachableTable } from './access-tables.js';

/** What a person can reach, and why. */
export function UserAccessPage() {
  const { id = '' } = useParams();
  const query = useQuery(accessQuery(id));
  const name = query.data?.username ?? texts.nav.users;
  return (
    <>
      <PageHead title={texts.access.title(name)} above={{ to: `/users/${id}`, label: name }} />
      <QueryView query={query}>{(access) => <AccessView access={access} />}</QueryView>
    </>
  );
}

export function MyAccessPage() {
  const query = useQuery(myAccessQuery());
  return (
    <>
      <PageHead title={texts.access.mine} above={{ to: '/profile', label: texts.profile.title }} />
      <QueryView query={query}>{(access) => <AccessView access={access} />}</QueryView>
    </>
  );
}

function AccessView({ access }: { access: Access }) {
  const { active, permissions, everySpace, reachable, more } = access;
  return (
    <>
      {!active && <Alert color="orange" title={texts.access.inactive} />}
      <Panel title={texts.access.permissionsTitle}>
        {permissions.length === 0 ? (
          <Text c="dimmed">{texts.access.noPermissions}</Text>
        ) : (
          <PermissionTable permissions={permissions} />
        )}
      </Panel>
      {everySpace.length > 0 && (
        <Panel title={texts.access.everySpaceTitle}>
          {everySpace.map((why) => (
            <Text key={why}>{why}</Text>
          ))}
        </Panel>
      )}
      <Panel title={texts.access.reachableTitle}>
        {reachable.length === 0 ? (
          <Text c="dimmed">{texts.access.noReachable}</Text>
        ) : (
          <ReachableTable reachable={reachable} />
        )}
        {more && <Text c="dimmed">{texts.access.more}</Text>}
      </Panel>
    </>
  );
}
