import type { Texts } from './texts.js';

export const germanUsageTexts: Pick<Texts, 'usage' | 'guide'> = {
  usage: {
    title: 'Nutzung',
    what: 'Wer und was wie viele Spaces hat; dunkler sind die laufenden, ein Strich ist die eigene Grenze für laufende.',
    byUser: 'Nach Benutzer',
    byLocation: 'Nach Standort',
    byTemplate: 'Nach Vorlage',
    nothing: 'Es gibt noch keine Spaces.',
    overTime: 'Im Lauf der Zeit',
    measure: 'Was gezählt wird',
    measures: {
      running: 'Laufende Spaces',
      spaces: 'Spaces',
      computeUnits: 'Recheneinheiten',
      storageUnits: 'Speichereinheiten',
    },
    range: 'Wie weit zurück',
    ranges: { day: '24 Stunden', week: '7 Tage', month: '31 Tage', year: '12 Monate' },
    peak: (most, when, last) => `Höchstens ${most} (${when}); ${last} am Ende.`,
    limit: (limit) => `Die Grenze ist ${limit}, als Linie gezeichnet.`,
    peaks: {
      hour: 'Das meiste, das in jeder Stunde zugleich zu sehen war. Eine Zeit ohne Server hat keine Zahlen.',
      day: 'Das meiste, das an jedem Tag (nach UTC) zugleich zu sehen war. Eine Zeit ohne Server hat keine Zahlen.',
    },
    noPast: 'Von dieser Zeit ist nichts bekannt. Die Zahlen beginnen mit der ersten Stunde dieses Servers.',
    table: 'Die Zahlen als Tabelle',
    from: 'Von',
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
