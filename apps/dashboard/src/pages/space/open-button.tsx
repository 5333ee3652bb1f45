import { Button, VisuallyHidden } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { texts } from '../../texts/texts.js';

/** To what runs inside a space, in a window of its own. */
export function OpenButton({ address, name }: { readonly address: string; readonly name: string }) {
  return (
    <Button
      component="a"
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      size="compact-sm"
      variant="default"
      rightSection={<IconExternalLink size={14} aria-hidden />}
    >
      {texts.ports.open(name)}
      <VisuallyHidden> ({texts.ports.newWindow})</VisuallyHidden>
    </Button>
  );
}
