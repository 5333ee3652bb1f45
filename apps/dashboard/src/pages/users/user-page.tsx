import { Anchor, Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { User } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ChangedNote } from '../../components/changed-note.js';
import { Facts } from '../../components/facts.js';
import { GonePage } from '../../components/gone-page.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { makeLinkFor, removeSecondFactorOf } from '../../deeds/second-factor-deeds.js';
import { QuotaPanel } from '../../quota/quota-view.js';
import { userQuery } from '../../queries/user-queries.js';
import { texts } from '../../texts/texts.js';
import { UsageHistoryPanel } from '../../usage/usage-history-panel.js';
import { SecondFactorPanel } from '../profile/second-factor-panel.js';
import { ActivePanel } from './active-panel.js';
import { DeleteUserPanel } from './delete-user-panel.js';
import { UserForm } from './user-form.js';
import { UserState } from './user-state.js';
import classes from '../space/space-page.module.css';

export function UserPage() {
  const { id = '' } = useParams();
  const query = useQuery(userQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/users', label: texts.users.title };
    return <GonePage icon={<IconUser size={28} />} title={texts.users.gone} way={way} />;
  }
  return <QueryView query={query}>{(user) => <UserView key={id} present={user} />}</QueryView>;
}

function UserView({ present }: { present: User }) {
  const [opened, setOpened] = useState(present);
  const { me, may } = useMe();
  const { username } = present;
  return (
    <>
      <PageHead
        title={username}
        above={{ to: '/users', label: texts.users.title }}
        badge={
          <span role="status" aria-live="polite">
            <UserState user={present} />
          </span>
        }
        below={<Text c="dimmed">{present.email}</Text>}
      />
      {present.version !== opened.version && <ChangedNote onRead={() => setOpened(present)} />}
      <div className={classes.columns}>
        <div className={classes.column}>
          {may('user.change') && (
            <Panel title={texts.users.editTitle}>
              <UserForm key={opened.version} user={opened} onSaved={setOpened} />
            </Panel>
          )}
        </div>
        <div className={classes.column}>
          <UserFacts user={present} />
          <QuotaPanel userId={present.id} />
          <UsageHistoryPanel of={{ who: 'user', id: present.id }} />
          {may('user.totp') && me.id !== present.id && (
            <SecondFactorPanel
              name={username}
              isOn={present.totp}
              makeLink={() => makeLinkFor(present.id)}
              remove={() => removeSecondFactorOf(present.id)}
            />
          )}
          {may('user.change') && me.id !== present.id && <ActivePanel user={present} onDone={setOpened} />}
          {may('user.delete') && me.id !== present.id && <DeleteUserPanel user={present} />}
        </div>
      </div>
    </>
  );
}

function UserFacts({ user }: { user: User }) {
  return (
    <Panel title={texts.users.factsTitle}>
      <Facts
        facts={[
          { name: texts.users.role, value: texts.profile.roles[user.role] },
          {
            name: texts.users.spaces,
            value: (
              <Anchor component={Link} to={`/spaces?owner=${user.id}`} inherit>
                {texts.users.spacesLink(user.spaces)}
              </Anchor>
            ),
          },
          { name: texts.users.timezone, value: user.timezone || texts.common.none },
          {
            name: texts.access.permissionsTitle,
            value: (
              <Anchor component={Link} to={`/users/${user.id}/access`} inherit>
                {texts.access.link}
              </Anchor>
            ),
          },
          { name: texts.users.created, value: <Moment at={user.createdAt} /> },
          {
            name: texts.audit.title,
            value: (
              <Anchor component={Link} to={`/audit?actor=${encodeURIComponent(user.username)}`} inherit>
                {texts.users.audit}
              </Anchor>
            ),
          },
        ]}
      />
    </Panel>
  );
}
