import type { IMarker, ITerminalAddon, Terminal } from '@xterm/xterm';
import { placesOf, rangeOf, rowAt, screenText, type ScreenRange, type ScreenText } from './screen-text.js';

/** How often what is searched is there. */
export interface Found {
  /** Of the one that is shown, from 1. */
  readonly nth: number;
  readonly count: number;
}

/** Shows what holds the words, the next one upwards or downwards; '' ends the search. */
export type Find = (words: string, way: 'up' | 'down') => void;

const COLOUR = '#5c4a00';
const COLOUR_OF_SHOWN = '#b35c00';
/** So many are coloured on each side of the one that is shown: more than a screen has lines. */
const COLOURED = 250;
/** Between two looks at what is printed meanwhile, ms. */
const PAUSE_MS = 500;

/** Searches what the screen has shown; other words are searched from its end. */
export function searchOf(screen: Terminal, onFound: (found: Found) => void): Find {
  const search = new ScreenSearch(screen, onFound);
  screen.loadAddon(search);
  return (words, way) => search.find(words, way);
}

class ScreenSearch implements ITerminalAddon {
  private words = '';
  /** Null once more was printed. */
  private all: ScreenText | null = null;
  /** Row, and how far behind its beginning, of the one that is shown. */
  private shown: { readonly marker: IMarker; readonly behind: number } | null = null;
  private markers: IMarker[] = [];
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly screen: Terminal,
    private readonly onFound: (found: Found) => void,
  ) {}

  activate(screen: Terminal): void {
    screen.onWriteParsed(() => this.lookSoon());
    screen.onResize(() => this.lookSoon());
  }

  dispose(): void {
    clearTimeout(this.later);
  }

  find(words: string, way: 'up' | 'down'): void {
    const isOther = words !== this.words;
    this.words = words;
    this.screen.clearSelection();
    if (words === '') return this.clear();
    this.look((places, shown) => {
      if (isOther || shown === null) return places.length - 1;
      const nth = way === 'up' ? places.findLastIndex((at) => at < shown) : places.findIndex((at) => at > shown);
      return nth >= 0 ? nth : way === 'up' ? places.length - 1 : 0;
    }, true);
  }

  /** What was printed, or how wide it is, counts for a search that goes on. */
  private lookSoon(): void {
    this.all = null;
    if (this.words === '') return;
    this.later ??= setTimeout(() => {
      this.later = undefined;
      if (this.words !== '') this.look((places, shown) => places.indexOf(shown ?? -1), false);
    }, PAUSE_MS);
  }

  private look(choose: (places: readonly number[], shown: number | null) => number, select: boolean): void {
    const all = (this.all ??= screenText(this.screen.buffer.active));
    const places = placesOf(this.words, all.text);
    const chosen = choose(places, this.shownPlace(all));
    const nth = chosen >= 0 ? chosen : places.length - 1;
    this.clear();
    for (const place of places.slice(Math.max(0, nth - COLOURED), nth + COLOURED)) {
      const range = rangeOf(this.screen.buffer.active, all, place, this.words.length);
      const isShown = place === places[nth];
      this.colour(range, isShown);
      if (!isShown) continue;
      const row = rowAt(all.rows, place);
      this.shown = { marker: this.markerAt(row), behind: place - (all.rows[row] ?? 0) };
      if (select) this.select(range);
    }
    this.onFound({ nth: nth + 1, count: places.length });
  }

  /** Where it is by now: rows go up while more is printed. */
  private shownPlace({ rows }: ScreenText): number | null {
    const row = this.shown ? rows[this.shown.marker.line] : undefined;
    return this.shown && row !== undefined ? row + this.shown.behind : null;
  }

  private select({ row, column, endRow, endColumn }: ScreenRange): void {
    const { screen } = this;
    screen.select(column, row, (endRow - row) * screen.cols + endColumn - column);
    const { viewportY } = screen.buffer.active;
    if (row < viewportY || row >= viewportY + screen.rows) screen.scrollToLine(row - Math.floor(screen.rows / 2));
  }

  private colour({ row, column, endRow, endColumn }: ScreenRange, isShown: boolean): void {
    // what is selected is drawn above the lower layer
    const look = isShown
      ? { backgroundColor: COLOUR_OF_SHOWN, layer: 'top' as const }
      : { backgroundColor: COLOUR, layer: 'bottom' as const };
    for (let at = row; at <= endRow; at += 1) {
      const x = at === row ? column : 0;
      const width = (at === endRow ? endColumn : this.screen.cols) - x;
      this.screen.registerDecoration({ marker: this.markerAt(at), x, width, ...look });
    }
  }

  private markerAt(row: number): IMarker {
    const { baseY, cursorY } = this.screen.buffer.active;
    const marker = this.screen.registerMarker(row - baseY - cursorY);
    this.markers.push(marker);
    return marker;
  }

  /** With a marker goes the colour that hangs on it. */
  private clear(): void {
    for (const marker of this.markers) marker.dispose();
    this.markers = [];
    this.shown = null;
  }
}
