import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Orphan } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { StatusBadge } from '../../components/status-badge.js';
import { orphansQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { AdoptModal } from './adopt-modal.js';
import { RemoveOrphanModal } from './remove-orphan-modal.js';
import classes from './location-lists.module.css';

export function OrphansPanel({ location }: { location: string }) {
  const query = useQuery(orphansQuery(location));
  return (
    <Panel title={texts.location.orphansTitle}>
      <QueryView query={query}>
        {(orphans) =>
          orphans.length === 0 ? (
            <Text c="dimmed">{texts.location.noOrphans}</Text>
          ) : (
            <>
              <Text mb="md">{texts.location.orphansWhat}</Text>
              <ul className={classes.list}>
                {orphans.map((orphan) => (
                  <OrphanItem key={orphan.spaceId} orphan={orphan} />
                ))}
              </ul>
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

function OrphanItem({ orphan }: { orphan: Orphan }) {
  const { may } = useMe();
  const [asking, setAsking] = useState<'adopt' | 'remove' | null>(null);
  const close = () => setAsking(null);
  return (
    <li className={classes.item} data-orphan={orphan.spaceId}>
      <div className={classes.head}>
        <StatusBadge tone="falling" word={orphan.name || texts.location.orphanNoName} />
        <span>{texts.platforms[orphan.platform]}</span>
        <span className={classes.buttons}>
          {may('orphan.adopt') && (
            <Button size="compact-sm" disabled={!orphan.adoptable} onClick={() => setAsking('adopt')}>
              {texts.location.adopt}
            </Button>
          )}
          {may('orphan.remove') && (
            <Button size="compact-sm" color="red" variant="light" onClick={() => setAsking('remove')}>
              {texts.location.remove} …
            </Button>
          )}
        </span>
      </div>
      <Text c="dimmed">
        {orphan.ownerName !== '' && `${texts.location.orphanOwner} ${orphan.ownerName}, `}
        {texts.location.orphanSince} <Moment at={orphan.createdAt} />, {texts.location.orphanSeen}{' '}
        <Moment at={orphan.seenAt} />, <code>{orphan.spaceId}</code>
      </Text>
      {!orphan.adoptable && <Text>{texts.location.notAdoptable}</Text>}
      {asking === 'adopt' && <AdoptModal orphan={orphan} onClose={close} />}
      {asking === 'remove' && <RemoveOrphanModal orphan={orphan} onClose={close} />}
    </li>
  );
}
