export const offerTexts = {
  offers: {
    title: 'Shared with',
    nobody: 'Nobody else.',
    what: 'Whoever it is shared with may start, stop and enter it. Nothing of it changes hands.',
    transferWhat:
      'A new owner gets it with its volumes, stopped, and only when they accept. Keys and open sessions of the old owner end then.',
    user: 'User name',
    share: 'Offer to share it',
    transfer: 'Offer it to a new owner',
    deeds: { share: 'to share it', transfer: 'to own it' },
    waits: (name: string, deed: string) => `${name} was asked ${deed} and has not answered.`,
    takeBack: (name: string) => `Take back what was offered to ${name}`,
    takeBackShort: 'Take it back',
    end: (name: string) => `End the sharing with ${name}`,
    endShort: 'End',
    leave: 'Leave it',
    offered: (name: string) => `It is offered to ${name}.`,
    ended: (name: string) => `${name} has it no more.`,
    askTransfer: (space: string, name: string) => `Offer ${space} to ${name}?`,
    toMe: {
      share: (from: string, space: string, place: string) => `${from} offers to share the space ${space} at ${place}.`,
      transfer: (from: string, space: string, place: string) =>
        `${from} offers you the space ${space} at ${place} as your own, with its volumes. It is stopped then and counts in your quotas.`,
    },
    accept: 'Accept',
    decline: 'Decline',
    accepted: {
      share: (space: string) => `${space} is shared with you.`,
      transfer: (space: string) => `${space} is yours.`,
    },
    label: 'Offered to you',
  },

  appClosed: {
    title: 'This app does not open for you',
    why: {
      'resource.not_found':
        'There is no such app, nothing listens there now, or it is not shared with you. Ask whoever gave you its address.',
      'access.denied':
        'You may not open it. Where all apps share one host, each is for the owner of its space alone; knot forward port leads others to it.',
      'state.refused': 'Its space does not run now. Whoever may start it can do so.',
    },
    otherwise: 'It could not be opened.',
    again: 'Try again',
  },

  ports: {
    title: 'Open',
    list: 'Ports',
    open: (name: string) => `Open ${name}`,
    kinds: { 'code-server': 'Editor', desktop: 'Desktop' },
    tunnel: 'VS Code in the browser',
    port: (port: number) => `Port ${port}`,
    others: (ports: string) => `It also listens on ${ports}.`,
    direct: (location: string) => `Straight to ${location}`,
    directTo: (name: string, location: string) => `Straight to ${location}: ${name}`,
    sharedBy: { owner: 'by word of the owner', template: 'as the template says', location: 'as the location says' },
    newWindow: 'opens in a new window',
    shareWith: (name: string) => `Who opens ${name}`,
    asSaid: 'As template and location say',
    shares: {
      owner: 'Only who may enter',
      group: 'Groups of the owner',
      users: 'Everybody signed in',
      public: 'Anybody, without signing in',
    },
    shared: (name: string) => `Who opens ${name} is saved.`,
    named: 'What its spaces offer',
    namedHelp:
      'Each is shown at the space once something listens there, beside what the space’s own environment names. It counts from the next start.',
    add: 'Add a port',
    nth: (number: number) => `Port ${number} of the list`,
    remove: (number: number) => `Remove port ${number} of the list`,
    fields: { port: 'Port', label: 'Called', protocol: 'What it speaks', share: 'Who opens it' },
    protocols: { http: 'HTTP', https: 'HTTPS', tcp: 'TCP' },
    asSpace: 'As the space says',
    asLocation: 'As the location says',
    bad: (port: string) => `“${port}” is no port: a number from 1 to 65535.`,
    twice: (port: number) => `Port ${port} is named twice.`,
  },
};
