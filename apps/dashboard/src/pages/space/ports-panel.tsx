import { Anchor, Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
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
  if (ports.length === 0 && space.tunnel === '') return null;
  const web = ports.filter(({ address }) => address !== '');
  const others = ports.filter(({ address }) => address === '');
  return (
    <Panel title={texts.ports.title}>
      <Stack gap="sm">
        {space.tunnel !== '' && (
          <Group>
            <OpenButton address={space.tunnel} name={texts.ports.tunnel} />
          </Group>
        )}
        {web.length > 0 && (
          <Stack gap="xs">
            {web.map((port) => (
              <WebPort key={port.port} space={space} port={port} shares={shares} />
            ))}
          </Stack>
        )}
        {others.length > 0 && <Text c="dimmed">{texts.ports.others(others.map(nameOf).join(', '))}</Text>}
      </Stack>
    </Panel>
  );
}

/** Its address, the one that passes this server by where its location has one, and who opens it. */
function WebPort({ space, port, shares }: { space: SpaceDetail; port: Port; shares: boolean }) {
  const name = nameOf(port);
  const outside = { target: '_blank', rel: 'noopener noreferrer' };
  return (
    <Group gap="xs" justify="space-between">
      <Group gap="xs">
        <OpenButton address={port.address} name={name} />
        {port.directAddress !== '' && (
          <Anchor
            href={port.directAddress}
            {...outside}
            size="sm"
            aria-label={`${texts.ports.directTo(name, space.location)} (${texts.ports.newWindow})`}
          >
            {texts.ports.direct(space.location)}
          </Anchor>
        )}
      </Group>
      <Stack gap={2}>
        {shares ? (
          <PortShareSelect space={space} port={port} name={name} />
        ) : (
          <Text>{texts.ports.shares[port.share]}</Text>
        )}
        <Text size="xs" c="dimmed">
          {texts.ports.sharedBy[port.sharedBy]}
        </Text>
      </Stack>
    </Group>
  );
}

function OpenButton({ address, name }: { readonly address: string; readonly name: string }) {
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

function nameOf({ label, kind, port }: Port): string {
  if (label !== '') return `${label} (${port})`;
  return kind === '' ? texts.ports.port(port) : texts.ports.kinds[kind];
}
