import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useMe } from '../../app/use-me.js';
import { Facts } from '../../components/facts.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { makeMyLink, removeMySecondFactor } from '../../deeds/second-factor-deeds.js';
import { signInWaysQuery } from '../../queries/identity-queries.js';
import { QuotaPanel } from '../../quota/quota-view.js';
import { texts } from '../../texts/texts.js';
import { UsageHistoryPanel } from '../../usage/usage-history-panel.js';
import { PasswordPanel } from './password-panel.js';
import { ProviderPanel } from './provider-panel.js';
import { SecondFactorPanel } from './second-factor-panel.js';
import { SessionsPanel } from './sessions-panel.js';
import { SettingsPanel } from './settings-panel.js';
import { SshKeysPanel } from './ssh-keys-panel.js';
import { TokensPanel } from './tokens-panel.js';
import classes from '../space/space-page.module.css';

export function ProfilePage() {
  const { me } = useMe();
  const { data: { passwords } = { passwords: true } } = useQuery(signInWaysQuery());
  return (
    <>
      <PageHead title={texts.profile.title} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <TokensPanel />
          <SshKeysPanel />
          {passwords && <PasswordPanel />}
          <ProviderPanel />
          <SecondFactorPanel name={me.username} isOn={me.totp} makeLink={makeMyLink} remove={removeMySecondFactor} />
        </div>
        <div className={classes.column}>
          <Panel title={me.username}>
            <Facts
              facts={[
                { name: texts.user.email, value: me.email },
                { name: texts.profile.role, value: texts.profile.roles[me.role] },
                { name: texts.profile.timezone, value: me.timezone || texts.profile.timezoneOfBrowser },
                {
                  name: texts.access.permissionsTitle,
                  value: (
                    <Anchor component={Link} to="/access" inherit>
                      {texts.access.myLink}
                    </Anchor>
                  ),
                },
              ]}
            />
          </Panel>
          <QuotaPanel userId="" />
          <UsageHistoryPanel of={{ who: 'me' }} />
          <SettingsPanel />
          <SessionsPanel />
        </div>
      </div>
    </>
  );
}
