import { Text } from '@mantine/core';
import type { SpaceVolume } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import type { Tone } from '../../components/phase-tone.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';
import classes from './volumes-panel.module.css';

const TONES: Record<SpaceVolume['state'], Tone> = { ready: 'good', pending: 'rising', missing: 'rest', failed: 'bad' };

export function VolumesPanel({ volumes, live }: { volumes: readonly SpaceVolume[]; live: boolean }) {
  return (
    <Panel title={texts.space.volumesTitle}>
      {volumes.length === 0 ? (
        <Text c="dimmed">{texts.space.noVolumes}</Text>
      ) : (
        <ul className={classes.list}>
          {volumes.map((volume) => (
            <li key={volume.backendId} className={classes.volume}>
              <div className={classes.head}>
                <strong>{volume.name}</strong>
                <StatusBadge
                  tone={live ? TONES[volume.state] : 'unknown'}
                  word={texts.space.volumeStates[volume.state]}
                />
                {volume.detached && <StatusBadge tone="falling" word={texts.space.detached} />}
              </div>
              <code className={classes.id}>{volume.backendId}</code>
              {volume.detached && <Text>{texts.space.detachedWhat}</Text>}
              {volume.message !== '' && <Text>{volume.message}</Text>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
