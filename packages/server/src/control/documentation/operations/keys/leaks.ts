import type { ResourceTexts } from '../operation-text.ts'

export const LEAKS: ResourceTexts = {
  tag: {
    name: 'Leaks',
    description:
      'A leak is a place in public where the secret of a key was found. By the choice of the organization, its owners are told, or the key is switched off too. Public keys may be published and are no leaks.',
  },
  operations: {
    listLeaks: {
      description:
        'Lists the leaks of the keys that you may read, newest first; of each key the newest 100. `stillLive` says which secrets still work. An answer never contains a token.',
      permissions: ['keys.read'],
      example: {},
    },
  },
}
