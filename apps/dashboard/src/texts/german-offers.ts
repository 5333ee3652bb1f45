import type { Texts } from './texts.js';

export const germanOfferTexts: Pick<Texts, 'offers' | 'ports' | 'appClosed'> = {
  offers: {
    title: 'Geteilt mit',
    nobody: 'Niemandem sonst.',
    what: 'Mit wem er geteilt ist, der darf ihn starten, anhalten und betreten. Nichts davon wechselt den Besitzer.',
    transferWhat:
      'Ein neuer Besitzer bekommt ihn mit seinen Volumes, angehalten, und erst, wenn er annimmt. Schlüssel und offene Sitzungen des alten Besitzers enden dann.',
    user: 'Benutzername',
    share: 'Zum Teilen anbieten',
    transfer: 'Einem neuen Besitzer anbieten',
    deeds: { share: 'ihn zu teilen', transfer: 'ihn zu übernehmen' },
    waits: (name, deed) => `${name} wurde gebeten, ${deed}, und hat noch nicht geantwortet.`,
    takeBack: (name) => `Zurücknehmen, was ${name} angeboten wurde`,
    takeBackShort: 'Zurücknehmen',
    end: (name) => `Das Teilen mit ${name} beenden`,
    endShort: 'Beenden',
    leave: 'Verlassen',
    offered: (name) => `Er ist ${name} angeboten.`,
    ended: (name) => `${name} hat ihn nicht mehr.`,
    askTransfer: (space, name) => `${space} an ${name} anbieten?`,
    toMe: {
      share: (from, space, place) => `${from} bietet an, den Space ${space} in ${place} zu teilen.`,
      transfer: (from, space, place) =>
        `${from} bietet Ihnen den Space ${space} in ${place} als eigenen an, mit seinen Volumes. Er wird dann angehalten und zählt in Ihren Kontingenten.`,
    },
    accept: 'Annehmen',
    decline: 'Ablehnen',
    accepted: { share: (space) => `${space} ist mit Ihnen geteilt.`, transfer: (space) => `${space} gehört Ihnen.` },
    label: 'Ihnen angeboten',
  },

  appClosed: {
    title: 'Diese Anwendung öffnet sich für Sie nicht',
    why: {
      'resource.not_found':
        'Es gibt sie nicht, dort lauscht gerade nichts, oder sie ist nicht mit Ihnen geteilt. Fragen Sie, wer Ihnen die Adresse gab.',
      'access.denied':
        'Sie dürfen sie nicht öffnen. Wo alle Anwendungen einen Host teilen, ist jede nur für den Besitzer ihres Spaces; andere führt knot forward port hin.',
      'state.refused': 'Ihr Space läuft gerade nicht. Wer ihn starten darf, kann das tun.',
    },
    otherwise: 'Sie ließ sich nicht öffnen.',
    again: 'Noch einmal versuchen',
  },

  ports: {
    title: 'Öffnen',
    list: 'Ports',
    open: (name) => `${name} öffnen`,
    kinds: { 'code-server': 'Editor', desktop: 'Desktop' },
    tunnel: 'VS Code im Browser',
    port: (port) => `Port ${port}`,
    others: (ports) => `Er lauscht auch auf ${ports}.`,
    direct: (location) => `Geradewegs nach ${location}`,
    directTo: (name, location) => `Geradewegs nach ${location}: ${name}`,
    sharedBy: {
      owner: 'nach dem Wort des Besitzers',
      template: 'wie die Vorlage sagt',
      location: 'wie der Standort sagt',
    },
    shareWith: (name: string) => `Wer ${name} öffnet`,
    asSaid: 'Wie Vorlage und Standort sagen',
    shares: {
      owner: 'Nur wer hinein darf',
      group: 'Gruppen des Besitzers',
      users: 'Alle Angemeldeten',
      public: 'Jeder, ohne Anmeldung',
    },
    shared: (name: string) => `Wer ${name} öffnet, ist gespeichert.`,
    newWindow: 'öffnet ein neues Fenster',
    named: 'Was ihre Spaces anbieten',
    namedHelp:
      'Jeder Port steht beim Space, sobald dort etwas lauscht, neben dem, was die Umgebung des Spaces selbst nennt. Es gilt ab dem nächsten Start.',
    add: 'Port hinzufügen',
    nth: (number) => `Port ${number} der Liste`,
    remove: (number) => `Port ${number} der Liste entfernen`,
    fields: { port: 'Port', label: 'Name', protocol: 'Was er spricht', share: 'Wer ihn öffnet' },
    protocols: { http: 'HTTP', https: 'HTTPS', tcp: 'TCP' },
    asSpace: 'Wie der Space sagt',
    asLocation: 'Wie der Standort sagt',
    bad: (port) => `„${port}“ ist kein Port: eine Zahl von 1 bis 65535.`,
    twice: (port) => `Port ${port} steht zweimal da.`,
  },
};
