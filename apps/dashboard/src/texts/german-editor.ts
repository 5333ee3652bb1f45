import type { Texts } from './texts.js';

export const germanEditorTexts: Pick<Texts, 'editorPhrases' | 'textCheck'> = {
  editorPhrases: {
    Find: 'Suchen',
    Replace: 'Ersetzen',
    next: 'nächstes',
    previous: 'voriges',
    all: 'alle',
    'match case': 'Großschreibung beachten',
    regexp: 'regulärer Ausdruck',
    'by word': 'ganze Wörter',
    replace: 'ersetzen',
    'replace all': 'alle ersetzen',
    close: 'schließen',
    'current match': 'jetziger Fund',
    'on line': 'in Zeile',
    'replaced $ matches': '$ Funde ersetzt',
    'replaced match on line $': 'Fund in Zeile $ ersetzt',
    Completions: 'Vorschläge',
    Diagnostics: 'Was nicht stimmt',
    'No diagnostics': 'Alles stimmt',
  },

  textCheck: {
    checking: 'Wird geprüft …',
    well: 'Soweit geschrieben, stimmt sie.',
    forUser: 'Als gehörte er',
    me: 'Mir',
    atLocation: 'Am Standort',
    ownLocation: 'Der eigene dieses Servers',
    variable: (location) => (location === '' ? 'Variable' : `Variable von ${location}`),
  },
};
