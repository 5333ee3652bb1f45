import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { SpaceDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { texts } from '../../texts/texts.js';

type Port = SpaceDetail['ports'][number];

/** Web pages of what runs inside, each by the address that the server says for it. */
export function PortsPanel({ ports }: { ports: readonly Port[] }) {
  if (ports.length === 0) return null;
  const web = ports.filter(({ address }) => address !== '');
  const others = ports.filter(({ address }) => address === '');
  return (
    <Panel title={texts.ports.title}>
      <Stack gap="sm">
        {web.length > 0 && (
          <Group gap="xs">
            {web.map((port) => (
              <Button
                key={port.port}
                component="a"
                href={port.address}
                target="_blank"
                rel="noopener noreferrer"
                size="compact-sm"
                variant="default"
                rightSection={<IconExternalLink size={14} aria-hidden />}
              >
                {texts.ports.open(nameOf(port))}
                <VisuallyHidden> ({texts.ports.newWindow})</VisuallyHidden>
              </Button>
            ))}
          </Group>
        )}
        {others.length > 0 && <Text c="dimmed">{texts.ports.others(others.map(nameOf).join(', '))}</Text>}
      </Stack>
    </Panel>
  );
}

function nameOf({ label, kind, port }: Port): string {
  if (label !== '') return `${label} (${port})`;
  return kind === '' ? texts.ports.port(port) : texts.ports.kinds[kind];
}
