import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { SpaceDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { useMe } from '../../app/use-me.js';
import { subjectOf } from '../../components/space-deeds.js';
import { PortShareSelect } from './port-share-select.js';
import { texts } from '../../texts/texts.js';

type Port = SpaceDetail['ports'][number];

/** Web pages of what runs inside, each by the address that the server says for it. */
export function PortsPanel({ space }: { space: SpaceDetail }) {
  const { may } = useMe();
  const { ports } = space;
  const shares = may('space.share-port', subjectOf(space));
  if (ports.length === 0) return null;
  const web = ports.filter(({ address }) => address !== '');
  const others = ports.filter(({ address }) => address === '');
  return (
    <Panel title={texts.ports.title}>
      <Stack gap="sm">
        {web.length > 0 && (
          <Stack gap="xs">
            {web.map((port) => (
              <Group key={port.port} gap="xs" justify="space-between">
                <Button
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
                {shares && <PortShareSelect space={space} port={port} name={nameOf(port)} />}
              </Group>
            ))}
          </Stack>
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
