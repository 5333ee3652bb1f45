export const accountTexts = {
  provider: {
    signIn: (provider: string) => `Sign in with ${provider}`,
    or: 'or',
    problemTitle: (provider: string) => `The sign-in with ${provider} did not work`,
    aProvider: 'the provider',
    problems: {
      'not-begun': 'It was not begun in this browser, or more than ten minutes ago. Begin it anew.',
      'not-let-in':
        'The provider did not let you in. Begin anew; if it stays so, the log of the server says more to its administrator.',
      'other-user': 'You are not signed in as who began it. Sign in and begin anew.',
      deactivated: 'You are deactivated. Ask an administrator.',
      'no-user': 'No user here belongs to this account. Sign in by password and link it in your profile.',
      'no-email':
        'The provider says no e-mail address of you. Ask an administrator to make a user, and link the account then.',
      'email-taken': 'A user here has your e-mail address. Sign in by password and link the account in your profile.',
      'names-taken': 'Too many users have your name. Ask an administrator to make a user, and link the account then.',
      'account-taken': 'Another user comes by this account, or took its name or its e-mail address a moment ago.',
      failed: 'Something went wrong. Begin anew; if it stays so, ask your administrator.',
    },
    linkTitle: (provider: string) => `Account at ${provider}`,
    linkWhat: (provider: string) =>
      `Once it is linked, you also sign in with ${provider}: whoever can sign in to your account there comes in here as you. Your name and your e-mail address here stay as they are.`,
    link: 'Link account',
    linkFailed: 'The account was not linked',
    linked: (provider: string) => `Your account at ${provider} is linked: it lets you in.`,
    onlyWay: 'It is your only way in. With a password here it could be parted.',
    part: 'Part it',
    partTitle: (provider: string) => `Part your account at ${provider}?`,
    partWhat: 'It lets you in no longer; your password does. You can link it again here.',
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
