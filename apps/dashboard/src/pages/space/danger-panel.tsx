import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useMe } from '../../app/use-me.js';
import type { SpaceDetail } from '../../api/schemas.js';
import { DeleteSpaceModal } from '../../components/delete-space-modal.js';
import { Panel } from '../../components/panel.js';
import type { Sight } from '../../live/sight.js';
import { subjectOf } from '../../components/space-deeds.js';
import { texts } from '../../texts/texts.js';

export function DangerPanel({ space, sight }: { space: SpaceDetail; sight: Sight }) {
  const { may } = useMe();
  const [deleting, setDeleting] = useState(false);
  if (!may('space.delete', subjectOf(space)) || space.want === 'deleted') return null;
  return (
    <Panel title={texts.space.dangerTitle} danger>
      <Group justify="space-between" gap="sm">
        <Text>{texts.space.deleteWhat}</Text>
        <Button color="red" variant="light" onClick={() => setDeleting(true)}>
          {texts.space.delete} …
        </Button>
      </Group>
      {deleting && <DeleteSpaceModal space={space} sight={sight} onClose={() => setDeleting(false)} />}
    </Panel>
  );
}
