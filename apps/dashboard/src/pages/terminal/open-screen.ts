import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { randomUuid } from '../../api/random-uuid.js';
import { onReturn } from '../../live/on-return.js';
import { texts } from '../../texts/texts.js';
import { withoutAnswers } from './without-answers.js';
import { searchOf, type Find, type Found } from './search-screen.js';
import { setStylesByObjectModel, stylelessDocument, whileStyleless } from './styleless-document.js';
import { TerminalWays } from './terminal-ways.js';
import type { TouchKey } from './touch-keys.js';
import { TerminalWire, type WireState } from './terminal-wire.js';

export interface ScreenHandle {
  /** Ends its shell. */
  end(): void;
  readonly find: Find;
  /** As if it was pressed. */
  press(key: TouchKey): void;
  focus(): void;
  /** Puts everything away again, the shell going on. */
  close(): void;
}

interface ScreenHandlers {
  readonly onOpened: (terminal: string) => void;
  readonly onEnded: () => void;
  readonly onState: (state: WireState, message: string) => void;
  readonly onFound: (found: Found) => void;
  /** The keys that search. */
  readonly onSearch: () => void;
}

/** With Ctrl and Shift, as terminals have it; pasting is the browser's own. */
const KEYS: Readonly<Record<string, (handlers: ScreenHandlers) => void>> = {
  KeyF: ({ onSearch }) => onSearch(),
  // the screen answers it with what is selected, also on a page that came over plain http
  KeyC: () => document.execCommand('copy'),
};

/** Opens a terminal in the element. */
export function openScreen(
  element: HTMLElement,
  space: string,
  terminal: string,
  handlers: ScreenHandlers,
): ScreenHandle {
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
  // an emoji is as wide here as it is for the programs in the space
  screen.loadAddon(new Unicode11Addon());
  screen.unicode.activeVersion = '11';
  const find = searchOf(screen, handlers.onFound);
  screen.loadAddon(new WebLinksAddon((_event, address) => window.open(address, '_blank', 'noopener,noreferrer')));
  setStylesByObjectModel();
  whileStyleless(document, () => screen.open(element));
  fit.fit();
  const say = (words: string) => screen.write(`\r\n\x1b[2m${words}\x1b[0m\r\n`);
  const writeAgain = withoutAnswers(screen);
  const encoder = new TextEncoder();
  let drawsByWebgl = false;
  const size = () => ({ columns: Math.max(1, screen.cols), rows: Math.max(1, screen.rows) });
  const ways = new TerminalWays(space, ({ webgl }) => {
    if (webgl && !drawsByWebgl) void drawByWebgl(screen);
    drawsByWebgl = true;
  });
  const wire = new TerminalWire(
    terminal,
    size(),
    { open: () => ways.open(), chance: () => Math.random(), newId: randomUuid },
    {
      output: (bytes, again, drawn) => (again ? writeAgain(bytes, drawn) : screen.write(bytes, drawn)),
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
  screen.attachCustomKeyEventHandler((event) => {
    const deed = event.ctrlKey && event.shiftKey ? KEYS[event.code] : undefined;
    if (!deed) return true;
    // a browser means something else by some of them
    event.preventDefault();
    if (event.type === 'keydown') deed(handlers);
    return false;
  });
  screen.onData((text) => wire.type(encoder.encode(text)));
  screen.onBinary((text) => wire.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
  screen.onResize(() => wire.resize(size()));
  const refit = () => element.offsetParent && fit.fit();
  const observer = new ResizeObserver(refit);
  observer.observe(element);
  const forget = onReturn(() => wire.hurry());
  screen.focus();
  return {
    end: () => wire.end(),
    find,
    press: (key) => screen.input('arrow' in key ? arrow(screen, key.arrow) : key.sends),
    focus: () => screen.focus(),
    close: () => {
      forget();
      observer.disconnect();
      wire.leave();
      screen.dispose();
    },
  };
}

/** Programs that draw the whole screen may ask for another one. */
function arrow({ modes }: Terminal, letter: string): string {
  return `\x1b${modes.applicationCursorKeysMode ? 'O' : '['}${letter}`;
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
