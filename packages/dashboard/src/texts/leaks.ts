import { counted } from '../format/numbers.ts'

/** The page of leaks. */
export const leaks = {
  title: 'Leaks',
  caption: 'Places where secrets of keys were found',
  force: {
    notify: 'A key whose secret is found in public goes on working; its owners are told',
    'switch-off': 'A key whose secret is found in public is switched off; its owners are told',
    rule: 'GitHub’s reports count if they are signed and have the whole secret',
  },
  columns: { key: 'Key', place: 'Found at', secret: 'Secret', done: 'Reaction', found: 'Reported' },
  foundBy: { github: 'by GitHub' },
  unknownPlace: 'The report names no place',
  states: { works: 'Still works', ended: 'Ended' },
  done: {
    switchedOff: 'Key switched off',
    leftOn: 'Key left on',
    ended: 'Nothing, it had ended',
  },
  filters: { key: 'Key' },
  loaded: (places: number, isAll: boolean) =>
    `${counted(places, 'place')}${isAll ? '' : ' so far'}. The newest 100 of each key are kept.`,
  empty: {
    title: 'No leak reported',
    text: 'When GitHub finds the secret of a key in a public repository, package, issue or gist, the place appears here. You can also look for secrets yourself, before others find them.',
    filteredTitle: 'No leak fits',
    filteredText: 'None was reported for this key or environment.',
    clear: 'Show all leaks',
  },
  find: {
    title: 'Find leaks',
    scan: {
      title: 'Scan your files and repositories',
      text: 'In the folder of Sallyport, with the token of a key that has the role auditor. The scan reads whole git histories, and says there, in your shell, which keys still work. A token never leaves your machine.',
      command: (origin: string) => `export SALLYPORT_TOKEN=…\nnpm run -s scan -- --server ${origin} PATH`,
    },
    gitHub: {
      title: 'Let GitHub report them',
      text: 'Join GitHub’s secret scanning partner program with the pattern of scanning/gitleaks.toml and this address:',
      address: 'The address for GitHub',
      operator: 'The operator of this server then sets the keys that GitHub signs with, and starts it again:',
      setting: 'The setting with GitHub’s keys',
      command: 'SALLYPORT_GITHUB_KEYS="$(curl -s https://api.github.com/meta/public_keys/secret_scanning)"',
      told: 'A server of yours hears of each leak by the event key.leaked:',
      webhook: 'Create a webhook',
    },
  },
  next: {
    title: 'What to do',
    works: {
      title: 'Everyone who sees this place can use the key',
      text: 'Roll the key, change its callers to the new token, and finish the roll. If no caller needs it, let the old token end at once.',
    },
    rolling: {
      title: 'The secret works until the roll is finished',
      text: 'Change the remaining callers to the new token, then finish the roll in the details of the key.',
    },
    inactive: {
      title: 'The key is switched off',
      text: 'It cannot be rolled while it is off. Create a new key for its callers, and delete this one.',
    },
    ended: {
      title: 'The secret does not work any more',
      text: 'The place can stay as it is.',
    },
  },
  facts: {
    title: 'Properties',
    place: 'Found at',
    found: 'Reported',
    secret: 'Secret',
    noSecret: 'Removed since',
    done: 'Reaction',
    key: 'Key',
  },
  places: {
    title: 'All places of this key',
    many: (places: number) => counted(places, 'place'),
  },
  actions: {
    roll: 'Roll…',
    switchOff: 'Switch off…',
    open: 'Open key',
    remove: 'Delete…',
  },
  gone: {
    title: 'No such leak',
    text: 'It is no longer kept, or it is of a key that you may not read.',
  },
  reaction: {
    open: 'When a secret is found…',
    title: 'What happens when a secret is found?',
    legend: 'A key whose working secret is found in public',
    choices: {
      notify: {
        name: 'Goes on working',
        text: 'Its callers do not stop. Its owners are told and end the secret themselves.',
      },
      'switch-off': {
        name: 'Is switched off',
        text: 'Each call with it is refused at once. The last owner key of the organization stays on.',
      },
    },
    effect:
      'It holds for what is found from now on. In both cases the audit log, webhooks and mails tell of it.',
    submit: 'Save',
    done: {
      notify: 'Keys whose secrets are found go on working',
      'switch-off': 'Keys whose secrets are found are switched off',
    },
  },
}
