import { count, counted } from '../format/numbers.ts'

/** The settings of an organization. */
export const organization = {
  title: 'Organization',
  force: {
    colors: (word: string) => `${word.toLowerCase()} on the pages of consumers`,
    noColor: 'no colour on the pages of consumers',
    mails: (chosen: number, all: number) =>
      chosen === 0
        ? 'owners get no mails about events'
        : `owners get mails about ${count(chosen)} of ${counted(all, 'type of event', 'types of events')}`,
  },
  mayNot: 'Changing this needs the permission organization.write for the whole organization. Ask an owner.',
  save: 'Save',
  unchanged: 'Nothing is changed yet.',
  identity: {
    title: 'Name and colour',
    lead: 'The name stands in the dashboard, in mails and on the pages of consumers. The colour marks the pages of consumers.',
    slug: 'Short name',
    slugHint: '(part of every URL, never changes)',
    created: 'Created',
    name: 'Name',
    color: 'Colour',
    colors: {
      blue: 'Blue',
      violet: 'Violet',
      pink: 'Pink',
      red: 'Red',
      orange: 'Orange',
      green: 'Green',
      teal: 'Teal',
    },
    noColor: 'None',
    preview: 'How the page of a consumer begins',
    previewTitle: 'API keys of mobile-app',
    nameless: 'An organization needs a name.',
    effect: 'Everyone sees it from the next page that they open.',
    saved: (name: string) => `${name} is changed`,
  },
  mails: {
    title: 'Mails to owners',
    lead: 'What owners who are people get by mail, if this server sends mails. A mail collects what happens within ten minutes; a leak is told at once.',
    none: 'None',
    effect: 'Each owner is told of the change by mail.',
    saved: (chosen: number) =>
      chosen === 0
        ? 'Owners get no mails about events any more'
        : `Owners get mails about ${counted(chosen, 'type of event', 'types of events')}`,
  },
  leaks: {
    title: 'When a secret is found in public',
    lead: 'What happens to a key whose working secret is reported, such as by GitHub.',
    change: 'Change it on the page of leaks',
    open: 'Open the page of leaks',
  },
}
