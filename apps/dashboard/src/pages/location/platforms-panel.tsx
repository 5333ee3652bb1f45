import { Text } from '@mantine/core';
import type { LocationDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';
import classes from './location-lists.module.css';

export function PlatformsPanel({ location, live }: { location: LocationDetail; live: boolean }) {
  return (
    <Panel title={texts.location.platformsTitle}>
      {location.platforms.length === 0 ? (
        <Text c="dimmed">{texts.location.noPlatforms}</Text>
      ) : (
        <ul className={classes.list}>
          {location.platforms.map(({ platform, ready, version, message, lockHeld }) => (
            <li key={platform} className={classes.item}>
              <div className={classes.head}>
                <StatusBadge tone={!live ? 'unknown' : ready ? 'good' : 'bad'} word={texts.platforms[platform]} />
                <span>{version}</span>
                <Text c="dimmed" component="span">
                  {ready ? texts.locations.ready : texts.locations.notReady},{' '}
                  {lockHeld ? texts.location.lockHeld : texts.location.lockNotHeld}
                </Text>
              </div>
              {message !== '' && (
                <Text>
                  {ready && `${texts.locations.capacity}: `}
                  <span lang="en">{message}</span>
                </Text>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
