import type { terminalTexts } from './english-terminal.js';

export const germanTerminalTexts: typeof terminalTexts = {
  terminal: {
    open: 'Terminal',
    title: (space) => `Terminal von ${space}`,
    nth: (nth) => `Terminal ${nth}`,
    more: 'Neues Terminal',
    close: 'Dieses Terminal beenden',
    search: 'Im Terminal suchen',
    searchKeys: 'Strg+Umschalt+F führt vom Terminal hierher, Escape zurück',
    above: 'Das darüber',
    below: 'Das darunter',
    found: (nth: number, count: number) =>
      count === 0 ? 'Nicht da' : nth === 0 ? `Mehr als ${count}` : `${nth} von ${count}`,
    states: {
      connecting: 'Wird verbunden ...',
      connected: 'Verbunden',
      away: 'Die Verbindung ist weg. Sie wird wieder versucht, und die Shell läuft indessen weiter.',
      ended: 'Die Shell ist zu Ende.',
    },
    noAgent: 'Kein Agent von knot ist von innen beigetreten',
    noAgentHint: 'Ein Terminal braucht den Agenten. Er tritt bei, solange der Space läuft, wenn das Image ihn startet.',
    noAgentGuide: 'Wie ein Image zum Agenten kommt',
    gap: (bytes) => `[${bytes} Bytes der Ausgabe fehlen: sie kamen, als niemand zusah]`,
    fresh: '[die Shell von vorher ist nicht mehr da: dies ist eine neue]',
    endedWith: (code) => `[die Shell hat mit ${code} geendet]`,
  },

  logs: {
    open: 'Protokoll',
    title: (space) => `Protokoll von ${space}`,
    lines: 'Zeilen, die neuesten am Ende',
    search: 'In den Zeilen suchen',
    follow: 'Mitlesen',
    states: {
      reading: 'Wird gelesen ...',
      following: 'Neue Zeilen erscheinen, sobald sie kommen.',
      away: 'Die Verbindung ist weg. Sie wird wieder versucht.',
      read: 'Stand von jetzt. Neue Zeilen erscheinen nicht.',
    },
    latest: (count) => `Die letzten ${count} Zeilen werden gezeigt; die Suche findet ältere.`,
    notFound: (search) => `In keiner Zeile steht ${search}`,
    empty: 'Noch hat niemand etwas gesagt',
    emptyHint:
      'Programme des Space schicken dem Agenten, was sie sagen: mit Syslog, GELF, Loki oder einem einfachen Post.',
    willCome: 'Es erscheint hier, sobald es kommt.',
    guide: 'Wie Programme es schicken',
    noAgentHint:
      'Der Agent hört, was innen gesagt wird. Er tritt bei, solange der Space läuft, wenn das Image ihn startet.',
  },
};
