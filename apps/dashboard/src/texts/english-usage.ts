export const usageTexts = {
  usage: {
    title: 'Usage',
    what: 'Who and what has how many spaces; darker are those that run, a line is the own limit of running ones.',
    byUser: 'By user',
    byLocation: 'By location',
    byTemplate: 'By template',
    nothing: 'There are no spaces yet.',
    runningOf: (running: number, spaces: number) => `${running} of ${spaces} run`,
  },

  guide: {
    title: 'Guide',
    other: 'Other pages of the guide',
    example: 'Example',
    gone: 'The guide has no such page',
    language: '',
  },
};
