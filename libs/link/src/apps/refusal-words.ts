/** What a page says of an app that is not opened; the dashboard's own page says the same. */
export interface RefusalWords {
  readonly title: string;
  /** Where there is no app at all. */
  readonly noPage: string;
  /** By the code of an error, or `page.none`. */
  readonly why: Readonly<Record<string, string>>;
  readonly otherwise: string;
  readonly again: string;
  readonly toSpaces: string;
}

const ENGLISH: RefusalWords = {
  title: 'This app does not open for you',
  noPage: 'There is no page here',
  why: {
    'resource.not_found':
      'There is no such app, nothing listens there now, or it is not shared with you. Ask whoever gave you its address.',
    'access.denied':
      'You may not open it. Where all apps share one host, each is for the owner of its space alone; knot forward port leads others to it.',
    'auth.failed': 'What let you in is used up, or too old. Try again, and knot lets you in anew.',
    'auth.required': 'Nobody is signed in here. Open the app by its own address, in a window of its own.',
    'access.csrf': 'A page of another site asked for it. Open it by its own address, in a window of its own.',
    'page.none': 'This is the address of a location, for programs. Your spaces are in the dashboard.',
    'input.invalid': 'This is no address of an app. Open the app from the page of its space.',
    'server.unavailable':
      'Nothing answers there as a web page does. It may be starting, or have ended: try again in a moment, then look at the log of its space.',
  },
  otherwise: 'It could not be opened. Try again in a moment; if it stays so, tell whoever runs knot.',
  again: 'Try again',
  toSpaces: 'To the spaces',
};

const GERMAN: RefusalWords = {
  title: 'Diese Anwendung öffnet sich für Sie nicht',
  noPage: 'Hier ist keine Seite',
  why: {
    'resource.not_found':
      'Es gibt sie nicht, dort lauscht gerade nichts, oder sie ist nicht mit Ihnen geteilt. Fragen Sie, wer Ihnen die Adresse gab.',
    'access.denied':
      'Sie dürfen sie nicht öffnen. Wo alle Anwendungen einen Host teilen, ist jede nur für den Besitzer ihres Spaces; andere führt knot forward port hin.',
    'auth.failed':
      'Womit Sie kamen, ist verbraucht oder zu alt. Versuchen Sie es noch einmal: knot lässt Sie dann von Neuem ein.',
    'auth.required':
      'Hier ist niemand angemeldet. Öffnen Sie die Anwendung mit ihrer eigenen Adresse, in einem eigenen Fenster.',
    'access.csrf':
      'Eine Seite einer anderen Website hat danach gefragt. Öffnen Sie sie mit ihrer eigenen Adresse, in einem eigenen Fenster.',
    'page.none': 'Das ist die Adresse eines Standorts, für Programme. Ihre Spaces sind im Dashboard.',
    'input.invalid': 'Das ist keine Adresse einer Anwendung. Öffnen Sie sie von der Seite ihres Spaces.',
    'server.unavailable':
      'Dort antwortet gerade nichts, wie eine Webseite es tut. Vielleicht startet sie noch, oder sie hat geendet: Versuchen Sie es gleich noch einmal, sehen Sie dann in das Log ihres Spaces.',
  },
  otherwise:
    'Sie ließ sich nicht öffnen. Versuchen Sie es gleich noch einmal; bleibt es so, sagen Sie es dem, der knot betreibt.',
  again: 'Noch einmal versuchen',
  toSpaces: 'Zu den Spaces',
};

/** The language of a page, of those that there are, by what a browser says that its person reads. */
export function languageFor(acceptLanguage = ''): 'de' | 'en' {
  const weightOf = (language: string) => {
    const weights = acceptLanguage.split(',').flatMap((one) => {
      const [, name = '', weight = '1'] = /^\s*([\w*-]+)(?:\s*;\s*q=([\d.]+))?\s*$/.exec(one) ?? [];
      return name.toLowerCase().split('-')[0] === language ? [Number(weight)] : [];
    });
    return Math.max(0, ...weights);
  };
  return weightOf('de') > weightOf('en') ? 'de' : 'en';
}

export function refusalWords(language: 'de' | 'en'): RefusalWords {
  return language === 'de' ? GERMAN : ENGLISH;
}
