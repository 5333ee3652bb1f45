import type { accountTexts } from './english-account.js';

export const germanAccountTexts: typeof accountTexts = {
  provider: {
    signIn: (provider) => `Mit ${provider} anmelden`,
    or: 'oder',
    problemTitle: (provider) => `Die Anmeldung mit ${provider} ist gescheitert`,
    aProvider: 'dem Anbieter',
    problems: {
      'not-begun': 'Sie wurde nicht in diesem Browser begonnen, oder vor mehr als zehn Minuten. Beginnen Sie von vorn.',
      'not-let-in':
        'Der Anbieter hat Sie nicht eingelassen. Beginnen Sie von vorn; bleibt es so, sagt das Log des Servers seinem Administrator mehr.',
      'other-user':
        'Sie sind nicht als der angemeldet, der sie begonnen hat. Melden Sie sich an und beginnen Sie von vorn.',
      deactivated: 'Sie sind deaktiviert. Fragen Sie einen Administrator.',
      'no-user':
        'Zu diesem Konto gehört hier niemand. Melden Sie sich mit Passwort an und verknüpfen Sie es in Ihrem Profil.',
      'no-email':
        'Der Anbieter nennt keine E-Mail-Adresse von Ihnen. Bitten Sie einen Administrator, Sie anzulegen, und verknüpfen Sie das Konto dann.',
      'email-taken':
        'Jemand hier hat Ihre E-Mail-Adresse. Melden Sie sich mit Passwort an und verknüpfen Sie das Konto in Ihrem Profil.',
      'names-taken':
        'Zu viele heißen hier wie Sie. Bitten Sie einen Administrator, Sie anzulegen, und verknüpfen Sie das Konto dann.',
      'account-taken':
        'Jemand anderes kommt mit diesem Konto, oder hat eben seinen Namen oder seine E-Mail-Adresse genommen.',
      failed: 'Etwas ging schief. Beginnen Sie von vorn; bleibt es so, fragen Sie Ihren Administrator.',
    },
    linkTitle: (provider) => `Konto bei ${provider}`,
    linkWhat: (provider) =>
      `Ist es verknüpft, melden Sie sich auch mit ${provider} an: wer sich dort in Ihrem Konto anmelden kann, kommt hier als Sie herein. Ihr Name und Ihre E-Mail-Adresse hier bleiben, wie sie sind.`,
    link: 'Konto verknüpfen',
    linkFailed: 'Das Konto wurde nicht verknüpft',
    linked: (provider) => `Ihr Konto bei ${provider} ist verknüpft: Es lässt Sie ein.`,
    onlyWay: 'Es ist Ihr einziger Weg herein. Mit einem Passwort hier ließe es sich trennen.',
    part: 'Trennen',
    partTitle: (provider) => `Ihr Konto bei ${provider} trennen?`,
    partWhat: 'Es lässt Sie dann nicht mehr ein, Ihr Passwort schon. Sie können es hier wieder verknüpfen.',
  },

  sshKeys: {
    title: 'SSH-Schlüssel',
    what: 'Mit ihnen kommen Sie in Ihre laufenden Spaces, mit ssh und mit Editoren, die es benutzen.',
    none: 'Noch keine Schlüssel. Diese zwei Zeilen machen einen auf Ihrem Rechner und schreiben einen Eintrag für jeden Ihrer Spaces:',
    stepsLabel: 'Was auf Ihrem Rechner zu tun ist',
    guide: 'Wie man mit SSH hineinkommt',
    add: 'Schlüssel hinzufügen',
    key: 'Öffentlicher Schlüssel',
    keyHelp: 'Die eine Zeile einer .pub-Datei, etwa ~/.ssh/id_ed25519.pub. Der private Schlüssel bleibt bei Ihnen.',
    unnamed: 'ohne Kommentar',
    remove: 'Entfernen',
    removeKey: (name) => `Den Schlüssel ${name} entfernen`,
    removeTitle: (name) => `Den Schlüssel ${name} entfernen?`,
    removeWhat: (fingerprint) =>
      `${fingerprint} öffnet Ihre Spaces nicht mehr, und auch nicht die, die mit Ihnen geteilt sind. Verbindungen, die damit zustande kamen, werden sofort getrennt.`,
  },
};
