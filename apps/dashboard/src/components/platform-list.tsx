import { Group, Text } from '@mantine/core';
import type { Location } from '../api/schemas.js';
import { texts } from '../texts/texts.js';
import { StatusBadge } from './status-badge.js';

export function PlatformList({ platforms, live }: { platforms: Location['platforms']; live: boolean }) {
  if (platforms.length === 0) return <span>{texts.locations.noPlatform}</span>;
  return (
    <Group gap={6}>
      {platforms.map(({ platform, ready, version, message }) => (
        <div key={platform}>
          <StatusBadge
            tone={!live ? 'unknown' : ready ? 'good' : 'bad'}
            word={texts.platforms[platform]}
            note={live && !ready ? texts.locations.notReady : version}
          />
          {ready && message !== '' && (
            <Text size="xs" c="dimmed" lang="en" title={texts.locations.capacity}>
              {message}
            </Text>
          )}
        </div>
      ))}
    </Group>
  );
}
