import type { Texts } from './texts.js';

export const germanUsageTexts: Pick<Texts, 'usage' | 'guide'> = {
  usage: {
    title: 'Nutzung',
    what: 'Wer und was wie viele Spaces hat; dunkler sind die laufenden, ein Strich ist die eigene Grenze für laufende.',
    byUser: 'Nach Benutzer',
    byLocation: 'Nach Standort',
    byTemplate: 'Nach Vorlage',
    nothing: 'Es gibt noch keine Spaces.',
    runningOf: (running, spaces) => `${running} von ${spaces} laufen`,
  },

  guide: {
    title: 'Handbuch',
    other: 'Andere Seiten des Handbuchs',
    example: 'Beispiel',
    gone: 'Das Handbuch hat keine solche Seite',
    language: 'Das Handbuch ist auf Englisch.',
  },
};
