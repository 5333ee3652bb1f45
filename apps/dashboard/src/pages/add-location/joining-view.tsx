import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { CopySecret } from '../../components/copy-secret.js';
import { Panel } from '../../components/panel.js';
import { useLive } from '../../live/live-context.js';
import { sightOf } from '../../live/sight.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { leafConfig } from './leaf-config.js';

interface JoiningViewProps {
  readonly location: string;
  readonly token: string;
  readonly onAnother: () => void;
}

/** What to run at the location, and whether it has joined: live, by the event stream. */
export function JoiningView({ location, token, onAnother }: JoiningViewProps) {
  const { origin } = window.location;
  return (
    <>
      <JoinedSign location={location} onAnother={onAnother} />
      <Panel title={texts.enrol.fileTitle}>
        <Stack gap="sm">
          <Text>{texts.enrol.fileWhat}</Text>
          <CopySecret secret={leafConfig({ location, origin, token })} label={texts.enrol.fileTitle} />
          {origin.startsWith('https:') && <Text c="dimmed">{texts.enrol.ownCertificate}</Text>}
          {origin.startsWith('http:') && (
            <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={texts.enrol.plainWarning} />
          )}
        </Stack>
      </Panel>
      <Panel title={texts.enrol.runTitle}>
        <CopySecret secret="knot server --config knot.yaml" label={texts.enrol.runTitle} />
      </Panel>
    </>
  );
}

function JoinedSign({ location, onAnother }: { location: string; onAnother: () => void }) {
  const { data: locations = [] } = useQuery(locationsQuery());
  const hearing = useLive();
  const found = locations.find(({ name }) => name === location);
  const joined = found !== undefined && found.leaf !== null && sightOf(found, hearing).live;
  const page = `/locations/${encodeURIComponent(location)}`;
  return (
    <div role="status" aria-live="polite" data-joined={joined}>
      {joined ? (
        <Alert color="green" icon={<IconCheck aria-hidden />} title={texts.enrol.joined(location)}>
          <Text>{texts.enrol.joinedWhat}</Text>
          <Group mt="sm" gap="sm">
            <Button component={Link} to={page} size="compact-sm">
              {texts.enrol.toLocation}
            </Button>
            <Button size="compact-sm" variant="default" onClick={onAnother}>
              {texts.enrol.another}
            </Button>
          </Group>
        </Alert>
      ) : (
        <Alert color="gray" icon={<Loader size={18} aria-hidden />} title={texts.enrol.waitingTitle(location)}>
          <Text>{found && found.waiting > 0 ? texts.enrol.asks : texts.enrol.waitingWhat}</Text>
          {found && found.waiting > 0 && (
            <Button component={Link} to={page} size="compact-sm" mt="sm">
              {texts.enrol.toLocation}
            </Button>
          )}
        </Alert>
      )}
    </div>
  );
}
