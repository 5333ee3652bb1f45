import { Anchor, Code, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Check, HealthDetails } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { Panel } from '../../components/panel.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';
import { guideAddress } from '../guide/guide-address.js';
import { AcceptRestore } from './accept-restore.js';
import { checksInOrder, toneOfCheck } from './checks-in-order.js';
import classes from '../location/location-lists.module.css';

/** What the server has looked at of itself: what is not as it should be first, and the rest folded away. */
export function ChecksPanel({ health }: { health: HealthDetails }) {
  const { may } = useMe();
  const { failed, well } = checksInOrder(health.checks);
  const restored = failed.some(({ code }) => code === 'restore.not-accepted');
  return (
    <Panel title={texts.health.findingsTitle}>
      {failed.length === 0 ? (
        <Stack gap={4} align="flex-start">
          <StatusBadge tone="good" word={texts.health.okTitle} />
          <Text c="dimmed">{texts.health.okHint}</Text>
        </Stack>
      ) : (
        <ChecksList checks={failed} />
      )}
      {restored && may('restore.accept') && <AcceptRestore />}
      {well.length > 0 && (
        <details className={classes.folded}>
          <summary>{texts.health.wellChecks(well.length)}</summary>
          <ChecksList checks={well} />
        </details>
      )}
    </Panel>
  );
}

function ChecksList({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className={classes.list}>
      {checks.map((check) => (
        <li
          key={`${check.code} ${check.subject} ${check.sentence}`}
          className={classes.item}
          data-finding={check.severity}
        >
          <div className={classes.head}>
            <StatusBadge tone={toneOfCheck(check)} word={texts.health.levels[check.severity]} />
            <Code>{check.code}</Code>
            {check.subject !== '' && (
              <Anchor component={Link} to={`/locations/${encodeURIComponent(check.subject)}`} size="sm">
                {check.subject}
              </Anchor>
            )}
          </div>
          <Text>{check.sentence}</Text>
          {check.severity !== 'ok' && (
            <>
              <Text>{check.advice}</Text>
              <Documentation of={check.documentation} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Documentation({ of }: { of: string }) {
  const address = guideAddress(of);
  if (address === null) return <Code>{of}</Code>;
  return (
    <Anchor component={Link} to={address} size="sm">
      {texts.health.writtenIn}
    </Anchor>
  );
}
