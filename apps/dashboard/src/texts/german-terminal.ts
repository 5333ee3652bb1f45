import type { terminalTexts } from './english-terminal.js';

export const germanTerminalTexts: typeof terminalTexts = {
  terminal: {
    open: 'Terminal',
    title: (space) => `Terminal von ${space}`,
    nth: (nth) => `Terminal ${nth}`,
    more: 'Neues Terminal',
    close: 'Dieses Terminal beenden',
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
};
