import { Alert, Button, Group, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { texts } from '../texts/texts.js';

/** Over a form whose subject was saved by somebody else since it was opened. */
export function ChangedNote({ onRead }: { onRead: () => void }) {
  return (
    <Alert role="status" icon={<IconInfoCircle aria-hidden />}>
      <Group justify="space-between" gap="sm">
        <Text>{texts.common.changedMeanwhile}</Text>
        <Button size="compact-sm" variant="default" onClick={onRead}>
          {texts.common.readAnew}
        </Button>
      </Group>
    </Alert>
  );
}
