import { Anchor, Group, Stack, Text } from '@mantine/core';
import type { SpaceDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { useMe } from '../../app/use-me.js';
import { subjectOf } from '../../components/space-deeds.js';
import { OpenButton } from './open-button.js';
import { portAddress, portName } from './port-name.js';
import { PortShareSelect } from './port-share-select.js';
import { texts } from '../../texts/texts.js';

type Port = SpaceDetail['ports'][number];

/** Web pages of what runs inside, each by the address that the server says for it. */
export function PortsPanel({ space }: { space: SpaceDetail }) {
  const { may } = useMe();
  const { ports } = space;
  const shares = may('space.share-port', subjectOf(space));
  if (ports.length === 0 && space.tunnel === '') return null;
  const web = ports.filter((port) => portAddress(port) !== '');
  const others = ports.filter((port) => portAddress(port) === '');
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
        {others.length > 0 && <Text c="dimmed">{texts.ports.others(others.map(portName).join(', '))}</Text>}
      </Stack>
    </Panel>
  );
}

/** Its address, the one that passes this server by where its location has one, and who opens it. */
function WebPort({ space, port, shares }: { space: SpaceDetail; port: Port; shares: boolean }) {
  const name = portName(port);
  const outside = { target: '_blank', rel: 'noopener noreferrer' };
  return (
    <Group gap="xs" justify="space-between">
      <Group gap="xs">
        <OpenButton address={portAddress(port)} name={name} />
        {port.address !== '' && port.directAddress !== '' && (
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
