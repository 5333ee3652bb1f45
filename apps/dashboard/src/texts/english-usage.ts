export const usageTexts = {
  usage: {
    title: 'Usage',
    what: 'Who and what has how many spaces; darker are those that run, a line is the own limit of running ones.',
    byUser: 'By user',
    byLocation: 'By location',
    byTemplate: 'By template',
    nothing: 'There are no spaces yet.',
    overTime: 'Over time',
    measure: 'What is counted',
    measures: {
      running: 'Running spaces',
      spaces: 'Spaces',
      computeUnits: 'Compute units',
      storageUnits: 'Storage units',
    },
    range: 'How far back',
    ranges: { day: '24 hours', week: '7 days', month: '31 days', year: '12 months' },
    peak: (most: number, when: string, last: number) => `At most ${most} (${when}); ${last} at the end.`,
    limit: (limit: number) => `The limit is ${limit}, drawn as a line.`,
    peaks: {
      hour: 'The most that was seen at once in each hour. A time without a server has no figures.',
      day: 'The most that was seen at once in each day (of UTC). A time without a server has no figures.',
    },
    noPast: 'Nothing is kept of this time. Figures begin with the first hour of this server.',
    table: 'The figures as a table',
    from: 'From',
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
