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
};
