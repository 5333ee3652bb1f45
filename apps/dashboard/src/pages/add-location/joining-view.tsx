import { Alert, Button, Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { CopySecret } from '../../components/copy-secret.js';
import { Panel } from '../../components/panel.js';
import { useLive } from '../../live/live-context.js';
import { sightOf } from '../../live/sight.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { helmCommands, nomadCommands } from './leaf-commands.js';
import { leafConfig } from './leaf-config.js';

/** Where a leaf can run: as a program, in a cluster by Helm, as a job. */
const WAYS = ['file', 'helm', 'nomad'] as const;

type Way = (typeof WAYS)[number];

interface JoiningViewProps {
  readonly location: string;
  readonly token: string;
  readonly onAnother: () => void;
}

/** What to run at the location, and whether it has joined: live, by the event stream. */
export function JoiningView({ location, token, onAnother }: JoiningViewProps) {
  const { origin } = window.location;
  const [way, setWay] = useState<Way>('file');
  const commands = { file: leafConfig, helm: helmCommands, nomad: nomadCommands }[way];
  return (
    <>
      <JoinedSign location={location} onAnother={onAnother} />
      <SegmentedControl
        aria-label={texts.enrol.way}
        data={WAYS.map((value) => ({ value, label: texts.enrol.ways[value] }))}
        value={way}
        onChange={(value) => setWay(WAYS.find((one) => one === value) ?? 'file')}
      />
      <Panel title={texts.enrol.titles[way]}>
        <Stack gap="sm">
          <Text>{texts.enrol.whats[way]}</Text>
          <CopySecret secret={commands({ location, origin, token })} label={texts.enrol.titles[way]} />
          {origin.startsWith('https:') && <Text c="dimmed">{texts.enrol.ownCertificate}</Text>}
          {origin.startsWith('http:') && (
            <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={texts.enrol.plainWarning} />
          )}
        </Stack>
      </Panel>
      {way === 'file' && (
        <Panel title={texts.enrol.runTitle}>
          <CopySecret secret="knot server --config knot.yaml" label={texts.enrol.runTitle} />
        </Panel>
      )}
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
