import type { Thing } from '../../data/edits/overtaken.ts'
import { listed } from '../../format/lists.ts'

const THINGS: Readonly<Record<Thing, string>> = {
  consumer: 'consumer',
  environment: 'environment',
  'external-key': 'external key',
  issuer: 'issuer',
  key: 'key',
  'key-age': 'policy',
  member: 'member',
  organization: 'organization',
  pipeline: 'pipeline',
  plan: 'plan',
  policy: 'policy',
  role: 'role',
  secret: 'secret',
  variable: 'variable',
  webhook: 'webhook',
}

/** What was changed by others while it was edited, or while a question about it was open. */
export const overtaken = {
  changed: (thing: Thing) => `Another person changed this ${THINGS[thing]} while you edited it.`,
  removed: (thing: Thing) => `Another person removed this ${THINGS[thing]} while you edited it.`,
  exists: (thing: Thing) => `There is a ${THINGS[thing]} with this name already.`,
  asked: (thing: Thing) => `Another person changed this ${THINGS[thing]} after you were asked.`,
  gone: (thing: Thing) => `Another person removed this ${THINGS[thing]} after you were asked.`,
  askedAgain: 'Nothing was done. Confirm again if you still want it.',
  saved: 'Nothing of yours was saved yet.',
  elsewhere: 'What changed is not in this form.',
  done: 'It is now as you wanted it. Nothing is left to save.',
  kept: 'If you save yours, the fields that you did not change keep the new state.',
  now: 'Now',
  was: 'Was',
  theirs: 'Theirs',
  yours: 'Yours',
  untouched: 'You did not change it.',
  none: 'None',
  yes: 'Yes',
  no: 'No',
  choose: 'Choose first how to go on after the change of the other person.',
  takeOver: 'Take over the new state',
  saveAnyway: 'Save mine anyway',
  replace: 'Replace it with mine',
  makeAnew: 'Add it anew',
  items: (added: readonly string[], removed: readonly string[]) =>
    [
      ...(added.length > 0 ? [`added ${listed(added)}`] : []),
      ...(removed.length > 0 ? [`removed ${listed(removed)}`] : []),
    ].join('; '),
}
