import { Group } from '@mantine/core';
import type { Location } from '../api/schemas.js';
import { texts } from '../texts/texts.js';
import { StatusBadge } from './status-badge.js';

export function PlatformList({ platforms, live }: { platforms: Location['platforms']; live: boolean }) {
  if (platforms.length === 0) return <span>{texts.locations.noPlatform}</span>;
  return (
    <Group gap={6}>
      {platforms.map(({ platform, ready, version }) => (
        <StatusBadge
          key={platform}
          tone={!live ? 'unknown' : ready ? 'good' : 'bad'}
          word={texts.platforms[platform]}
          note={live && !ready ? texts.locations.notReady : version}
        />
      ))}
    </Group>
  );
}
