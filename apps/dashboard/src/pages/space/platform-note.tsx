import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { SpaceDetail } from '../../api/schemas.js';
import type { Sight } from '../../live/sight.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';

/** Why nothing comes of what is wished, where its platform cannot be used at its location now. */
export function PlatformNote({ space, sight }: { space: SpaceDetail; sight: Sight }) {
  const { data: locations = [] } = useQuery(locationsQuery());
  const { platform } = space.template;
  const there = locations.find(({ name }) => name === space.location);
  const state = there?.platforms.find((one) => one.platform === platform);
  if (!sight.live || !state || state.ready) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconPlugConnectedX aria-hidden />}
      title={texts.space.notReadyTitle(texts.platforms[platform], space.location)}
      role="status"
    >
      {texts.space.notReadyWhat} <span lang="en">{state.message}</span>
    </Alert>
  );
}
