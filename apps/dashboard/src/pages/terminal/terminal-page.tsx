import { Button, Group, SegmentedControl } from '@mantine/core';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { SpaceDetail } from '../../api/schemas.js';
import { randomUuid } from '../../api/random-uuid.js';
import { LoadingRows } from '../../components/loading-rows.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { spaceQuery } from '../../queries/space-queries.js';
import { texts } from '../../texts/texts.js';
import { OpenButton } from '../space/open-button.js';
import { portAddress, portName } from '../space/port-name.js';
import { hasAgent } from './has-agent.js';
import { keepTerminals, keptTerminals, withAsked, type KeptTerminal } from './kept-terminals.js';
import { NoAgent } from './no-agent.js';
import { OtherTerminals } from './other-terminals.js';
import { TerminalScreen } from './terminal-screen.js';
import classes from './terminal-page.module.css';

export function TerminalPage() {
  const { id = '' } = useParams();
  const query = useQuery(spaceQuery(id));
  return (
    <QueryView query={query} loading={<LoadingRows rows={1} height={400} />}>
      {(space) => (
        <>
          <PageHead title={texts.terminal.title(space.name)} above={{ to: `/spaces/${id}`, label: space.name }}>
            <WebPorts ports={space.ports} />
          </PageHead>
          {hasAgent(space) || keptTerminals(id).length > 0 ? (
            <Terminals key={id} space={id} />
          ) : (
            <NoAgent hint={texts.terminal.noAgentHint} />
          )}
        </>
      )}
    </QueryView>
  );
}

/** What was started here is a click away. */
function WebPorts({ ports }: Pick<SpaceDetail, 'ports'>) {
  return ports.map((port) => {
    const address = portAddress(port);
    return address !== '' && <OpenButton key={port.port} address={address} name={portName(port)} />;
  });
}

function newTerminal(): KeptTerminal {
  return { key: randomUuid(), terminal: '' };
}

function Terminals({ space }: { readonly space: string }) {
  const [params, setParams] = useSearchParams();
  const asked = params.get('terminal') ?? '';
  const [open, setOpen] = useState(() => {
    const kept = withAsked(keptTerminals(space), asked);
    return kept.length > 0 ? kept : [newTerminal()];
  });
  const [shown, setShown] = useState((open.find(({ terminal }) => terminal === asked) ?? open[0])?.key ?? '');
  const [over, setOver] = useState<readonly string[]>([]);
  const ends = useRef(new Map<string, () => void>());
  // asked for on this page, or on the one before it
  useEffect(() => {
    if (asked === '') return;
    const all = withAsked(open, asked);
    setOpen(all);
    setShown(all.find(({ terminal }) => terminal === asked)?.key ?? '');
    setParams({}, { replace: true });
  }, [asked, open, setParams]);
  useEffect(() => keepTerminals(space, open), [space, open]);
  const add = () => {
    const fresh = newTerminal();
    setOpen([...open, fresh]);
    setShown(fresh.key);
  };
  const close = () => {
    ends.current.get(shown)?.();
    setOver([...over, ...open.flatMap(({ key, terminal }) => (key === shown ? terminal : []))]);
    const rest = open.filter(({ key }) => key !== shown);
    const left = rest.length > 0 ? rest : [newTerminal()];
    setOpen(left);
    setShown(left[0]?.key ?? '');
  };
  const forget = (key: string) =>
    setOpen((all) => all.map((one) => (one.key === key ? { ...one, terminal: '' } : one)));
  const known = [...over, ...open.map(({ terminal }) => terminal)];
  const tabs = open.map(({ key }, nth) => ({ value: key, label: texts.terminal.nth(nth + 1) }));
  return (
    <>
      <div className={classes.page}>
        <Group gap="xs">
          {open.length > 1 && <SegmentedControl size="xs" data={tabs} value={shown} onChange={setShown} />}
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {texts.terminal.more}
          </Button>
          <Button size="xs" variant="default" leftSection={<IconX size={14} />} onClick={close}>
            {texts.terminal.close}
          </Button>
        </Group>
        {open.map(({ key, terminal }) => (
          <TerminalScreen
            key={key}
            space={space}
            terminal={terminal}
            shown={key === shown}
            onReady={(end) => ends.current.set(key, end)}
            onOpened={(id) => setOpen((all) => all.map((one) => (one.key === key ? { ...one, terminal: id } : one)))}
            onEnded={() => forget(key)}
          />
        ))}
      </div>
      <OtherTerminals space={space} known={known} />
    </>
  );
}
