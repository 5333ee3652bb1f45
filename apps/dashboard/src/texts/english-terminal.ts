export const terminalTexts = {
  terminal: {
    open: 'Terminal',
    title: (space: string) => `Terminal of ${space}`,
    nth: (nth: number) => `Terminal ${nth}`,
    more: 'New terminal',
    close: 'End this terminal',
    states: {
      connecting: 'Connecting ...',
      connected: 'Connected',
      away: 'The connection is lost. It is tried again, and the shell goes on meanwhile.',
      ended: 'The shell has ended.',
    },
    noAgent: 'No agent of knot has joined from inside',
    noAgentHint: 'A terminal needs the agent. It joins while the space runs, if the image starts it.',
    noAgentGuide: 'How an image gets the agent',
    gap: (bytes: number) => `[${bytes} bytes of output are lost: they came while nobody looked]`,
    fresh: '[the shell from before is gone: this is a new one]',
    endedWith: (code: number) => `[the shell has ended with code ${code}]`,
  },
};
