import { Alert, Code, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { RolledOut } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';

/** What a roll-out did, and each space that it left alone with the reason. */
export function RolledOutNote({ result: { updated, refused, left } }: { result: RolledOut }) {
  return (
    <div role="status">
      <Alert
        color={refused.length > 0 ? 'yellow' : 'green'}
        icon={refused.length > 0 ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        title={texts.rollOut.doneTitle(updated.length)}
      >
        {updated.length > 0 && <Text>{texts.rollOut.doneWhat}</Text>}
        {left > 0 && <Text>{texts.rollOut.left(left)}</Text>}
        {refused.length > 0 && <Text fw={600}>{texts.rollOut.refusedTitle}</Text>}
        {refused.map(({ spaceId, name, message, hint, code }) => (
          <Text key={spaceId}>
            {name}: {message} {hint} <Code>{code}</Code>
          </Text>
        ))}
      </Alert>
    </div>
  );
}
