import { Button, Code, CopyButton, Group } from '@mantine/core';
import { texts } from '../texts/texts.js';

/** A secret that is shown once, with a button that copies it. */
export function CopySecret({ secret, label }: { secret: string; label: string }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Code block aria-label={label} style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {secret}
      </Code>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} aria-live="polite">
            {copied ? texts.common.copied : texts.common.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
