import type { accountTexts } from './english-account.js';

export const germanAccountTexts: typeof accountTexts = {
  provider: {
    signIn: (provider) => `Mit ${provider} anmelden`,
    or: 'oder',
    problemTitle: (provider) => `Die Anmeldung mit ${provider} ist gescheitert`,
    aProvider: 'dem Anbieter',
    linkTitle: (provider) => `Konto bei ${provider}`,
    linkWhat: (provider) =>
      `Ist es verknüpft, melden Sie sich auch mit ${provider} an: wer sich dort in Ihrem Konto anmelden kann, kommt hier als Sie herein. Ihr Name und Ihre E-Mail-Adresse hier bleiben, wie sie sind.`,
    link: 'Konto verknüpfen',
  },
};
