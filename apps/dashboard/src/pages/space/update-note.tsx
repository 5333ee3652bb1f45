import { Alert, Button, Group, Text } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useMe } from '../../app/use-me.js';
import type { SpaceDetail } from '../../api/schemas.js';
import { useWish } from '../../deeds/use-wish.js';
import { subjectOf } from '../../components/space-deeds.js';
import { texts } from '../../texts/texts.js';

/** Of a space that was started with an older template version or other values than a start of now would have. */
export function UpdateNote({ space }: { space: SpaceDetail }) {
  const { may } = useMe();
  const update = useWish(space);
  if (!space.updateAvailable || space.template.version === 0 || space.want === 'deleted') return null;
  return (
    <Alert icon={<IconArrowUp aria-hidden />} title={texts.space.updateTitle}>
      <Group justify="space-between" gap="sm">
        <Text>{texts.space.updateWhat(space.template.present)}</Text>
        {space.want === 'running' && may('space.update', subjectOf(space)) ? (
          <Button size="compact-sm" loading={update.isPending} onClick={() => update.mutate('update')}>
            {texts.space.updateNow}
          </Button>
        ) : (
          <Text>{texts.space.updateNext}</Text>
        )}
      </Group>
    </Alert>
  );
}
