export const editorTexts = {
  /** Words of the editor itself, by what it calls them. */
  editorPhrases: {
    Find: 'Find',
    Replace: 'Replace',
    next: 'next',
    previous: 'previous',
    all: 'all',
    'match case': 'match case',
    regexp: 'regular expression',
    'by word': 'by word',
    replace: 'replace',
    'replace all': 'replace all',
    close: 'close',
    'current match': 'current match',
    'on line': 'on line',
    'replaced $ matches': 'replaced $ matches',
    'replaced match on line $': 'replaced match on line $',
    Completions: 'Completions',
    Diagnostics: 'What is wrong',
    'No diagnostics': 'Nothing is wrong',
  },

  textCheck: {
    checking: 'Checking …',
    well: 'As far as it is written, it is well.',
    forUser: 'As if it were of',
    me: 'Me',
    atLocation: 'At location',
    ownLocation: 'This server’s own',
    variable: (location: string) => (location === '' ? 'variable' : `variable of ${location}`),
  },
};
