export const accountTexts = {
  provider: {
    signIn: (provider: string) => `Sign in with ${provider}`,
    or: 'or',
    problemTitle: (provider: string) => `The sign-in with ${provider} did not work`,
    aProvider: 'the provider',
    linkTitle: (provider: string) => `Account at ${provider}`,
    linkWhat: (provider: string) =>
      `Once it is linked, you also sign in with ${provider}: whoever can sign in to your account there comes in here as you. Your name and your e-mail address here stay as they are.`,
    link: 'Link account',
  },

  sshKeys: {
    title: 'SSH keys',
    what: 'By these you get into your running spaces with ssh, and with editors that use it.',
    none: 'No keys yet. These two lines make one on your machine and write an entry for each of your spaces:',
    stepsLabel: 'What to run on your machine',
    guide: 'How to get in by SSH',
    add: 'Add a key',
    key: 'Public key',
    keyHelp: 'The one line of a .pub file, such as ~/.ssh/id_ed25519.pub. The private key stays with you.',
    unnamed: 'without a comment',
    remove: 'Remove',
    removeKey: (name: string) => `Remove the key ${name}`,
    removeTitle: (name: string) => `Remove the key ${name}?`,
    removeWhat: (fingerprint: string) =>
      `${fingerprint} no longer opens your spaces, nor those that are shared with you. Connections that came about by it are cut at once.`,
  },
};
