import { Text } from '@mantine/core';
import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'react';
import { api, told } from '../../api/client.js';
import { texts } from '../../texts/texts.js';
import { setStylesByObjectModel, stylelessDocument, whileStyleless } from './styleless-document.js';
import { TerminalWire, type WireState } from './terminal-wire.js';
import classes from './terminal-page.module.css';

interface TerminalScreenProps {
  readonly space: string;
  /** The agent's id of it; '' for a new one. */
  readonly terminal: string;
  readonly shown: boolean;
  readonly onOpened: (terminal: string) => void;
  readonly onEnded: () => void;
  /** How its shell is ended, for the button that does. */
  readonly onReady: (end: () => void) => void;
}

/** One terminal: a screen and the wire behind it. */
export function TerminalScreen({ space, terminal, shown, onOpened, onEnded, onReady }: TerminalScreenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<{ readonly state: WireState; readonly message: string }>();
  const handlers = useRef({ onOpened, onEnded, onReady });
  handlers.current = { onOpened, onEnded, onReady };
  const first = useRef(terminal);
  useEffect(() => {
    if (!place.current) return undefined;
    return openScreen(place.current, space, first.current, {
      onOpened: (id) => {
        first.current = id;
        handlers.current.onOpened(id);
      },
      onEnded: () => handlers.current.onEnded(),
      onReady: (end) => handlers.current.onReady(end),
      onState: (now, message) => setState({ state: now, message }),
    });
  }, [space]);
  const words = state && (state.message || texts.terminal.states[state.state]);
  return (
    <div className={classes.window} hidden={!shown} data-terminal-state={state?.state}>
      <div ref={place} className={classes.screen} />
      <Text size="xs" c="dimmed" role="status" aria-live="polite">
        {words}
      </Text>
    </div>
  );
}

interface ScreenHandlers {
  readonly onOpened: (terminal: string) => void;
  readonly onEnded: () => void;
  readonly onReady: (end: () => void) => void;
  readonly onState: (state: WireState, message: string) => void;
}

/** Opens it in the element; answers how to put everything away again, the shell going on. */
function openScreen(element: HTMLElement, space: string, terminal: string, handlers: ScreenHandlers): () => void {
  const screen = new Terminal({
    documentOverride: stylelessDocument(document),
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: 14,
    scrollback: 10_000,
    cursorBlink: true,
    allowProposedApi: true,
  });
  const fit = new FitAddon();
  screen.loadAddon(fit);
  screen.loadAddon(new WebLinksAddon((_event, address) => window.open(address, '_blank', 'noopener,noreferrer')));
  setStylesByObjectModel();
  whileStyleless(document, () => screen.open(element));
  fit.fit();
  const say = (words: string) => screen.write(`\r\n\x1b[2m${words}\x1b[0m\r\n`);
  const encoder = new TextEncoder();
  let drawsByWebgl = false;
  const size = () => ({ columns: Math.max(1, screen.cols), rows: Math.max(1, screen.rows) });
  const wire = new TerminalWire(
    terminal,
    size(),
    ports(space, (webgl) => {
      if (webgl && !drawsByWebgl) void drawByWebgl(screen);
      drawsByWebgl = true;
    }),
    {
      output: (bytes, drawn) => screen.write(bytes, drawn),
      gap: (bytes) => say(texts.terminal.gap(bytes)),
      opened: (id, fresh) => {
        if (fresh) say(texts.terminal.fresh);
        handlers.onOpened(id);
      },
      ended: (code) => {
        say(texts.terminal.endedWith(code));
        handlers.onEnded();
      },
      state: handlers.onState,
    },
  );
  handlers.onReady(() => wire.end());
  screen.onData((text) => wire.type(encoder.encode(text)));
  screen.onBinary((text) => wire.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
  screen.onResize(() => wire.resize(size()));
  const refit = () => element.offsetParent && fit.fit();
  const observer = new ResizeObserver(refit);
  observer.observe(element);
  const hurry = () => document.visibilityState === 'visible' && wire.hurry();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  screen.focus();
  return () => {
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
    observer.disconnect();
    wire.leave();
    screen.dispose();
  };
}

function ports(space: string, onWebgl: (webgl: boolean) => void) {
  return {
    ticket: async () => {
      const path = { id: space };
      const asked = api.POST('/api/v1/spaces/{id}/tickets', { params: { path }, body: { action: 'terminal' } });
      const answer = await told(asked);
      onWebgl(answer.webgl);
      const url = new URL(answer.path, window.location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return { ticket: answer.ticket, url: url.href };
    },
    connect: (url: string, protocols: string[]) => new WebSocket(url, protocols),
    chance: () => Math.random(),
  };
}

/** Where the machine can; else it is drawn by elements. */
async function drawByWebgl(screen: Terminal): Promise<void> {
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl');
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    screen.loadAddon(addon);
  } catch {
    // no WebGL here
  }
}
