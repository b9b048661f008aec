import type { Receipt } from '@sallyport/sdk'
import { counted } from '../../format/numbers.ts'
import { receipt as receipts } from '../shared/receipt.ts'

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** The page that a consumer's people see, who have no account. */
export const portal = {
  title: (consumer: string) => `API keys of ${consumer}`,
  back: 'Go back',
  end: 'End session',
  loading: 'Your API keys',
  force: {
    until: 'Session until',
    may: (scopes: readonly string[]) =>
      scopes.length === 0 ? 'You may do nothing at the moment' : `You may ${listed.format(scopes)}`,
  },
  scopes: {
    'keys.read': 'see the keys',
    'keys.create': 'create keys',
    'keys.roll': 'roll keys',
    'keys.delete': 'revoke keys',
    'usage.read': 'see how much was called',
  },
  missing: (scopes: readonly string[]) =>
    `This session does not let you ${anyOf.format(scopes)}. Ask the people who sent you the link if you need that.`,
  plan: {
    title: (name: string) => `Plan ${name}`,
    text: 'So many requests you may send. What is beyond gets 429, and can be sent again after the seconds in Retry-After.',
    none: 'It limits nothing.',
    limit: (requests: number, per: string, scope: string) =>
      `${counted(requests, 'request')} per ${per}${scope === 'pipeline' ? ' to each API' : ' in all'}`,
  },
  start: {
    title: 'Your API keys',
    lead: 'You received a link to manage API keys: the secrets with which your software calls an API.',
    once: 'The link opens once, in this browser. It is not opened yet.',
    open: 'Open the portal',
    opened: (at: string) => `The portal is open until ${at}`,
    again: 'Try again',
    goOn: 'Go on with the open session',
  },
  refused: {
    opened: {
      title: 'This link was opened already',
      at: (at: string) => `It was opened on ${at}. Each link opens only once, in one browser.`,
      here: 'A session is open in this browser.',
      stranger:
        'If that was not you, another person may manage your keys. Tell the people who sent you the link at once, so that they can end the session.',
    },
    expired: {
      title: 'This link has expired',
      at: (at: string) => `It could be opened until ${at}. Ask the people who sent it for a new one.`,
    },
    withdrawn: {
      title: 'This link was withdrawn',
      at: (at: string) => `It ended on ${at}. Ask the people who sent it for a new one.`,
    },
    wrong: {
      title: 'This link does not work',
      text: 'Part of it may be missing or changed, or the people who sent it may no longer open portals.',
      next: 'Copy the whole link into the address bar. If it does not work then, ask for a new one.',
    },
    off: {
      title: 'Your access is switched off',
      text: 'The link was not opened, and you can still use it.',
      next: 'Ask the people who sent it to switch your access on, then try again.',
    },
    elsewhere: {
      title: 'The portal does not work from your network',
      text: 'The link was not opened, and you can still use it from another network.',
      next: 'Go to the network that it is meant for, then try again.',
    },
    unreachable: {
      title: 'The server did not answer',
      text: 'It is not known whether the link was opened.',
      next: 'Check your connection, then try again.',
    },
    busy: {
      title: 'Too many attempts',
      text: 'Too many links were tried from your network. The link was not opened.',
      next: 'Wait for a minute, then try again.',
    },
  },
  ended: {
    titles: { ended: 'The session has ended', none: 'No session is open' },
    left: 'You ended it. Ask the people who sent you the link for a new one when you need it again.',
  },
  keys: {
    title: 'Keys',
    create: 'Create key',
    count: (keys: number) => counted(keys, 'key'),
    hidden: 'This session does not show the keys',
    hiddenText: 'Ask the people who sent you the link if you need to see them.',
    none: 'No key yet',
    noneText:
      'A key lets your software call the API. Create one for each system, so that you can replace each alone.',
    noneCreated: 'A key lets your software call the API. Ask the people who sent you the link for one.',
    columns: {
      name: 'Name',
      hint: 'Hint',
      state: 'State',
      freshness: 'Freshness',
      created: 'Created',
      lastUsed: 'Last used',
      ends: 'Ends',
    },
    rest: (hint: string, lastUsed: string) => `${hint} · ${lastUsed}`,
    properties: 'Properties',
    lifetime: 'Secret ends',
    requests: 'Requests',
    roll: 'Roll…',
    revoke: 'Revoke…',
  },
  create: {
    title: 'Create a key',
    name: 'Name',
    nameHint: 'For people to read, such as the system that will use it.',
    effect: 'The token is shown once. The key may call what is listed under “How to call”.',
    submit: 'Create key',
  },
  revoke: {
    title: (name: string) => `Revoke ${name}?`,
    text: 'All its tokens stop working at once, and every call with them is refused. It cannot be undone.',
    used: (at: string) => `It was last used ${at}.`,
    submit: 'Revoke key',
    done: (name: string) => `${name} is revoked`,
    refused: (receipt: Receipt) => receipts.confirmed('Refused', receipt),
  },
  token: {
    label: 'Token',
    once: 'Shown this once: it is stored only as a SHA-256, and cannot be read again. Store it before you close this.',
    guardTitle: 'Close without copying the token?',
    guardText: 'It cannot be shown again. The key stays; to get another token you would roll it.',
  },
  call: {
    title: 'How to call',
    pipeline: 'What to call',
    language: 'Language',
    languages: { curl: 'curl', javascript: 'JavaScript', python: 'Python' },
    lines: (language: string) => `A call with ${language}`,
    variables: (names: readonly string[]) =>
      names.length === 0
        ? 'It needs no credential.'
        : `Set ${listed.format(names)} in the environment of your program, never in its source.`,
    places: (names: readonly string[]) => `Replace ${listed.format(names)} by values of your own.`,
    methods: (methods: readonly string[]) => `Methods: ${methods.join(', ')}.`,
    none: 'Nothing can be called yet',
    noneText: 'No API that you may call is live. It will stand here with its address as soon as it is.',
  },
  usage: {
    title: 'Usage',
    period: 'Period',
    none: 'No request in this period',
    noneText: 'New requests appear after about a second.',
  },
}
