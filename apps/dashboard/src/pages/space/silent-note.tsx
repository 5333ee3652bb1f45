import { Alert } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { SpaceDetail } from '../../api/schemas.js';
import type { Sight } from '../../live/sight.js';
import { shortTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';

/** Why the page is grey, where its location is silent. A cut of our own connection is told over every page. */
export function SilentNote({ space, sight }: { space: SpaceDetail; sight: Sight }) {
  if (sight.silent !== 'leaf') return null;
  return (
    <Alert color="gray" icon={<IconEyeOff aria-hidden />} title={texts.space.silentTitle(space.location)} role="status">
      {sight.asOf === 0 ? texts.space.silentNever : texts.space.silentWhat(shortTime(sight.asOf))}
    </Alert>
  );
}
