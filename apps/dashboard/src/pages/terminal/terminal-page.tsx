import { Button, Group, SegmentedControl } from '@mantine/core';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SpaceDetail } from '../../api/schemas.js';
import { randomUuid } from '../../api/random-uuid.js';
import { LoadingRows } from '../../components/loading-rows.js';
import { texts } from '../../texts/texts.js';
import { InsideHead } from '../space/inside-head.js';
import { OneSpace } from '../space/one-space.js';
import { OpenButton } from '../space/open-button.js';
import { portAddress, portName } from '../space/port-name.js';
import { hasAgent } from './has-agent.js';
import { keepTerminals, keptTerminals, withAsked, type KeptTerminal } from './kept-terminals.js';
import { NoAgent } from './no-agent.js';
import { OtherTerminals } from './other-terminals.js';
import { TerminalScreen } from './terminal-screen.js';
import classes from './terminal-page.module.css';

export function TerminalPage() {
  return (
    <OneSpace loading={<LoadingRows rows={1} height={400} />}>
      {(space, sight) => (
        <>
          <InsideHead title={texts.terminal.title(space.name)} space={space} sight={sight}>
            <WebPorts ports={space.ports} />
          </InsideHead>
          {hasAgent(space) || keptTerminals(space.id).length > 0 ? (
            <Terminals key={space.id} space={space.id} />
          ) : (
            <NoAgent hint={texts.terminal.noAgentHint} />
          )}
        </>
      )}
    </OneSpace>
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
  const opened = (key: string, id: string) => {
    // another shell than before: that one has ended
    setOver((all) => [...all, ...open.flatMap((one) => (one.key === key && one.terminal !== id ? one.terminal : []))]);
    setOpen((all) => all.map((one) => (one.key === key ? { ...one, terminal: id } : one)));
  };
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
            onOpened={(id) => opened(key, id)}
            onEnded={() => forget(key)}
          />
        ))}
      </div>
      <OtherTerminals space={space} known={known} />
    </>
  );
}
